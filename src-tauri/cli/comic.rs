//! `fotonovela comic`.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use fotonovela_core::comic::providers::ROUTES;
use fotonovela_core::error::{Error, Result};
use fotonovela_core::library::Library;
use fotonovela_core::platform::files::export_durably;
use fotonovela_core::settings::Settings;
use fotonovela_core::types::{
    ComicId, ComicLayout, ComicPlan, ComicRequest, CostRange, FaultCode, Purpose, Quality, ReasonCode, Usage,
};
use serde::Serialize;

use super::out::ending;
use super::words::{Word, print_text};
use super::{Arguments, absolute, lossy, open, print_json, print_note};

#[derive(Debug, Args)]
pub(crate) struct Comic {
    /// 1 to 16 photos, of the library or not, in order.
    #[arg(required = true, value_name = "PHOTO")]
    photos: Vec<PathBuf>,
    /// The story.
    #[arg(long, value_name = "TEXT")]
    prompt: String,
    /// Where the comic is written, as PNG.
    #[arg(long, value_name = "FILE", value_parser = ending(&["png"]))]
    out: PathBuf,
    /// One picture instead of a page of four panels.
    #[arg(long)]
    single: bool,
    /// Width and height in pixels.
    #[arg(long, default_value = "1024x1536")]
    size: String,
    /// How carefully it is drawn.
    #[arg(long, value_enum, default_value_t)]
    quality: QualityArgument,
    /// How the service is asked. Default: by the host.
    #[arg(long, value_parser = ROUTES)]
    route: Option<String>,
    /// The model that draws. Default: the settings' model for finals.
    #[arg(long, value_name = "MODEL")]
    image_model: Option<String>,
    /// The model that reads the story on the responses route. Default: the settings'.
    #[arg(long, value_name = "MODEL")]
    text_model: Option<String>,
    /// The service, with its path, such as http://127.0.0.1:8080/v1. Default: the settings'.
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// Send nothing: write the pictures and the request's outline beside FILE.
    #[arg(long)]
    dry_run: bool,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum QualityArgument {
    Low,
    #[default]
    Medium,
    High,
}

/// The answer of a drawing.
#[derive(Debug, Serialize)]
struct Report {
    #[serde(serialize_with = "lossy")]
    out: PathBuf,
    model: String,
    usage: Option<Usage>,
    /// US dollars, from the service's count where it is known.
    estimated_cost: Option<f64>,
    /// `null` if the library could not take it.
    comic_id: Option<ComicId>,
}

/// The answer of a dry run.
#[derive(Debug, Serialize)]
struct DryReport {
    /// Folder with the pictures and `request.json`.
    #[serde(serialize_with = "lossy")]
    out: PathBuf,
    host: String,
    model: String,
    estimated_cost: Option<CostRange>,
}

impl Comic {
    pub(crate) fn run(&self, arguments: &Arguments) -> Result<()> {
        let library = open(arguments)?;
        let out = absolute(&self.out)?;
        check_folder(&out)?;
        let photos = self.photos.iter().map(|path| file(path)).collect::<Result<Vec<_>>>()?;
        let inputs: Vec<_> = photos.iter().map(PathBuf::as_path).collect();
        library.check_place(&out, &inputs)?;
        let request = ComicRequest {
            photos: Vec::new(),
            prompt: self.prompt.clone(),
            layout: if self.single { ComicLayout::Single } else { ComicLayout::FourPanels },
            purpose: Purpose::Final,
            size: self.size.clone(),
            quality: match self.quality {
                QualityArgument::Low => Quality::Low,
                QualityArgument::Medium => Quality::Medium,
                QualityArgument::High => Quality::High,
            },
            parent: None,
            route: self.route.clone(),
        };
        let settings = self.settings(library.settings());
        let plan = library.plan_comic_of_files(request, photos, &settings)?;
        if self.dry_run {
            dry_run(arguments, &library, &plan, &out)
        } else {
            draw(arguments, &library, plan, out)
        }
    }

    fn settings(&self, saved: Settings) -> Settings {
        Settings {
            base_url: self.base_url.clone().unwrap_or(saved.base_url),
            text_model: self.text_model.clone().unwrap_or(saved.text_model),
            final_model: self.image_model.clone().unwrap_or(saved.final_model),
            ..saved
        }
    }
}

/// A picture costs money: a folder that is not there must be found before it is drawn.
fn check_folder(out: &Path) -> Result<()> {
    let folder = out.parent().unwrap_or(Path::new("/"));
    if folder.is_dir() { Ok(()) } else { Err(Error::NotFound(FaultCode::PathNotFound.with("path", folder))) }
}

fn file(path: &Path) -> Result<PathBuf> {
    path.canonicalize().map_err(|source| Error::Read { path: path.to_owned(), source })
}

fn draw(arguments: &Arguments, library: &Library, plan: ComicPlan, out: PathBuf) -> Result<()> {
    let kept = library.draw_comic_now(plan.plan, &out)?;
    kept.note.iter().for_each(print_note);
    let average = |range: CostRange| f64::midpoint(range.low_usd, range.high_usd);
    let report = Report {
        out,
        model: plan.image_model,
        usage: kept.drawing.usage,
        estimated_cost: kept.cost_usd.or(plan.estimate.map(average)),
        comic_id: kept.version.map(|(comic, _)| comic),
    };
    if arguments.json {
        print_json(&report);
    } else {
        let drawn = Word::ComicDrawn.with("out", report.out.as_path()).with("model", report.model);
        print_text(&match report.estimated_cost {
            Some(cost) => drawn.with("cost", format!("{cost:.3}")),
            None => drawn,
        });
    }
    Ok(())
}

fn dry_run(arguments: &Arguments, library: &Library, plan: &ComicPlan, out: &Path) -> Result<()> {
    let folder = out.with_extension("dry-run");
    for (index, picture) in plan.pictures.iter().enumerate() {
        let bytes = library.planned_picture(plan.plan, index)?;
        write(library, &folder.join(&picture.name), &bytes)?;
    }
    let outline = library.comic_outline(plan.plan)?;
    let text = serde_json::to_string_pretty(&outline).expect("an outline is JSON");
    write(library, &folder.join("request.json"), text.as_bytes())?;
    let report = DryReport {
        out: folder,
        host: plan.host.clone(),
        model: plan.image_model.clone(),
        estimated_cost: plan.estimate,
    };
    if arguments.json {
        print_json(&report);
    } else {
        print_text(&Word::ComicNotSent.with("host", report.host).with("out", report.out.as_path()));
    }
    Ok(())
}

/// Writes a file of a dry run, which may replace that of an earlier one but no photo.
fn write(library: &Library, path: &Path, bytes: &[u8]) -> Result<()> {
    library.check_place(path, &[])?;
    export_durably(path, bytes)
}
