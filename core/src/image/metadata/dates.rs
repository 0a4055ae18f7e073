//! Dates as cameras, scanners and editors write them: all forms seen in the wild, each as far as it is written.

use std::borrow::Cow;
use std::sync::LazyLock;

use jiff::civil;
use regex_lite::Regex;

use super::zones;

/// Nobody took or drew a picture before.
const FIRST_YEAR: i16 = 1000;
/// Of digits alone: smaller numbers count seconds or are something else.
const FIRST_COMPACT_YEAR: i16 = 1800;
const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// A date as it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Written {
    /// The wall clock; a day without a time is its midnight.
    pub(super) wall_clock: civil::DateTime,
    /// Minutes ahead of UTC, where they stand behind it.
    pub(super) zone: Option<i16>,
}

/// Reads `2014:01:31 14:22:33`, as the standard wants it, and what is written in its place: with other separators or none,
/// without seconds or time, with their fraction, AM or PM and a zone behind it, or as `Fri, 31 Jan 2014 14:22:33 GMT`.
/// An odd time costs the time and not the day. `None` for zeros, blanks and days that do not exist.
pub(super) fn parse(text: &str) -> Option<Written> {
    let text = western(text);
    let text = text.trim_matches(|c: char| c == '\0' || c == '"' || c.is_whitespace());
    let (day, rest) = numbered_day(text).or_else(|| day_first(text)).or_else(|| named_day(text))?;
    let (time, rest) = clock(rest).unwrap_or((Clock::default(), rest));
    Some(Written { wall_clock: time.on(day)?, zone: zones::parse(rest) })
}

/// The nanoseconds of a fraction of a second, given by its digits: `25` is a quarter.
pub(super) fn fraction(digits: &str) -> Option<i32> {
    let digits = digits.trim();
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len()).min(9);
    let value: i32 = digits[..end].parse().ok()?;
    Some(value * 10_i32.pow(9 - u32::try_from(end).ok()?))
}

/// `2014年1月31日 14時22分33秒` as `2014-1-31 14:22:33`.
fn western(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let letter = |letter| match letter {
        '年' | '月' => '-',
        '日' => ' ',
        '時' | '时' | '点' | '分' => ':',
        '秒' => '\0',
        other => other,
    };
    Cow::Owned(text.chars().map(letter).collect())
}

/// `31.01.2014`, and with another separator where only one of the two numbers can be the month. The second value is what
/// follows.
fn day_first(text: &str) -> Option<(civil::Date, &str)> {
    let (first, rest) = number(text, 1, 2)?;
    let separator = rest.chars().next().filter(|c| ['.', '/', '-'].contains(c))?;
    let (second, rest) = number(rest.strip_prefix(separator)?, 1, 2)?;
    let (year, rest) = number(rest.strip_prefix(separator)?, 4, 4)?;
    let (day, month) = match (first, second) {
        _ if separator == '.' || first > 12 => (first, second),
        _ if second > 12 => (second, first),
        _ => return None,
    };
    Some((civil::Date::new(i16::try_from(year).ok()?, small(month)?, small(day)?).ok()?, rest))
}

/// `2014-01-31`, `2014:1:31`, `20140131`; also `2014-01` and `2014`. The second value is what follows.
fn numbered_day(text: &str) -> Option<(civil::Date, &str)> {
    let (year, rest) = number(text, 4, 4)?;
    let year = i16::try_from(year).ok().filter(|year| *year >= FIRST_YEAR)?;
    let (month, day, rest) = if rest.starts_with(|c: char| c.is_ascii_digit()) {
        if year < FIRST_COMPACT_YEAR {
            return None;
        }
        let (month, rest) = number(rest, 2, 2)?;
        let (day, rest) = number(rest, 2, 2)?;
        (month, day, rest)
    } else {
        let (month, rest) = after_separator(rest).unwrap_or((1, rest));
        let (day, rest) = after_separator(rest).unwrap_or((1, rest));
        (month, day, rest)
    };
    Some((civil::Date::new(year, small(month)?, small(day)?).ok()?, rest))
}

