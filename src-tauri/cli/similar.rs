//! `fotonovela similar`.

use std::path::{Path, PathBuf};

use clap::Args;
use fotonovela_core::error::{Error, Result};
use fotonovela_core::library::Library;
use fotonovela_core::types::{Area, Example, PhotoQuery, Similar as Found, SimilarPhoto, SimilarQuery};
use serde::Serialize;

use super::among::Among;
use super::{Arguments, absolute, lossy, open, photos_at, print, print_json, print_note};
use crate::texts::Texts;

#[derive(Debug, Args)]
pub(crate) struct Similar {
    /// The picture to compare with, of the library or not.
    image: PathBuf,
    /// How many photos to answer.
    #[arg(short, default_value_t = 6)]
    k: u32,
    /// Photos with a part like this part of the picture: left and top edge, width and height as fractions of the upright
    /// picture, such as 0.25,0.1,0.5,0.4.
    #[arg(long = "box", value_name = "X,Y,W,H", value_parser = area)]
    area: Option<Area>,
    /// What similar means, from 0, looks like the picture, to 1, shows the same kind of thing; both, if not given.
    #[arg(long, value_name = "0..1", value_parser = share)]
    kind: Option<f32>,
    /// Photos of the library that the answers shall be like too; can be given several times.
    #[arg(long, value_name = "PHOTO", conflicts_with = "area")]
    also: Vec<PathBuf>,
    /// Photos of the library that the answers shall be unlike; can be given several times.
    #[arg(long, value_name = "PHOTO", conflicts_with = "area")]
    not: Vec<PathBuf>,
    #[command(flatten)]
    among: Among,
}

/// The answer: best first.
#[derive(Debug, Serialize)]
struct Report {
    #[serde(serialize_with = "lossy")]
    query: PathBuf,
    results: Vec<SimilarPhoto>,
    /// What the person should know about the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    notice: Option<String>,
}

impl Similar {
    /// What is looked for: like the picture, or like and unlike several photos.
    fn what(&self, library: &Library, query: &Path) -> Result<SimilarQuery> {
        if self.also.is_empty() && self.not.is_empty() {
            return library.query_of_file(query);
        }
        let wanted = [&[query.to_owned()], self.also.as_slice()].concat();
        let weighted = |paths: &[PathBuf], weight| -> Result<Vec<Example>> {
            Ok(photos_at(library, paths)?.into_iter().map(|id| Example { id, weight }).collect())
        };
        let photos = [weighted(&wanted, 1.0)?, weighted(&self.not, -1.0)?].concat();
        Ok(SimilarQuery::Examples { photos })
    }

    pub(crate) fn run(&self, arguments: &Arguments) -> Result<()> {
        let query = absolute(&self.image)?;
        let query = query.canonicalize().map_err(|source| Error::Read { path: query, source })?;
        let library = open(arguments)?;
        let scope = self.among.scope(&library)?;
        let asked = PhotoQuery {
            area: self.area,
            kind: self.kind,
            ..PhotoQuery::like(self.what(&library, &query)?, scope, self.k)
        };
        let Found { photos, notice, .. } = library.similar(&asked)?;
        notice.iter().for_each(print_note);
        let notice = notice.map(|notice| Texts::of_environment().sentence(&notice));
        if arguments.json {
            print_json(&Report { query, results: photos, notice });
        } else {
            for photo in photos {
                print(&format!("{:.3}  {}", photo.score, photo.path.display()));
            }
        }
        Ok(())
    }
}

fn area(text: &str) -> std::result::Result<Area, String> {
    let numbers: Vec<f32> = text.split(',').filter_map(|number| number.trim().parse().ok()).collect();
    let [x, y, width, height] = numbers[..] else { return Err("four numbers are needed: X,Y,W,H".into()) };
    let area = Area { x, y, width, height };
    let count = text.split(',').count();
    (count == 4 && area.is_inside()).then_some(area).ok_or_else(|| {
        "it is not inside the picture: all four are fractions of it, between 0 and 1".to_owned()
    })
}

fn share(text: &str) -> std::result::Result<f32, String> {
    text.parse().ok().filter(|share| (0.0..=1.0).contains(share)).ok_or_else(|| "a number from 0 to 1".into())
}
