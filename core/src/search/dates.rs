//! Times in words, English and Spanish: "2019-05", "2019..2021", "summer 2023", "last christmas", "ayer".

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use jiff::{Span, ToSpan};

use super::spelling::unaccented;

/// Whole days: the first one, and the day after the last.
pub(super) type Days = (Date, Date);

/// Months by the beginnings of their names in both languages.
const MONTHS: [&[&str]; 12] = [
    &["january", "enero", "jan", "ene"],
    &["february", "febrero", "feb"],
    &["march", "marzo"],
    &["april", "abril", "apr", "abr"],
    &["may", "mayo"],
    &["june", "junio", "jun"],
    &["july", "julio", "jul"],
    &["august", "agosto", "aug", "ago"],
    &["september", "septiembre", "setiembre", "sept", "sep"],
    &["october", "octubre", "oct"],
    &["november", "noviembre", "nov"],
    &["december", "diciembre", "dec", "dic"],
];

/// Parts of a year: names, the first month and day, and how many days. Seasons are those of the north.
const PARTS: &[(&[&str], i8, i8, i32)] = &[
    (&["spring", "primavera"], 3, 1, 92),
    (&["summer", "verano"], 6, 1, 92),
    (&["autumn", "fall", "otoño"], 9, 1, 91),
    (&["winter", "invierno"], 12, 1, 90),
    (&["christmas", "xmas", "navidad", "navidades"], 12, 20, 18),
    (&["halloween"], 10, 31, 1),
];

const LAST: &[&str] = &["last", "pasado", "pasada", "ultimo", "ultima", "pasadas"];
const THIS: &[&str] = &["this", "este", "esta", "estas"];
/// Words between the parts of a time.
const FILLING: &[&str] = &["de", "del", "of", "in", "en", "el", "la", "las", "los", "the", "on"];

/// The first moment of the days and the one after the last: wall clock in milliseconds, as if UTC.
pub(super) fn moments((from, until): Days) -> (i64, i64) {
    let begin = |day: Date| {
        let midnight = day.to_zoned(TimeZone::UTC).expect("no year that is read is beyond the calendar");
        midnight.timestamp().as_millisecond()
    };
    (begin(from), begin(until))
}

/// The days that the beginning of `words` speaks of, and how many of the words that is. `today` is where one counts from.
pub(super) fn days_of(words: &[&str], today: Date) -> Option<(Days, usize)> {
    let plain = |word: &&str| unaccented(word).trim_matches([',', ';', '.', '!', '?']).to_owned();
    let folded: Vec<String> = words.iter().take(5).map(plain).collect();
    (1..=folded.len()).rev().find_map(|count| {
        let parts: Vec<&str> =
            folded[..count].iter().map(String::as_str).filter(|word| !FILLING.contains(word)).collect();
        // A filling word alone, or at the end, belongs to what follows.
        let is_whole =
            !FILLING.contains(&folded[count - 1].as_str()) && !FILLING.contains(&folded[0].as_str());
        Some((is_whole.then(|| days(&parts, today)).flatten()?, count))
    })
}

fn days(parts: &[&str], today: Date) -> Option<Days> {
    match parts {
        [one] => span(one).or_else(|| relative_day(one, today)),
        [part, year] if year_of(year).is_some() => in_year(part, year_of(year)?),
        [day, month, year] => {
            let year = year_of(year)?;
            let day: i8 = day.trim_end_matches(|letter: char| !letter.is_ascii_digit()).parse().ok()?;
            one_day(Date::new(year, month_of(month)?, day).ok()?)
        }
        [word, part] if LAST.contains(word) => last(part, today),
        [part, word] if LAST.contains(word) => last(part, today),
        [word, part] if THIS.contains(word) => this(part, today),
        _ => None,
    }
}

/// "2019", "2019-05", "2019-05-03", and two of these with ".." between.
fn span(text: &str) -> Option<Days> {
    if let Some((from, to)) = text.split_once("..") {
        let (from, to) = (numbers(from)?, numbers(to)?);
        return (from.0 < to.1).then_some((from.0, to.1));
    }
    numbers(text)
}

fn numbers(text: &str) -> Option<Days> {
    let parts: Vec<&str> = text.split('-').collect();
    let year = year_of(parts.first()?)?;
    let number = |part: &str| part.parse::<i8>().ok();
    match parts[1..] {
        [] => from_for(date(year, 1, 1), 1.year()),
        [month] => from_for(Date::new(year, number(month)?, 1).ok()?, 1.month()),
        [month, day] => one_day(Date::new(year, number(month)?, number(day)?).ok()?),
        _ => None,
    }
}

/// A year that photos can be of; another number of four digits is a number.
fn year_of(text: &str) -> Option<i16> {
    let is_year = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    is_year.then(|| text.parse().ok()).flatten().filter(|year| (1826..=2100).contains(year))
}

fn month_of(name: &str) -> Option<i8> {
    let at = MONTHS.iter().position(|names| names.contains(&name))?;
    i8::try_from(at + 1).ok()
}