/// The number behind a separator of a day.
fn after_separator(text: &str) -> Option<(u32, &str)> {
    let rest =
        text.trim_start_matches(' ').strip_prefix([':', '-', '/', '.', ';', ',', '_']).or_else(|| {
            // Between blanks alone.
            text.strip_prefix(' ').filter(|rest| !rest.contains(':'))
        })?;
    number(rest.trim_start_matches(' '), 1, 2)
        .filter(|(_, rest)| !rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// `31 Jan 2014 14:22:33`, as RFC 1123 has it, which the standard of PNG recommends.
static DAY_AND_MONTH: LazyLock<Regex> =
    LazyLock::new(|| regex(r"(?i)(?:^|[\s,])([0-9]{1,2})[\s-]+([a-z]{3})[a-z]*[\s,.-]+([0-9]{4})(.*)$"));
/// `Jan 31 14:22:33 2014`, as C writes it, and `January 31, 2014 14:22`.
static MONTH_AND_DAY: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)(?:^|[\s,])([a-z]{3})[a-z]*\.?\s+([0-9]{1,2}),?\s+(?:([0-9]{1,2}:[0-9:]+)\s+)?([0-9]{4})(.*)$",
    )
});

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the pattern is valid")
}

/// A day with the name of its month. The second value is the time, or what follows.
fn named_day(text: &str) -> Option<(civil::Date, &str)> {
    let (year, month, day, rest) = if let Some(found) = DAY_AND_MONTH.captures(text) {
        let (_, [day, month, year, rest]) = found.extract();
        (year, month, day, rest)
    } else {
        let found = MONTH_AND_DAY.captures(text)?;
        let part = |at| found.get(at).map(|part| part.as_str());
        (part(4)?, part(1)?, part(2)?, part(3).or(part(5))?)
    };
    let date = civil::Date::new(year.parse().ok()?, month_named(month)?, day.parse().ok()?);
    Some((date.ok()?, rest))
}

fn month_named(word: &str) -> Option<i8> {
    let before = MONTHS.iter().position(|month| word.eq_ignore_ascii_case(month))?;
    i8::try_from(before + 1).ok()
}

/// A time as far as it is written.
#[derive(Clone, Copy, Default)]
struct Clock {
    hour: u32,
    minute: u32,
    second: u32,
    nanosecond: i32,
}

impl Clock {
    /// Hour 24 is the next day's first; what does not exist counts as not written.
    fn on(self, day: civil::Date) -> Option<civil::DateTime> {
        let (hour, day) = match self.hour {
            24 => (0, day.tomorrow().ok()?),
            hour => (small(hour).filter(|hour| *hour < 24).unwrap_or(0), day),
        };
        let is_real = self.hour <= 24 && self.minute < 60;
        let minute = if is_real { self.minute } else { 0 };
        let (second, nanosecond) = match self.second {
            _ if !is_real => (0, 0),
            60 => (59, 0),
            second if second < 60 => (second, self.nanosecond),
            _ => (0, 0),
        };
        Some(day.at(hour, small(minute)?, small(second)?, nanosecond))
    }
}

/// `14:22:33.25`, `142233`, `2:22 PM`. The second value is what follows.
fn clock(text: &str) -> Option<(Clock, &str)> {
    let text = text.trim_start_matches(['T', 't', ' ', ':', ';', ',', '_', '/', '.']);
    let text = text.strip_prefix('-').filter(|rest| rest.matches('-').count() == 2).unwrap_or(text);
    let (hour, rest) = number(text, 1, 2)?;
    let separator = rest.chars().next().filter(|c| [':', ';', '.', '-', '/', ',', 'h'].contains(c));
    let (minute, rest) = unit(rest, separator).unwrap_or((0, rest));
    let (second, rest) = unit(rest, separator.map(|c| if c == 'h' { 'm' } else { c })).unwrap_or((0, rest));
    let (nanosecond, rest) = decimals(rest).unwrap_or((0, rest));
    let (hour, rest) = in_24_hours(hour, rest.trim_start());
    Some((Clock { hour, minute, second, nanosecond }, rest.trim_start()))
}

