//! Dates in file names, as phones, messengers and screenshot tools write them.

use std::path::Path;
use std::sync::LazyLock;

use jiff::civil;
use regex_lite::{Captures, Regex};

use super::dates::{Written, by_half};
use super::values::taken;
use crate::types::{DateRank, DateSource, Taken};

/// A day: `20240131`, `2024-01-31`, `2024_01_31`.
static DAY: LazyLock<Regex> =
    LazyLock::new(|| regex(r"(?:^|[^0-9])((?:19|20)[0-9]{2})([-_.]?)([0-9]{2})([-_.]?)([0-9]{2})"));

/// A time behind it with nothing or one character between, of two digits a part: `_142233`, `-14-22-33-123`, `T14:22:33`.
static TIME: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"^[-_.\sT,]?\s?([0-9]{2})[-_.:h]?([0-9]{2})[-_.:m]?([0-9]{2})(?:[0-9]{3})?s?(?:[^0-9]|$)")
});

/// A time of parts, with words between it and the day: `at 2.22.33 PM`, `um 14.22.33`, ` a las 2.22.33 p. m.`.
static TIME_IN_PARTS: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?x)^ [-_.,\s\u{a0}\u{202f}]* (?: [^0-9\s_.,-]{1,8} \.? [-_.\s\u{a0}\u{202f}]+ ){0,2}?
        (?: (上午|凌晨|早上|午前|오전) | (下午|晚上|午後|오후) )? \s?
        ([0-9]{1,2}) ([-_.:h]) ([0-9]{2}) (?: [-_.:m] ([0-9]{2}) )? s?
        (?: [\s\u{a0}\u{202f}_]* ([AaPp]) \.? [\s\u{a0}\u{202f}]* [Mm] | [^0-9] | $ )",
    )
});

/// Milliseconds since 1970 behind a word that is known to mean them: of WeChat, Facebook and some cameras.
static SINCE_1970: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)(?:^|[^a-z])(?:mmexport|micromsg|wx_camera|fb_img|img|image|photo|pic|screenshot)[-_.]?(1[0-9]{12})(?:[^0-9]|$)",
    )
});

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the pattern is valid")
}

/// The date in the name of a file, without a zone. A day without a time is its midnight.
pub(super) fn taken_by_name(path: &Path) -> Option<Taken> {
    let name = path.file_stem()?.to_string_lossy();
    let wall_clock = written(&name).or_else(|| since_1970(&name))?;
    taken(Written { wall_clock, zone: None }, DateRank::File, DateSource::Name)
}

/// The first day of the name that exists and stands by itself or before a time.
fn written(name: &str) -> Option<civil::DateTime> {
    DAY.captures_iter(name).find_map(|found| {
        // Different separators around the month are a coincidence.
        if found[2] != found[4] {
            return None;
        }
        let day = civil::Date::new(number(&found, 1)?, small(&found, 3)?, small(&found, 5)?).ok()?;
        let rest = &name[found.get(0)?.end()..];
        match time(rest) {
            Some(time) => Some(day.to_datetime(time)),
            None if rest.starts_with(|c: char| c.is_ascii_digit()) => None,
            None => Some(day.to_datetime(civil::Time::MIN)),
        }
    })
}

fn time(rest: &str) -> Option<civil::Time> {
    let by_parts = |found: &Captures<'_>| {
        let is_second = match (found.get(1), found.get(2), found.get(7)) {
            (Some(_), ..) => Some(false),
            (_, Some(_), _) => Some(true),
            (.., half) => half.map(|half| half.as_str().eq_ignore_ascii_case("p")),
        };
        let hour = u32::try_from(number(found, 3)?).ok()?;
        let hour = is_second.map_or(hour, |is_second| by_half(hour, is_second));
        // Hour and minute alone may be anything but with these.
        let is_clear = found.get(6).is_some() || is_second.is_some() || [".", ":", "h"].contains(&&found[4]);
        let second = small(found, 6).unwrap_or(0);
        if is_clear {
            civil::Time::new(i8::try_from(hour).ok()?, small(found, 5)?, second, 0).ok()
        } else {
            None
        }
    };
    let closely =
        |found: &Captures<'_>| civil::Time::new(small(found, 1)?, small(found, 2)?, small(found, 3)?, 0).ok();
    let in_parts = TIME_IN_PARTS.captures(rest).as_ref().and_then(by_parts);
    in_parts.or_else(|| TIME.captures(rest).as_ref().and_then(closely))
}

