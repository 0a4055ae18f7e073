//! What files tell about a photo, and what of it wins when several files say so.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A place on earth, in degrees.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "bindings.ts")]
pub struct Gps {
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
}

impl Gps {
    /// Itself, if there is such a place. Zero degrees twice is what devices write that do not know.
    pub fn on_earth(self) -> Option<Self> {
        let Self { latitude, longitude } = self;
        let is_real =
            latitude.abs() <= 90.0 && longitude.abs() <= 180.0 && (latitude, longitude) != (0.0, 0.0);
        is_real.then_some(self)
    }
}

/// Where the date of a photo comes from, the best source first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "bindings.ts")]
pub enum DateSource {
    /// Written by the camera.
    Exif,
    /// XMP, in the photo or in a file beside it.
    Xmp,
    /// IPTC data sets in the photo.
    Iptc,
    /// A text in the photo, as PNG has them.
    Text,
    /// What Google Photos exported beside it.
    Takeout,
    /// The name of the file.
    Name,
    /// The time of the file's last change.
    File,
}

/// What a date is the date of, the truest first. Of two that differ, this decides before where they come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateRank {
    /// The picture, as a person set it beside the photo.
    Set,
    /// The picture.
    #[default]
    Original,
    /// This form of the picture: a scan, or the moment at which it was stored.
    Created,
    /// The last change that a program noted, or a satellites' day.
    Changed,
    /// The file: its name or its time.
    File,
}

/// When a photo was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// Wall clock in milliseconds since 1970, as if it were UTC.
    pub at: i64,
    /// Minutes that the wall clock was ahead of UTC, where known.
    pub zone: Option<i16>,
    /// Where this comes from.
    pub source: DateSource,
    /// What it is the date of.
    #[serde(default)]
    pub rank: DateRank,
}

impl Taken {
    /// Itself, with what another source of the same second knows better: the part of the second, the zone.
    fn refined_by(self, other: Self) -> Self {
        let (second, others) = (self.at.div_euclid(1000), other.at.div_euclid(1000));
        if second != others {
            return self;
        }
        let at = if self.at % 1000 == 0 { other.at } else { self.at };
        Self { at, zone: self.zone.or(other.zone), ..self }
    }
}

/// How a photo was exposed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "bindings.ts")]
pub struct Exposure {
    /// Time in seconds.
    pub seconds: Option<f64>,
    /// The f-number.
    pub aperture: Option<f64>,
    /// Sensitivity by ISO.
    pub iso: Option<u32>,
    /// Focal length of the lens in millimetres.
    pub focal_mm: Option<f64>,
}

/// What one file says about its photo. All may be missing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    /// When it was taken.
    pub taken: Option<Taken>,
    /// Maker and model of the camera.
    pub camera: Option<String>,
    /// Model of the lens.
    pub lens: Option<String>,
    /// How it was exposed.
    pub exposure: Exposure,
    /// Where it was taken.
    pub gps: Option<Gps>,
    /// Stars from 0 to 5; -1: rejected.
    pub rating: Option<i8>,
    /// Keywords as they were written.
    pub keywords: Vec<String>,
    /// What a person wrote below it.
    #[serde(default)]
    pub description: Option<String>,
}

impl Facts {
    /// Fills what is missing from `other`. The date is the truer one, then the one of the better source, then that of
    /// `self`.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        let (own, others) = (self.exposure, other.exposure);
        Self {
            taken: truer(self.taken, other.taken),
            camera: self.camera.or(other.camera),
            lens: self.lens.or(other.lens),
            exposure: Exposure {
                seconds: own.seconds.or(others.seconds),
                aperture: own.aperture.or(others.aperture),
                iso: own.iso.or(others.iso),
                focal_mm: own.focal_mm.or(others.focal_mm),
            },
            gps: self.gps.or(other.gps),
            rating: self.rating.or(other.rating),
            keywords: if self.keywords.is_empty() { other.keywords } else { self.keywords },
            description: self.description.or(other.description),
        }
    }

    /// [`Self::or`] with what a sidecar says: what people set there (date, place, rating, keywords, description) is newer
    /// than what lies in the photo.
    #[must_use]
    pub fn or_sidecar(self, sidecar: Self) -> Self {
        let set = Self { camera: None, lens: None, exposure: Exposure::default(), ..sidecar.clone() };
        set.or(self).or(sidecar)
    }

    /// [`Self::or`] with what Google Photos exported: people are added to the keywords, and what was written there counts
    /// before what the camera's file had.
    #[must_use]
    pub fn or_takeout(self, takeout: Self) -> Self {
        let mut keywords = self.keywords.clone();
        keywords.extend(takeout.keywords.iter().filter(|person| !self.keywords.contains(person)).cloned());
        keywords.truncate(MAX_KEYWORDS);
        let description = takeout.description.clone().or_else(|| self.description.clone());
        Self { keywords, description, ..self.or(takeout) }
    }
}

/// At least as many as each source may name.
const MAX_KEYWORDS: usize = 500;

