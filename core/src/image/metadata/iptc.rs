//! IPTC-IIM: what agencies and scanning people write, in the data sets of Photoshop (IIM 4.2).

use super::dates::parse;
use super::values::{clean, description, taken};
use crate::types::{DateRank, DateSource, Facts, Taken};

const DATA_SET: u8 = 0x1C;
const MAX_KEYWORDS: usize = 500;
/// More data sets than anybody writes.
const MAX_DATA_SETS: usize = 10_000;
/// The resource of Photoshop that holds the data sets.
const RESOURCE: u16 = 0x0404;
/// The escape sequence that names UTF-8.
const UTF8: &[u8] = b"\x1b%G";

/// Record and number of a data set.
type DataSetKey = (u8, u8);

const CHARACTER_SET: DataSetKey = (1, 90);
const KEYWORD: DataSetKey = (2, 25);
const CAPTION: DataSetKey = (2, 120);
/// Day and time: those of the picture, and those of the scan.
const DATES: [(DataSetKey, DataSetKey, DateRank); 2] =
    [((2, 55), (2, 60), DateRank::Original), ((2, 62), (2, 63), DateRank::Created)];

/// The resources of Photoshop, or `bytes` themselves where they are data sets already.
fn data_sets(bytes: &[u8]) -> Option<&[u8]> {
    let mut rest = bytes;
    if rest.first() == Some(&DATA_SET) {
        return Some(rest);
    }
    while let Some(resource) = rest.strip_prefix(b"8BIM") {
        let (id, named) = resource.split_first_chunk::<2>()?;
        // The name counts its bytes, and is filled up with that count to an even length.
        let name = usize::from(*named.first()?) + 1;
        let (length, content) = named.get(name.next_multiple_of(2)..)?.split_first_chunk::<4>()?;
        let length = u32::from_be_bytes(*length) as usize;
        if u16::from_be_bytes(*id) == RESOURCE {
            return content.get(..length);
        }
        rest = content.get(length.checked_next_multiple_of(2)?..)?;
    }
    None
}

/// Facts from resources of Photoshop, or from data sets.
pub(super) fn facts_of(bytes: &[u8]) -> Facts {
    let is_turned = bytes.first() != Some(&DATA_SET) && bytes.get(3) == Some(&DATA_SET);
    if is_turned {
        // Some wrote them into TIFF as numbers of four bytes, and turned these.
        let sets: Vec<u8> = bytes.chunks(4).flat_map(|four| four.iter().rev().copied()).collect();
        return facts(&sets);
    }
    data_sets(bytes).map(facts).unwrap_or_default()
}

/// Facts from data sets.
fn facts(bytes: &[u8]) -> Facts {
    let sets: Vec<_> = DataSets(bytes).take(MAX_DATA_SETS).collect();
    let of = |key: DataSetKey| sets.iter().filter(move |set| set.0 == key).map(|set| set.1);
    let is_utf8 = of(CHARACTER_SET).any(|value| value == UTF8);
    let text = |value| decoded(value, is_utf8);
    let mut keywords: Vec<String> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for keyword in of(KEYWORD).filter_map(|value| clean(&text(value))).take(MAX_KEYWORDS) {
        if seen.insert(keyword.clone()) {
            keywords.push(keyword);
        }
    }
    let first = |key| of(key).next().map(text);
    Facts {
        taken: DATES.into_iter().find_map(|(day, time, rank)| date(&first(day)?, first(time), rank)),
        keywords,
        description: first(CAPTION).and_then(|text| description(&text)),
        ..Facts::default()
    }
}

/// Text, by the rules of the time when nothing is named: UTF-8 if it is that, else what Windows wrote.
fn decoded(value: &[u8], is_utf8: bool) -> String {
    match std::str::from_utf8(value) {
        Ok(text) => text.to_owned(),
        Err(_) if is_utf8 => String::from_utf8_lossy(value).into_owned(),
        Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(value).0.into_owned(),
    }
}

/// `19620517` with `183000+0100`. Of the day, month and day may be zeros: not known.
fn date(day: &str, time: Option<String>, rank: DateRank) -> Option<Taken> {
    let digits: String = day.chars().filter(char::is_ascii_digit).collect();
    let year = digits.get(..4)?;
    let known =
        |range: std::ops::Range<usize>| digits.get(range).filter(|part| *part != "00").unwrap_or("01");
    let day = format!("{year}-{}-{}", known(4..6), known(6..8));
    let written = parse(&format!("{day} {}", time.unwrap_or_default())).or_else(|| parse(&day))?;
    taken(written, rank, DateSource::Iptc)
}

/// Data sets one after the other: record and number, and the value.
struct DataSets<'a>(&'a [u8]);