/// On the clock of this computer.
fn since_1970(name: &str) -> Option<civil::DateTime> {
    let milliseconds = SINCE_1970.captures(name)?[1].parse().ok()?;
    let time = jiff::Timestamp::from_millisecond(milliseconds).ok()?;
    Some(time.to_zoned(jiff::tz::TimeZone::system()).datetime())
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
            "Screenshot_2024-01-31-14-22-33-123_com.app.png",
            "Screenshot_20240131-142233_Maps.png",
            "WhatsApp Image 2024-01-31 at 14.22.33.jpeg",
            "signal-2024-01-31-142233.jpg",
            "Photo 2024-01-31T14:22:33.jpg",
            "IMG_20240131_142233_HDR.jpg",
            "IMG_20240131142233.jpg",
            "IMG20240131142233.jpg",
            "20240131142233123.jpg",
            "photo_2024-01-31_14-22-33 (2).jpg",
            "2024-01-31_14h22m33s.jpg",
            "20241301 20240131_142233.jpg",
        ] {
            assert_eq!(told(name).as_deref(), Some("2024-01-31 14:22:33"), "{name}");
        }
    }

    #[test]
    fn clocks_of_twelve_hours_and_words_before_them_count() {
        for name in [
            "WhatsApp Image 2024-01-31 at 2.22.33 PM (1).jpeg",
            "WhatsApp Image 2024-01-31 at 02.22.33 PM.jpeg",
            "Screen Shot 2024-01-31 at 2.22.33 PM.png",
            "Screenshot 2024-01-31 at 2.22.33\u{202f}PM.png",
            "Captura de pantalla 2024-01-31 a las 14.22.33.png",
            "Captura de pantalla 2024-01-31 a las 2.22.33 p. m..png",
            "Captura de pantalla 2024-01-31 a la(s) 2.22.33\u{a0}p.\u{a0}m..png",
            "Bildschirmfoto 2024-01-31 um 14.22.33.png",
            "Capture d’écran 2024-01-31 à 14.22.33.png",
            "Schermafbeelding 2024-01-31 om 14.22.33.png",
            "Skärmavbild 2024-01-31 kl. 14.22.33.png",
            "Снимок экрана 2024-01-31 в 14.22.33.png",
            "2024-01-31 2.22.33 pm.jpg",
            "截屏2024-01-31 下午2.22.33.png",
            "スクリーンショット 2024-01-31 午後2.22.33.png",
            "스크린샷 2024-01-31 오후 2.22.33.png",
        ] {
            assert_eq!(told(name).as_deref(), Some("2024-01-31 14:22:33"), "{name}");
        }
        let midnight = "Screen Shot 2024-01-31 at 12.05.06 AM.png";
        assert_eq!(told(midnight).as_deref(), Some("2024-01-31 00:05:06"));
        assert_eq!(told("2024-01-31 14.22.jpg").as_deref(), Some("2024-01-31 14:22:00"));
    }

    #[test]
    fn a_day_alone_is_a_date_too() {
        for name in [
            "IMG-20240131-WA0001.jpg",
            "2024-01-31.jpg",
            "Cola 2024_01_31 in the snow.jpg",
            "x20240131.jpg",
            "2024-01-31 10-12.jpg",
            "2024-01-31 Zug 123456.jpg",
            "20240131_999999.jpg",
        ] {
            assert_eq!(told(name).as_deref(), Some("2024-01-31 00:00:00"), "{name}");
        }
    }

    #[test]
    fn milliseconds_since_1970_count_behind_the_words_that_mean_them() {
        let clock = jiff::Timestamp::from_millisecond(1_706_711_553_123).unwrap();
        let clock = clock.to_zoned(jiff::tz::TimeZone::system()).strftime("%F %T").to_string();
        for name in ["mmexport1706711553123.jpg", "wx_camera_1706711553123.jpg", "FB_IMG_1706711553123.jpg"] {
            assert_eq!(told(name), Some(clock.clone()), "{name}");
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
            "received_1706711553123456.jpg",
            "120240131.jpg",
            "2024-0131.jpg",
            "2024.jpg",
            "20240131142.jpg",
            "Order 20191301-20190230.png",
            "tel +49 2023 0506 220405.png",
            "",
            "🐕2024.jpg",
        ] {
            assert_eq!(told(name), None, "{name}");
        }
    }
}
