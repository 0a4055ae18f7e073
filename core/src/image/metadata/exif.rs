//! What the camera wrote: orientation, date and zone, camera, lens, exposure, place.

use std::io::Cursor;

use exif::{Exif, In, Tag, Value};
use jiff::civil;

use super::values::{as_if_utc, camera, clean, positive, taken, zone};
use crate::image::exif_block;
use crate::pixels::Orientation;
use crate::types::{DateSource, Exposure, Facts, Gps, Taken};

/// The dates that cameras write, the best first, each with the tag of its zone.
const DATES: [(Tag, Tag); 3] = [
    (Tag::DateTimeOriginal, Tag::OffsetTimeOriginal),
    (Tag::DateTimeDigitized, Tag::OffsetTimeDigitized),
    (Tag::DateTime, Tag::OffsetTime),
];

/// Reads the EXIF data of a file; `None` without such.
pub(super) fn read(bytes: &[u8]) -> Option<(Orientation, Facts)> {
    let exif = parse(bytes)?;
    let facts = Facts {
        taken: DATES.into_iter().find_map(|(tag, offset)| date(&exif, tag, offset)),
        camera: camera(text(&exif, Tag::Make), text(&exif, Tag::Model)),
        lens: text(&exif, Tag::LensModel),
        exposure: exposure(&exif),
        gps: gps(&exif),
        ..Facts::default()
    };
    Some((orientation(&exif), facts))
}

/// Whether a photo without a profile says in its EXIF data that it is in Adobe RGB, in the way of "Design rule for
/// Camera File system" (colour space unknown and interoperability `R03`) or in the plainer one of some cameras.
pub(in crate::image) fn names_adobe_rgb(bytes: &[u8]) -> bool {
    let Some(exif) = parse(bytes) else { return false };
    let value = exif.get_field(Tag::ColorSpace, In::PRIMARY).and_then(|field| field.value.get_uint(0));
    match value {
        Some(2) => true,
        Some(0xFFFF) => text(&exif, Tag::InteroperabilityIndex).as_deref() == Some("R03"),
        _ => false,
    }
}

pub(super) fn parse(bytes: &[u8]) -> Option<Exif> {
    // Strict reading drops everything on one bad link, which real files have (a thumbnail directory cut short).
    let mut reader = exif::Reader::new();
    reader.continue_on_error(true);
    match exif_block(bytes) {
        Some(tiff) => reader.read_raw(tiff.into_owned()),
        None => reader.read_from_container(&mut Cursor::new(bytes)),
    }
    .or_else(|error| error.distill_partial_result(|_| {}))
    .ok()
}

pub(super) fn orientation(exif: &Exif) -> Orientation {
    let value = exif.get_field(Tag::Orientation, In::PRIMARY).and_then(|field| field.value.get_uint(0));
    Orientation::from_exif(value.unwrap_or(1))
}

fn text(exif: &Exif, tag: Tag) -> Option<String> {
    let field = exif.get_field(tag, In::PRIMARY)?;
    let Value::Ascii(parts) = &field.value else { return None };
    clean(&String::from_utf8_lossy(parts.first()?))
}

fn number(exif: &Exif, tag: Tag) -> Option<f64> {
    let Value::Rational(parts) = &exif.get_field(tag, In::PRIMARY)?.value else { return None };
    positive(parts.first()?.to_f64())
}

fn date(exif: &Exif, tag: Tag, offset: Tag) -> Option<Taken> {
    let parsed = exif::DateTime::from_ascii(text(exif, tag)?.as_bytes()).ok()?;
    let part = |value: u8| i8::try_from(value).ok();
    let wall_clock = civil::DateTime::new(
        i16::try_from(parsed.year).ok()?,
        part(parsed.month)?,
        part(parsed.day)?,
        part(parsed.hour)?,
        part(parsed.minute)?,
        part(parsed.second)?,
        0,
    )
    .ok()?;
    let written = text(exif, offset).and_then(|text| zone(&text));
    taken(wall_clock, written.or_else(|| zone_by_satellite(exif, wall_clock)), DateSource::Exif)
}

/// Satellites give UTC: the wall clock is a whole number of quarters of an hour ahead of it or behind, if the two were
/// written together.
fn zone_by_satellite(exif: &Exif, wall_clock: civil::DateTime) -> Option<i16> {
    let date = text(exif, Tag::GPSDateStamp)?;
    let date = exif::DateTime::from_ascii(format!("{date} 00:00:00").as_bytes()).ok()?;
    let day = civil::DateTime::new(
        i16::try_from(date.year).ok()?,
        i8::try_from(date.month).ok()?,
        i8::try_from(date.day).ok()?,
        0,
        0,
        0,
        0,
    );
    let Value::Rational(time) = &exif.get_field(Tag::GPSTimeStamp, In::PRIMARY)?.value else { return None };
    let [hours, minutes, seconds] = time.as_slice() else { return None };
    let time = hours.to_f64() * 60.0 + minutes.to_f64() + seconds.to_f64() / 60.0;
    let day = as_if_utc(day.ok()?)?;
    let ahead = (as_if_utc(wall_clock)? - day) as f64 / 60_000.0 - time;
    let quarters = (ahead / 15.0).round();
    let is_real = (ahead - quarters * 15.0).abs() < 2.0 && quarters.abs() <= 56.0;
    is_real.then_some((quarters * 15.0) as i16)
}

fn exposure(exif: &Exif) -> Exposure {
    let iso =
        exif.get_field(Tag::PhotographicSensitivity, In::PRIMARY).and_then(|field| field.value.get_uint(0));
    Exposure {
        seconds: number(exif, Tag::ExposureTime),
        aperture: number(exif, Tag::FNumber),
        iso: iso.filter(|iso| *iso > 0),
        focal_mm: number(exif, Tag::FocalLength),
    }
}

fn gps(exif: &Exif) -> Option<Gps> {
    Gps {
        latitude: degrees(exif, Tag::GPSLatitude, Tag::GPSLatitudeRef, "S")?,
        longitude: degrees(exif, Tag::GPSLongitude, Tag::GPSLongitudeRef, "W")?,
    }
    .on_earth()
}

fn degrees(exif: &Exif, tag: Tag, reference: Tag, negative: &str) -> Option<f64> {
    let Value::Rational(parts) = &exif.get_field(tag, In::PRIMARY)?.value else { return None };
    let [degrees, minutes, seconds] = parts.as_slice() else { return None };
    let value = degrees.to_f64() + minutes.to_f64() / 60.0 + seconds.to_f64() / 3600.0;
    let sign = if text(exif, reference).as_deref() == Some(negative) { -1.0 } else { 1.0 };
    value.is_finite().then_some(sign * value)
}