/// Minutes or seconds behind their separator; without one they have two digits.
fn unit(text: &str, separator: Option<char>) -> Option<(u32, &str)> {
    match separator {
        Some(separator) => number(text.strip_prefix(separator)?.trim_start_matches(' '), 1, 2),
        None => number(text, 2, 2),
    }
}

fn decimals(text: &str) -> Option<(i32, &str)> {
    let digits = text.strip_prefix(['.', ',', ':'])?;
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    Some((fraction(digits)?, &digits[end..]))
}

/// The hour by AM or PM behind it, if either is there.
fn in_24_hours(hour: u32, text: &str) -> (u32, &str) {
    let half = text.chars().next().map(|c| c.to_ascii_lowercase()).filter(|c| ['a', 'p'].contains(c));
    let rest = text.get(1..).unwrap_or_default().trim_start_matches(['.', ' ']).strip_prefix(['m', 'M']);
    match (half, rest) {
        (Some(half), Some(rest)) => (by_half(hour, half == 'p'), rest.trim_start_matches('.')),
        _ => (hour, text),
    }
}

/// An hour from 1 to 12 of the day's first or second half. Other hours count as they are.
pub(super) fn by_half(hour: u32, is_second: bool) -> u32 {
    match hour {
        1..=12 => hour % 12 + if is_second { 12 } else { 0 },
        _ => hour,
    }
}

/// The number that a text begins with, of at least `least` digits; no more than `most` are taken.
fn number(text: &str, least: usize, most: usize) -> Option<(u32, &str)> {
    let digits = text.bytes().take(most).take_while(u8::is_ascii_digit).count();
    let value = if digits >= least { text[..digits].parse().ok() } else { None };
    value.map(|value| (value, &text[digits..]))
}

