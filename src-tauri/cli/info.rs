//! `fotonovela info`.

use std::path::PathBuf;

use clap::Args;
use fotonovela_core::error::Result;
use fotonovela_core::library::FileInfo;
use fotonovela_core::types::{DateSource, PhotoDetail, PhotoFile, PhotoId, Role};
use serde::Serialize;

use super::{Arguments, absolute, known, lossy, open, print, print_json};
use crate::texts::Texts;

#[derive(Debug, Args)]
pub(crate) struct Info {
    /// Files, of the library or not.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
}

#[derive(Debug, Serialize)]
struct Report {
    photos: Vec<Told>,
}

/// What is known of one file. What is not known is null.
#[derive(Debug, Default, Serialize)]
struct Told {
    #[serde(serialize_with = "lossy")]
    path: PathBuf,
    id: Option<PhotoId>,
    format: Option<String>,
    width: Option<u32>,
    height: Option<u32>,
    taken_at: Option<String>,
    zone: Option<String>,
    date_source: Option<DateSource>,
    camera: Option<String>,
    lens: Option<String>,
    exposure_s: Option<f64>,
    aperture: Option<f64>,
    iso: Option<u32>,
    focal_mm: Option<f64>,
    latitude: Option<f64>,
    longitude: Option<f64>,
    rating: Option<i8>,
    keywords: Vec<String>,
    description: Option<String>,
    problem: Option<ToldProblem>,
    files: Vec<ToldFile>,
}

#[derive(Debug, Serialize)]
struct ToldProblem {
    code: String,
    message: String,
}

#[derive(Debug, Serialize)]
struct ToldFile {
    #[serde(serialize_with = "lossy")]
    path: PathBuf,
    role: Role,
}

impl Info {
    pub(crate) fn run(&self, arguments: &Arguments) -> Result<()> {
        let asked = self.paths.iter().map(|path| absolute(path)).collect::<Result<Vec<_>>>()?;
        let places = self.paths.iter().map(|path| known(path)).collect::<Result<Vec<_>>>()?;
        let found = open(arguments)?.info(&places)?;
        let photos: Vec<_> = asked.into_iter().zip(found).map(|(path, found)| told(path, found)).collect();
        if arguments.json {
            print_json(&Report { photos });
        } else {
            let texts: Vec<_> = photos.iter().map(Told::lines).collect();
            print(&texts.join("\n\n"));
        }
        Ok(())
    }
}

fn told(path: PathBuf, found: FileInfo) -> Told {
    let FileInfo { id, photo, problem } = found;
    let texts = Texts::of_environment();
    let problem = problem.map(|reason| ToldProblem { message: texts.sentence(&reason), code: reason.code });
    match photo {
        Some(photo) => Told { path, id, problem, ..of_photo(photo) },
        None => Told { path, id, problem, ..Told::default() },
    }
}

fn of_photo(photo: PhotoDetail) -> Told {
    let PhotoDetail { tile, exposure, gps, .. } = photo;
    Told {
        format: Some(photo.format),
        width: Some(tile.width),
        height: Some(tile.height),
        taken_at: clock(tile.taken_at),
        zone: photo.zone.map(zone),
        date_source: Some(photo.date_source),
        camera: photo.camera,
        lens: photo.lens,
        exposure_s: exposure.seconds,
        aperture: exposure.aperture,
        iso: exposure.iso,
        focal_mm: exposure.focal_mm,
        latitude: gps.map(|gps| gps.latitude),
        longitude: gps.map(|gps| gps.longitude),
        rating: photo.rating,
        keywords: photo.keywords,
        description: photo.description,
        files: photo
            .files
            .into_iter()
            .map(|PhotoFile { path, role, .. }| ToldFile { path, role })
            .chain(photo.copies.into_iter().map(|path| ToldFile { path, role: Role::Photo }))
            .collect(),
        ..Told::default()
    }
}

/// `2013-03-04T05:06:07.25`, of milliseconds as if in UTC.
fn clock(milliseconds: i64) -> Option<String> {
    let moment = jiff::Timestamp::from_millisecond(milliseconds).ok()?;
    Some(moment.to_zoned(jiff::tz::TimeZone::UTC).datetime().to_string())
}

/// `+02:00`, of minutes ahead of UTC.
fn zone(minutes: i16) -> String {
    let (sign, minutes) = (if minutes < 0 { '-' } else { '+' }, minutes.unsigned_abs());
    format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

impl Told {
    /// What is known, a line each, without what is not.
    fn lines(&self) -> String {
        let size = self.width.zip(self.height).map(|(width, height)| format!("{width} x {height}"));
        let date = self.taken_at.as_ref().map(|taken| self.date(taken));
        let place = self.latitude.zip(self.longitude).map(|(north, east)| format!("{north:.5}, {east:.5}"));
        let files = self.files.iter().skip(1).map(|file| file.path.display().to_string());
        let files: Vec<_> = files.collect();
        let joined = |texts: &[String]| Some(texts.join(", ")).filter(|text| !text.is_empty());
        let facts = [
            ("format", joined(&[self.format.clone(), size].into_iter().flatten().collect::<Vec<_>>())),
            ("taken", date),
            (
                "camera",
                joined(&[&self.camera, &self.lens].into_iter().flatten().cloned().collect::<Vec<_>>()),
            ),
            ("exposure", joined(&self.exposure())),
            ("place", place),
            ("rating", self.rating.map(|rating| rating.to_string())),
            ("keywords", joined(&self.keywords)),
            ("description", self.description.clone()),
            ("beside it", joined(&files)),
            ("problem", self.problem.as_ref().map(|problem| problem.message.clone())),
        ];
        let facts = facts.into_iter().filter_map(|(name, text)| Some(format!("  {name}: {}", text?)));
        std::iter::once(self.path.display().to_string()).chain(facts).collect::<Vec<_>>().join("\n")
    }

    fn date(&self, taken: &str) -> String {
        let source = self.date_source.filter(|source| *source != DateSource::Exif);
        let source = source.map(|source| format!(" (by {source:?})").to_lowercase()).unwrap_or_default();
        let zone = self.zone.as_ref().map(|zone| format!(" {zone}")).unwrap_or_default();
        format!("{}{zone}{source}", taken.replace('T', " "))
    }

    fn exposure(&self) -> Vec<String> {
        let seconds = self.exposure_s.map(|seconds| match seconds {
            _ if seconds < 0.4 => format!("1/{:.0} s", 1.0 / seconds),
            _ => format!("{seconds} s"),
        });
        let aperture = self.aperture.map(|aperture| format!("f/{aperture:.1}"));
        let focal = self.focal_mm.map(|millimetres| format!("{millimetres} mm"));
        let iso = self.iso.map(|iso| format!("ISO {iso}"));
        [seconds, aperture, focal, iso].into_iter().flatten().collect()
    }
}
