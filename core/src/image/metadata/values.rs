//! Values as cameras and editors write them, made sure: text, zones, measures, dates.

use jiff::civil;

use crate::types::{DateSource, Taken};

/// More characters than any real name of a camera, lens or keyword has.
const MAX_TEXT: usize = 256;

/// Milliseconds since 1970 of a wall-clock time, as if it were UTC.
pub fn as_if_utc(wall_clock: civil::DateTime) -> Option<i64> {
    Some(wall_clock.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_millisecond())
}

pub(super) fn taken(wall_clock: civil::DateTime, zone: Option<i16>, source: DateSource) -> Option<Taken> {
    Some(Taken { at: as_if_utc(wall_clock)?, zone, source })
}

/// Text without what cannot be read; `None` when nothing is left.
pub(super) fn clean(text: &str) -> Option<String> {
    let readable: String = text.trim_matches([' ', '\0']).chars().filter(|c| !c.is_control()).collect();
    let text: String = readable.trim().chars().take(MAX_TEXT).collect();
    (!text.is_empty()).then_some(text)
}

/// Maker and model in one; some makers repeat their name in the model.
pub(super) fn camera(make: Option<String>, model: Option<String>) -> Option<String> {
    match (make, model) {
        (Some(make), Some(model)) if !model.to_lowercase().starts_with(&make.to_lowercase()) => {
            Some(format!("{make} {model}"))
        }
        (make, model) => model.or(make),
    }
}

/// A measure that can be true.
pub(super) fn positive(value: f64) -> Option<f64> {
    (value.is_finite() && value > 0.0 && value < 1e6).then_some(value)
}

/// Minutes ahead of UTC of `+02:00` or `Z`.
pub(super) fn zone(text: &str) -> Option<i16> {
    if text == "Z" {
        return Some(0);
    }
    let sign = match text.chars().next()? {
        '+' => 1,
        '-' => -1,
        _ => return None,
    };
    let (hours, minutes) = text[1..].split_once(':')?;
    let (hours, minutes): (i16, i16) = (hours.parse().ok()?, minutes.parse().ok()?);
    let is_real = (0..=14).contains(&hours) && (0..60).contains(&minutes);
    is_real.then_some(sign * (hours * 60 + minutes))
}
