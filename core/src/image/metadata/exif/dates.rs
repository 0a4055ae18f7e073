//! When a picture was taken, by the camera's clock; and its zone, where that is written or satellites tell it.

use jiff::civil;

use super::fields::Fields;
use super::value::Value;
use crate::image::metadata::dates::{Written, fraction, parse};
use crate::image::metadata::values::{as_if_utc, taken};
use crate::image::metadata::zones;
use crate::types::{DateRank, DateSource, Taken};

const GPS_TIME: u16 = 0x07;
const GPS_DAY: u16 = 0x1D;
/// Hours ahead of UTC, of TIFF/EP.
const ZONE_IN_HOURS: u16 = 0x882A;

struct DateTags {
    date: u16,
    zone: u16,
    fraction: u16,
    rank: DateRank,
}

/// The dates that cameras write, the best first.
const DATES: [DateTags; 3] = [
    DateTags { date: 0x9003, zone: 0x9011, fraction: 0x9291, rank: DateRank::Original },
    DateTags { date: 0x9004, zone: 0x9012, fraction: 0x9292, rank: DateRank::Created },
    DateTags { date: 0x0132, zone: 0x9010, fraction: 0x9290, rank: DateRank::Changed },
];

/// The best date. Where there is none but that of the satellites, it counts, in UTC.
pub(super) fn date(fields: &Fields<'_>) -> Option<Taken> {
    DATES.iter().find_map(|tags| written(fields, tags)).or_else(|| by_satellites(fields))
}

fn written(fields: &Fields<'_>, tags: &DateTags) -> Option<Taken> {
    let Written { mut wall_clock, zone } = parse(&fields.get(tags.date)?.text()?)?;
    if wall_clock.subsec_nanosecond() == 0
        && let Some(nanoseconds) = fields.get(tags.fraction).and_then(digits).as_deref().and_then(fraction)
    {
        wall_clock = wall_clock.with().subsec_nanosecond(nanoseconds).build().ok()?;
    }
    let told = || zones::parse(&fields.get(tags.zone)?.text()?);
    let in_hours = || fields.number(ZONE_IN_HOURS).and_then(|hours| zones::by_difference(hours * 60.0));
    let zone = zone.or_else(told).or_else(in_hours).or_else(|| zone_by_satellites(fields, wall_clock));
    taken(Written { wall_clock, zone }, tags.rank, DateSource::Exif)
}

/// The digits of a fraction, which some write as a number.
fn digits(value: Value<'_>) -> Option<String> {
    match value.text() {
        Some(text) => Some(text.into_owned()),
        None => value.numbers().next().filter(|number| *number >= 0.0).map(|number| number.to_string()),
    }
}

fn zone_by_satellites(fields: &Fields<'_>, wall_clock: civil::DateTime) -> Option<i16> {
    let (day, time) = (satellites_day(fields)?, satellites_minutes(fields)?);
    let ahead =
        (as_if_utc(wall_clock)? - as_if_utc(day.to_datetime(civil::Time::MIN))?) as f64 / 60_000.0 - time;
    zones::by_difference(ahead)
}

fn by_satellites(fields: &Fields<'_>) -> Option<Taken> {
    let day = satellites_day(fields)?.to_datetime(civil::Time::MIN);
    let minutes = satellites_minutes(fields);
    let since = jiff::SignedDuration::from_millis((minutes.unwrap_or(0.0) * 60_000.0).round() as i64);
    let wall_clock = day.checked_add(since).ok()?;
    taken(Written { wall_clock, zone: minutes.and(Some(0)) }, DateRank::Changed, DateSource::Exif)
}

fn satellites_day(fields: &Fields<'_>) -> Option<civil::Date> {
    Some(parse(&fields.gps(GPS_DAY)?.text()?)?.wall_clock.date())
}

/// Minutes since midnight in UTC.
fn satellites_minutes(fields: &Fields<'_>) -> Option<f64> {
    let value = fields.gps(GPS_TIME)?;
    let parts: Vec<f64> = match value.text() {
        Some(text) => text.split(':').filter_map(|part| part.trim().parse().ok()).collect(),
        None => value.numbers().collect(),
    };
    let [hours, minutes, seconds] = parts[..] else { return None };
    let total = hours * 60.0 + minutes + seconds / 60.0;
    (0.0..=1441.0).contains(&total).then_some(total)
}