fn small(value: u32) -> Option<i8> {
    i8::try_from(value).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Option<String> {
        parse(text).map(|Written { wall_clock, zone }| match zone {
            Some(zone) => format!("{wall_clock} {zone:+}"),
            None => wall_clock.to_string(),
        })
    }

    #[test]
    fn a_moment_is_read_in_every_form() {
        for text in [
            "2014:01:31 14:22:33",
            "2014-01-31 14:22:33",
            "2014-01-31T14:22:33",
            "2014/01/31 14:22:33",
            "2014.01.31 14.22.33",
            "2014:01:31 14;22;33",
            "2014:01:31  14:22:33",
            "2014: 1:31 14:22:33",
            "2014:1:31 14:22:33",
            "2014:01:31:14:22:33",
            "2014:01:31 14-22-33",
            "2014-01-31-14-22-33",
            "2014_01_31 14:22:33",
            "2014:01:31 2:22:33 PM",
            "2014:01:31 02:22:33 p. m.",
            "2014:01:31 02:22:33pm",
            "2014:01:31 14h22m33",
            "20140131 142233",
            "20140131T142233",
            "20140131142233",
            "\"2014:01:31 14:22:33\"",
            " 2014:01:31 14:22:33\0\0garbage",
            "Fri, 31 Jan 2014 14:22:33",
            "31 January 2014 14:22:33",
            "Fri Jan 31 14:22:33 2014",
            "31-Jan-2014 14:22:33",
            "31.01.2014 14:22:33",
            "31/1/2014 14:22:33",
            "01/31/2014 02:22:33 PM",
            "2014年01月31日 14時22分33秒",
            "2014年1月31日14时22分33秒",
        ] {
            assert_eq!(told(text).as_deref(), Some("2014-01-31T14:22:33"), "{text:?}");
        }
    }

    #[test]
    fn what_is_not_written_is_left_out() {
        for (text, moment) in [
            ("2014:01:31 14:22", "2014-01-31T14:22:00"),
            ("2014:01:31 14", "2014-01-31T14:00:00"),
            ("2014:01:31", "2014-01-31T00:00:00"),
            ("20140131", "2014-01-31T00:00:00"),
            ("2014:01:31   :  :  ", "2014-01-31T00:00:00"),
            ("2014-01", "2014-01-01T00:00:00"),
            ("2014", "2014-01-01T00:00:00"),
            ("1962:05:17 00:00:00", "1962-05-17T00:00:00"),
            ("2014:01:31 12:05 AM", "2014-01-31T00:05:00"),
        ] {
            assert_eq!(told(text).as_deref(), Some(moment), "{text:?}");
        }
    }

    #[test]
    fn a_fraction_and_a_zone_count() {
        for (text, moment) in [
            ("2014:01:31 14:22:33.25", "2014-01-31T14:22:33.25"),
            ("2014:01:31 14:22:33,094", "2014-01-31T14:22:33.094"),
            ("2014:01:31 14:22:33:123", "2014-01-31T14:22:33.123"),
            ("2014:01:31 14:22:33.1234567890123", "2014-01-31T14:22:33.123456789"),
            ("2014:01:31 14:22:33+0000", "2014-01-31T14:22:33 +0"),
            ("2014:01:31 14:22:33 +01:00", "2014-01-31T14:22:33 +60"),
            ("2014:01:31 14:22:33.25-05:30", "2014-01-31T14:22:33.25 -330"),
            ("2014:01:31 14:22-03:30", "2014-01-31T14:22:00 -210"),
            ("2014-01-31T14:22:33Z", "2014-01-31T14:22:33 +0"),
            ("Fri, 31 Jan 2014 14:22:33 GMT", "2014-01-31T14:22:33 +0"),
            ("Fri, 31 Jan 2014 14:22:33 -0500", "2014-01-31T14:22:33 -300"),
        ] {
            assert_eq!(told(text).as_deref(), Some(moment), "{text:?}");
        }
    }

    #[test]
    fn an_odd_time_does_not_cost_the_day() {
        for (text, moment) in [
            ("2015:08:22 24:08:19", "2015-08-23T00:08:19"),
            ("2015:08:22 24:00:00", "2015-08-23T00:00:00"),
            ("2015:08:22 25:08:19", "2015-08-22T00:00:00"),
            ("2015:08:22 11:60:19", "2015-08-22T11:00:00"),
            ("2015:08:22 11:12:60", "2015-08-22T11:12:59"),
            ("2015:08:22 11:12:99", "2015-08-22T11:12:00"),
            ("2015:08:22 soon", "2015-08-22T00:00:00"),
            ("2015:08:22 13:05 PM", "2015-08-22T13:05:00"),
        ] {
            assert_eq!(told(text).as_deref(), Some(moment), "{text:?}");
        }
    }

    #[test]
    fn days_that_do_not_exist_are_no_dates() {
        for text in [
            "",
            "    :  :     :  :  ",
            "0000:00:00 00:00:00",
            "0000-00-00",
            "2014:00:31 14:22:33",
            "2014:01:00 14:22:33",
            "2014:02:30 14:22:33",
            "2014:13:01 14:22:33",
            "0001:01:01 00:00:00",
            "20141331",
            "1391178153",
            "04/03/2013 05:06:07",
            "31.13.2014",
            "201401",
            "-1",
            "99999-01-01",
            "yesterday",
            "31 Foo 2014",
            "Jan",
            "marvellous",
            "é2014",
        ] {
            assert_eq!(told(text), None, "{text:?}");
        }
    }

    #[test]
    fn any_text_ends() {
        let whole = "Fri, 31 Jan 2014 02:22:33.25 p. m. +01:00 é";
        for (start, _) in whole.char_indices() {
            for (end, _) in whole.char_indices().filter(|(end, _)| *end >= start) {
                let _ = parse(&whole[start..end]);
            }
        }
    }
}