impl<'a> Iterator for DataSets<'a> {
    type Item = (DataSetKey, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let start = self.0.iter().position(|byte| *byte == DATA_SET)?;
        let [_, record, number, high, low, rest @ ..] = &self.0[start..] else { return None };
        let length = u16::from_be_bytes([*high, *low]);
        // The highest bit says how many bytes the length itself has.
        let (length, rest) = if length & 0x8000 == 0 {
            (usize::from(length), rest)
        } else {
            let (digits, rest) = rest.split_at_checked(usize::from(length & 0x7FFF))?;
            (digits.iter().fold(0_usize, |length, byte| length << 8 | usize::from(*byte)), rest)
        };
        let (value, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        Some(((*record, *number), value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(record: u8, number: u8, value: &[u8]) -> Vec<u8> {
        [&[DATA_SET, record, number], u16::try_from(value.len()).unwrap().to_be_bytes().as_slice(), value]
            .concat()
    }

    fn told(sets: &[(u8, u8, &[u8])]) -> Facts {
        let bytes: Vec<u8> =
            sets.iter().flat_map(|(record, number, value)| set(*record, *number, value)).collect();
        facts(&bytes)
    }

    fn clock(facts: &Facts) -> Option<(String, Option<i16>, DateRank)> {
        let Taken { at, zone, rank, .. } = facts.taken?;
        let moment = jiff::Timestamp::from_millisecond(at).unwrap().to_zoned(jiff::tz::TimeZone::UTC);
        Some((moment.datetime().to_string(), zone, rank))
    }

    #[test]
    fn day_time_and_zone_of_the_picture_or_else_of_the_scan() {
        for (sets, moment, zone, rank) in [
            (
                &[(2, 55, &b"19620517"[..]), (2, 60, b"183000+0100")][..],
                "1962-05-17T18:30:00",
                Some(60),
                DateRank::Original,
            ),
            (
                &[(2, 55, b"1962-05-17"), (2, 60, b"18:30:00-05:30")],
                "1962-05-17T18:30:00",
                Some(-330),
                DateRank::Original,
            ),
            (&[(2, 55, b"19620517")], "1962-05-17T00:00:00", None, DateRank::Original),
            (&[(2, 55, b"19620500")], "1962-05-01T00:00:00", None, DateRank::Original),
            (&[(2, 55, b"19620000"), (2, 60, b"soon")], "1962-01-01T00:00:00", None, DateRank::Original),
            (&[(2, 55, b"00000000"), (2, 62, b"20240601")], "2024-06-01T00:00:00", None, DateRank::Created),
        ] {
            assert_eq!(clock(&told(sets)), Some((moment.to_owned(), zone, rank)), "{sets:?}");
        }
        for nothing in [&b""[..], b"00000000", b"        ", b"196", b"19621317"] {
            assert_eq!(told(&[(2, 55, nothing)]).taken, None);
        }
    }

    #[test]
    fn data_sets_in_turned_numbers_are_turned_back() {
        let mut bytes = set(2, 25, b"Anna");
        bytes.resize(bytes.len().next_multiple_of(4), 0);
        let turned: Vec<u8> = bytes.chunks(4).flat_map(|four| four.iter().rev().copied()).collect();
        for written in [bytes, turned] {
            assert_eq!(facts_of(&written).keywords, ["Anna"]);
        }
        assert_eq!(facts_of(b"8BIM"), Facts::default());
    }

    #[test]
    fn texts_are_read_by_their_encoding() {
        let keywords = |sets: &[(u8, u8, &[u8])]| told(sets).keywords;
        assert_eq!(keywords(&[(1, 90, UTF8), (2, 25, "Été".as_bytes()), (2, 25, b"sea")]), ["Été", "sea"]);
        assert_eq!(keywords(&[(2, 25, "Été".as_bytes())]), ["Été"]);
        assert_eq!(keywords(&[(2, 25, b"\xc9t\xe9")]), ["Été"], "what Windows wrote");
        assert_eq!(keywords(&[(2, 25, b"a"), (2, 25, b" a "), (2, 25, b"")]), ["a"]);
        assert_eq!(told(&[(2, 120, b"At sea\rwith Ann")]).description.as_deref(), Some("At sea\nwith Ann"));
    }

    #[test]
    fn what_is_made_to_harm_comes_to_an_end() {
        let many: Vec<u8> =
            (0..200_000_u32).flat_map(|number| set(2, 25, number.to_string().as_bytes())).collect();
        assert_eq!(facts(&many).keywords.len(), MAX_KEYWORDS);
        let long = [&[DATA_SET, 2, 25, 0x80, 4], u32::MAX.to_be_bytes().as_slice(), b"a"].concat();
        assert_eq!(facts(&long), Facts::default());
        let extended = [&[DATA_SET, 2, 25, 0x80, 4, 0, 0, 0, 3][..], b"Ann"].concat();
        assert_eq!(facts(&extended).keywords, ["Ann"]);
        for end in 0..extended.len() {
            let _ = facts(&extended[..end]);
        }
    }
}
