//! What Google Photos knows of a photo, as its export puts it beside the photo: a file of JSON.

use serde::Deserialize;

use super::values::{as_if_utc, clean, description};
use crate::types::{DateRank, DateSource, Facts, Gps, Taken};

/// Far more than the export writes.
pub const MAX_BYTES: usize = 1 << 20;
const MAX_PEOPLE: usize = 500;

/// What a file of the export says.
#[derive(Clone, Debug, PartialEq)]
pub struct Exported {
    /// The name that the photo had before the export.
    pub title: String,
    /// Date, place, description, and people as keywords.
    pub facts: Facts,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ExportedFile {
    title: String,
    photo_taken_time: ExportedMoment,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    geo_data: Option<ExportedPlace>,
    #[serde(default)]
    geo_data_exif: Option<ExportedPlace>,
    #[serde(default)]
    people: Vec<ExportedPerson>,
}

#[derive(Deserialize)]
struct ExportedMoment {
    /// Seconds since 1970, as text.
    timestamp: Timestamp,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Timestamp {
    Text(String),
    Number(i64),
}

#[derive(Deserialize)]
struct ExportedPlace {
    latitude: f64,
    longitude: f64,
}

#[derive(Deserialize)]
struct ExportedPerson {
    #[serde(default)]
    name: String,
}

/// Reads a file beside a photo. `None` for JSON of other programs, and for what the export says of albums.
pub fn exported(bytes: &[u8]) -> Option<Exported> {
    let file: ExportedFile =
        if bytes.len() <= MAX_BYTES { serde_json::from_slice(bytes).ok()? } else { return None };
    let place = |place: Option<ExportedPlace>| {
        place.and_then(|ExportedPlace { latitude, longitude }| Gps { latitude, longitude }.on_earth())
    };
    let facts = Facts {
        taken: taken(&file.photo_taken_time.timestamp),
        gps: place(file.geo_data).or(place(file.geo_data_exif)),
        keywords: file.people.iter().filter_map(|person| clean(&person.name)).take(MAX_PEOPLE).collect(),
        description: file.description.as_deref().and_then(description),
        ..Facts::default()
    };
    Some(Exported { title: file.title, facts })
}

/// The export tells the moment and not the wall clock: it is told on the clock of this computer.
fn taken(timestamp: &Timestamp) -> Option<Taken> {
    let seconds = match timestamp {
        Timestamp::Text(text) => text.parse().ok()?,
        Timestamp::Number(number) => *number,
    };
    let zoned = jiff::Timestamp::from_second(seconds).ok()?.to_zoned(jiff::tz::TimeZone::system());
    let zone = i16::try_from(zoned.offset().seconds() / 60).ok();
    Some(Taken {
        at: as_if_utc(zoned.datetime())?,
        zone,
        source: DateSource::Takeout,
        rank: DateRank::Original,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = r#"{
        "title": "IMG_1.jpg", "description": "At sea", "imageViews": "3",
        "creationTime": { "timestamp": "1700000000", "formatted": "14 Nov 2023, 22:13:20 UTC" },
        "photoTakenTime": { "timestamp": "1362373567", "formatted": "4 Mar 2013, 05:06:07 UTC" },
        "geoData": { "latitude": 0.0, "longitude": 0.0, "altitude": 0.0 },
        "geoDataExif": { "latitude": 40.42, "longitude": -3.7, "altitude": 0.0 },
        "people": [{ "name": "Ann" }, { "name": "Bob" }, {}], "favorited": true }"#;

    #[test]
    fn the_export_tells_date_place_description_and_people() {
        let Exported { title, facts } = exported(FILE.as_bytes()).unwrap();
        let moment = jiff::Timestamp::from_second(1_362_373_567).unwrap();
        let clock = moment.to_zoned(jiff::tz::TimeZone::system());
        let taken = facts.taken.unwrap();
        assert_eq!(Some(taken.at), as_if_utc(clock.datetime()));
        assert_eq!(taken.at / 60_000 - i64::from(taken.zone.unwrap()), moment.as_second() / 60);
        assert_eq!((taken.source, title.as_str()), (DateSource::Takeout, "IMG_1.jpg"));
        assert_eq!(facts.gps, Some(Gps { latitude: 40.42, longitude: -3.7 }));
        assert_eq!(
            (facts.description.as_deref(), facts.keywords),
            (Some("At sea"), vec!["Ann".to_owned(), "Bob".to_owned()])
        );
    }

    #[test]
    fn other_json_tells_nothing() {
        for other in
            ["", "{}", "[]", r#"{"title": "Album", "date": {"timestamp": "1"}}"#, r#"{"name": "package"}"#]
        {
            assert_eq!(exported(other.as_bytes()), None, "{other}");
        }
        let number = r#"{"title": "a.jpg", "photoTakenTime": {"timestamp": -86400}}"#;
        assert!(exported(number.as_bytes()).unwrap().facts.taken.unwrap().at < 0);
        let odd = r#"{"title": "a.jpg", "photoTakenTime": {"timestamp": "soon"}}"#;
        assert_eq!(exported(odd.as_bytes()).unwrap().facts, Facts::default());
        let deep = "[".repeat(MAX_BYTES);
        assert_eq!(exported(deep.as_bytes()), None);
    }
}