fn truer(one: Option<Taken>, other: Option<Taken>) -> Option<Taken> {
    let (Some(one), Some(other)) = (one, other) else { return one.or(other) };
    let is_truer = (other.rank, other.source) < (one.rank, one.source);
    Some(if is_truer { other.refined_by(one) } else { one.refined_by(other) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(at: i64, source: DateSource) -> Option<Taken> {
        ranked(at, source, DateRank::Original)
    }

    fn ranked(at: i64, source: DateSource, rank: DateRank) -> Option<Taken> {
        Some(Taken { at: at * 1000, zone: None, source, rank })
    }

    #[test]
    fn what_a_date_is_of_counts_before_where_it_stands() {
        use DateRank::{Changed, Created, File, Original, Set};
        let dates = [
            ranked(1, DateSource::Xmp, Set),
            ranked(2, DateSource::Exif, Original),
            ranked(3, DateSource::Xmp, Original),
            ranked(4, DateSource::Iptc, Original),
            ranked(5, DateSource::Exif, Created),
            ranked(6, DateSource::Text, Created),
            ranked(7, DateSource::Exif, Changed),
            ranked(8, DateSource::Name, File),
            ranked(9, DateSource::File, File),
        ]
        .map(|taken| Facts { taken, ..Facts::default() });
        for pair in dates.windows(2) {
            let (better, worse) = (pair[0].clone(), pair[1].clone());
            for told in [
                better.clone().or(worse.clone()),
                worse.clone().or(better.clone()),
                better.clone().or_sidecar(worse.clone()),
                worse.or_sidecar(better.clone()),
            ] {
                assert_eq!(told.taken, better.taken);
            }
        }
    }

    #[test]
    fn another_source_of_the_same_second_adds_its_part_and_the_zone() {
        let exif = Taken { at: 5_000, zone: None, source: DateSource::Exif, rank: DateRank::Original };
        let xmp = Taken { at: 5_250, zone: Some(120), source: DateSource::Xmp, rank: DateRank::Created };
        assert_eq!(truer(Some(xmp), Some(exif)), Some(Taken { at: 5_250, zone: Some(120), ..exif }));
        let later = Taken { at: 6_250, ..xmp };
        assert_eq!(truer(Some(exif), Some(later)), Some(exif));
    }

    #[test]
    fn the_date_comes_from_exif_then_xmp_then_the_name_then_the_time_of_the_file() {
        use DateSource::{Exif, File, Name, Xmp};
        for (better, worse) in [(Exif, Xmp), (Xmp, Name), (Name, File)] {
            let a = Facts { taken: taken(1, better), ..Facts::default() };
            let b = Facts { taken: taken(2, worse), ..Facts::default() };
            assert_eq!(a.clone().or(b.clone()).taken, a.taken);
            assert_eq!(b.clone().or(a.clone()).taken, a.taken);
            assert_eq!(b.clone().or_sidecar(a.clone()).taken, a.taken);
            assert_eq!(a.clone().or_sidecar(b).taken, a.taken);
        }
    }

    #[test]
    fn what_google_exported_adds_people_and_fills_the_rest() {
        let photo = Facts {
            taken: taken(1, DateSource::Exif),
            keywords: vec!["sea".into(), "Ann".into()],
            gps: Some(Gps { latitude: 1.0, longitude: 2.0 }),
            ..Facts::default()
        };
        let takeout = Facts {
            taken: taken(9, DateSource::Takeout),
            keywords: vec!["Ann".into(), "Bob".into()],
            gps: Some(Gps { latitude: 3.0, longitude: 4.0 }),
            description: Some("At sea".into()),
            ..Facts::default()
        };
        let both = photo.clone().or_takeout(takeout.clone());
        assert_eq!((both.taken, both.gps), (photo.taken, photo.gps));
        assert_eq!(both.keywords, ["sea", "Ann", "Bob"]);
        assert_eq!(both.description.as_deref(), Some("At sea"));
        let scan = Facts { taken: ranked(1, DateSource::Exif, DateRank::Changed), ..Facts::default() };
        assert_eq!(scan.or_takeout(takeout.clone()).taken, takeout.taken);
    }

    #[test]
    fn a_sidecar_wins_in_what_people_set_and_fills_the_rest() {
        let photo = Facts {
            taken: taken(1, DateSource::Xmp),
            camera: Some("Canon".into()),
            rating: Some(1),
            keywords: vec!["old".into()],
            ..Facts::default()
        };
        let sidecar = Facts {
            taken: taken(2, DateSource::Xmp),
            camera: Some("CANON".into()),
            lens: Some("50 mm".into()),
            rating: Some(5),
            ..Facts::default()
        };
        let both = photo.or_sidecar(sidecar);
        assert_eq!((both.taken, both.rating), (taken(2, DateSource::Xmp), Some(5)));
        assert_eq!((both.camera.as_deref(), both.lens.as_deref()), (Some("Canon"), Some("50 mm")));
        assert_eq!(both.keywords, ["old"], "a sidecar without keywords says nothing about them");
    }
}
