//! Dates in file names, as phones, messengers and screenshot tools write them.

use std::path::Path;
use std::sync::LazyLock;

use jiff::civil;
use regex_lite::{Captures, Regex};

use super::values::taken;
use crate::types::{DateSource, Taken};

/// A day, and perhaps a time behind it: `IMG_20240131_142233`, `PXL_20240131_142233123`, `2024-01-31 14.22.33`,
/// `Screenshot_2024-01-31-14-22-33`, `WhatsApp Image 2024-01-31 at 14.22.33`, `IMG-20240131-WA0001`.
static DATE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)
        (?:^|[^0-9])
        ((?:19|20)[0-9]{2}) ([-_.]?) ([0-9]{2}) ([-_.]?) ([0-9]{2})
        (?: (?:[-_.\x20T] | \x20at\x20 | _at_ ) ([0-9]{2}) [-_.:h]? ([0-9]{2}) [-_.:m]? ([0-9]{2}) (?:[0-9]{3})? (?:[^0-9]|$)
          | [^0-9] | $ )",
    )
    .expect("the pattern is valid")
});

/// The date in the name of a file, without a zone. A day without a time is its midnight.
pub(super) fn taken_by_name(path: &Path) -> Option<Taken> {
    let name = path.file_stem()?.to_string_lossy();
    let found = DATE.captures(&name)?;
    // Different separators around the month are a coincidence.
    if found[2] != found[4] {
        return None;
    }
    let day = civil::Date::new(number(&found, 1)?, small(&found, 3)?, small(&found, 5)?).ok()?;
    let time = civil::Time::new(
        small(&found, 6).unwrap_or(0),
        small(&found, 7).unwrap_or(0),
        small(&found, 8).unwrap_or(0),
        0,
    );
    taken(day.to_datetime(time.unwrap_or(civil::Time::MIN)), None, DateSource::Name)
}

fn number(found: &Captures<'_>, group: usize) -> Option<i16> {
    found.get(group)?.as_str().parse().ok()
}

fn small(found: &Captures<'_>, group: usize) -> Option<i8> {
    i8::try_from(number(found, group)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(name: &str) -> Option<String> {
        let taken = taken_by_name(Path::new(name))?;
        assert_eq!((taken.zone, taken.source), (None, DateSource::Name));
        let time = jiff::Timestamp::from_millisecond(taken.at).unwrap();
        Some(time.to_zoned(jiff::tz::TimeZone::UTC).strftime("%F %T").to_string())
    }

    #[test]
    fn names_of_phones_messengers_and_screenshots_tell_the_time() {
        for name in [
            "IMG_20240131_142233.jpg",
            "PXL_20240131_142233123.jpg",
            "PXL_20240131_142233123.MP.jpg",
            "20240131_142233.heic",
            "20240131_142233(0).jpg",
            "2024-01-31 14.22.33.png",
            "2024-01-31 14.22.33-1.png",
            "Screenshot_2024-01-31-14-22-33.png",
            "Screenshot_20240131-142233_Maps.png",
            "WhatsApp Image 2024-01-31 at 14.22.33.jpeg",
            "signal-2024-01-31-142233.jpg",
            "Photo 2024-01-31T14:22:33.jpg",
        ] {
            assert_eq!(told(name).as_deref(), Some("2024-01-31 14:22:33"), "{name}");
        }
    }

    #[test]
    fn a_day_alone_is_a_date_too() {
        for name in
            ["IMG-20240131-WA0001.jpg", "2024-01-31.jpg", "Cola 2024_01_31 in the snow.jpg", "x20240131.jpg"]
        {
            assert_eq!(told(name).as_deref(), Some("2024-01-31 00:00:00"), "{name}");
        }
    }

    #[test]
    fn other_numbers_are_no_dates() {
        for name in [
            "IMG_0423.jpg",
            "DSC01234.jpg",
            "IMG_20241331.jpg",
            "20240230_101010.jpg",
            "1706711553123.jpg",
            "120240131.jpg",
            "2024-0131.jpg",
            "2024.jpg",
            "20240131142.jpg",
            "",
            "🐕2024.jpg",
        ] {
            assert_eq!(told(name), None, "{name}");
        }
    }
}
