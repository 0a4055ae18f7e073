//! Time zones: as they are written, and as satellites tell them.

/// Parts of an hour that zones have beside whole hours, in minutes ahead of UTC: those that any country had since 1970
/// (IANA time zone database).
const ODD_ZONES: [i16; 18] =
    [-570, -510, -270, -210, -150, 210, 270, 330, 345, 390, 450, 510, 525, 570, 630, 690, 765, 825];
/// Minutes that a satellites' time may be older or newer than the picture.
const TOLERANCE: f64 = 2.0;

/// Minutes ahead of UTC of `+02:00`, `-0530`, `+2`, `Z` or `GMT`.
pub(super) fn parse(text: &str) -> Option<i16> {
    let text = text.trim_matches(|c: char| c == '\0' || c.is_whitespace());
    if ["Z", "UTC", "GMT"].iter().any(|name| text.eq_ignore_ascii_case(name)) {
        return Some(0);
    }
    let (sign, rest) = signed(text)?;
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (hours, minutes) = match (digits, rest[digits..].strip_prefix(':')) {
        (1 | 2, Some(minutes)) => (&rest[..digits], minutes.get(..2)?),
        (1 | 2, None) => (&rest[..digits], "0"),
        (4.., _) => rest.split_at(2),
        _ => return None,
    };
    let minutes = minutes.get(..2).unwrap_or(minutes);
    let (hours, minutes): (i16, i16) = (hours.parse().ok()?, minutes.parse().ok()?);
    let zone = sign * (hours * 60 + minutes);
    ((0..60).contains(&minutes) && (-12 * 60..=14 * 60).contains(&zone)).then_some(zone)
}

fn signed(text: &str) -> Option<(i16, &str)> {
    let rest = text.strip_prefix(['+', '-', '\u{2212}'])?;
    Some((if text.starts_with('+') { 1 } else { -1 }, rest.trim_start()))
}

/// The zone of a wall clock that was so many minutes ahead of the satellites' UTC, if they were read together. An old
/// position gives a zone that no country has, and then there is none.
pub(super) fn by_difference(minutes: f64) -> Option<i16> {
    let whole_hours = (-12..=14).map(|hours| hours * 60);
    whole_hours.chain(ODD_ZONES).find(|zone| (minutes - f64::from(*zone)).abs() < TOLERANCE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_are_read_as_people_write_them() {
        for (text, zone) in [
            ("+02:00", 120),
            ("-05:30", -330),
            ("+14:00", 840),
            ("-12:00", -720),
            ("Z", 0),
            ("utc", 0),
            ("+02:00 ", 120),
            ("+0530", 330),
            ("+01", 60),
            ("-3", -180),
            ("+1:00", 60),
            ("\u{2212}03:30", -210),
            ("-00:30", -30),
            ("+02:00 DST", 120),
        ] {
            assert_eq!(parse(text), Some(zone), "{text:?}");
        }
        for text in
            ["", "   :  ", "soon", "+", "+15:00", "-13:00", "+02:60", "+2:", "02:00", "+é", "+123", "+02:é"]
        {
            assert_eq!(parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn satellites_tell_only_zones_that_exist() {
        for zone in [0, 60, 120, 330, 345, 525, 765, 840, -210, -570, -720] {
            for off in [-1.5, 0.0, 1.5] {
                assert_eq!(by_difference(f64::from(zone) + off), Some(zone));
            }
        }
        for old in [15.0, 30.0, 45.0, 75.0, 105.0, 90.0, -45.0, 855.0, -780.0, 127.0, f64::NAN] {
            assert_eq!(by_difference(old), None, "{old}");
        }
    }
}