fn in_year(part: &str, year: i16) -> Option<Days> {
    if let Some(month) = month_of(part) {
        return from_for(date(year, month, 1), 1.month());
    }
    let (_, month, day, length) = PARTS.iter().find(|(names, ..)| names.contains(&part))?;
    from_for(date(year, *month, *day), i64::from(*length).days())
}

fn relative_day(word: &str, today: Date) -> Option<Days> {
    let ago = match word {
        "today" | "hoy" => 0,
        "yesterday" | "ayer" => 1,
        "anteayer" | "antier" => 2,
        _ => return None,
    };
    one_day(today.checked_sub(i64::from(ago).days()).ok()?)
}

/// The one before the one that is.
fn last(part: &str, today: Date) -> Option<Days> {
    match part {
        "year" | "año" => from_for(date(today.year() - 1, 1, 1), 1.year()),
        "month" | "mes" => from_for(today.first_of_month().checked_sub(1.month()).ok()?, 1.month()),
        "week" | "semana" => from_for(monday(today)?.checked_sub(1.week()).ok()?, 1.week()),
        "weekend" | "finde" => from_for(monday(today)?.checked_sub(2.days()).ok()?, 2.days()),
        part => {
            // The newest one that is over.
            let over = |year| in_year(part, year).filter(|(_, end)| *end <= today);
            over(today.year()).or_else(|| over(today.year() - 1)).or_else(|| over(today.year() - 2))
        }
    }
}

fn this(part: &str, today: Date) -> Option<Days> {
    match part {
        "year" | "año" => from_for(date(today.year(), 1, 1), 1.year()),
        "month" | "mes" => from_for(today.first_of_month(), 1.month()),
        "week" | "semana" => from_for(monday(today)?, 1.week()),
        part => in_year(part, today.year()),
    }
}

fn monday(day: Date) -> Option<Date> {
    day.checked_sub(i64::from(day.weekday().to_monday_zero_offset()).days()).ok()
}

fn one_day(day: Date) -> Option<Days> {
    from_for(day, 1.day())
}

fn from_for(first: Date, length: Span) -> Option<Days> {
    Some((first, first.checked_add(length).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Option<(String, usize)> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let ((from, until), count) = days_of(&words, date(2026, 11, 26))?;
        Some((format!("{from} {until}"), count))
    }

    fn is(text: &str, days: &str) {
        let count = text.split_whitespace().count();
        assert_eq!(told(text), Some((days.to_owned(), count)), "{text}");
    }

    #[test]
    fn numbers_are_years_months_days_and_spans() {
        is("2019", "2019-01-01 2020-01-01");
        is("2019-05", "2019-05-01 2019-06-01");
        is("2020-02-29", "2020-02-29 2020-03-01");
        is("2019..2021", "2019-01-01 2022-01-01");
        is("2019-12..2020-01-05", "2019-12-01 2020-01-06");
        for none in ["2019-13", "2019-02-30", "0001", "9999", "42", "2021..2019", "2019-5-3-1x"] {
            assert_eq!(told(none), None, "{none}");
        }
    }

    #[test]
    fn seasons_months_and_feasts_are_told_in_both_languages() {
        is("summer 2023", "2023-06-01 2023-09-01");
        is("verano de 2023", "2023-06-01 2023-09-01");
        is("otoño del 2022", "2022-09-01 2022-12-01");
        is("winter 2022", "2022-12-01 2023-03-01");
        is("mayo de 2019", "2019-05-01 2019-06-01");
        is("May 2019", "2019-05-01 2019-06-01");
        is("3 de mayo de 2019", "2019-05-03 2019-05-04");
        is("navidad 2022", "2022-12-20 2023-01-07");
    }

    #[test]
    fn times_before_now_are_counted_from_today() {
        is("ayer", "2026-11-25 2026-11-26");
        is("yesterday", "2026-11-25 2026-11-26");
        is("hoy", "2026-11-26 2026-11-27");
        is("last christmas", "2025-12-20 2026-01-07");
        is("la navidad pasada".trim_start_matches("la "), "2025-12-20 2026-01-07");
        is("last summer", "2026-06-01 2026-09-01");
        is("last december", "2025-12-01 2026-01-01");
        is("last week", "2026-11-16 2026-11-23");
        is("semana pasada", "2026-11-16 2026-11-23");
        is("last month", "2026-10-01 2026-11-01");
        is("año pasado", "2025-01-01 2026-01-01");
        is("this year", "2026-01-01 2027-01-01");
        is("este verano", "2026-06-01 2026-09-01");
    }

    #[test]
    fn words_that_are_no_times_are_left() {
        for none in ["dog", "may", "summer", "last dog", "the 2019", "march of penguins", "fall"] {
            assert_eq!(told(none), None, "{none}");
        }
        assert_eq!(told("2019 dog").unwrap().1, 1);
        assert_eq!(told("summer 2023 at the beach").unwrap().1, 2);
    }
}
