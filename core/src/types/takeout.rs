//! The names that Google's export gives to what it knows of a photo: a file of JSON beside it.
//!
//! Names of the export have at most 51 characters. The file of `IMG_1.jpg` is `IMG_1.jpg.json`, and since 2024
//! `IMG_1.jpg.supplemental-metadata.json`, cut off where it is too long. The one of `IMG_1(1).jpg` is `IMG_1.jpg(1).json`. A photo
//! that was edited there, `IMG_1-edited.jpg`, has none of its own.

use std::path::{Path, PathBuf};

use super::kind::Kind;
use super::other::OtherKind;

/// Characters of a name, with its ending.
const MAX_NAME: usize = 51;
const ENDING: &str = ".json";
const SUPPLEMENT: &str = "supplemental-metadata";
/// What stands behind the name of an edited photo, in the languages of the export.
const EDITED: [&str; 10] = [
    "-edited",
    "-editado",
    "-editada",
    "-bearbeitet",
    "-modifié",
    "-modificato",
    "-bewerkt",
    "-edytowane",
    "-redigerat",
    "-編集済み",
];

/// The photo that a file of the export is about; `title` is what stands in it, the name that the photo had before the export.
pub fn named(json: &Path, title: &str) -> Option<PathBuf> {
    let name = json.file_name()?.to_str()?;
    let at = name.len().checked_sub(ENDING.len()).filter(|at| name.is_char_boundary(*at))?;
    if !name[at..].eq_ignore_ascii_case(ENDING) {
        return None;
    }
    let (base, counter) = without_counter(&name[..at]);
    let base = without_supplement(base);
    let named = if has_media_ending(base) { base.to_owned() } else { completed(base, title) };
    let (stem, ending) = named.rsplit_once('.').map_or((named.as_str(), ""), |(stem, ending)| (stem, ending));
    let dot = if ending.is_empty() { "" } else { "." };
    Some(json.with_file_name(format!("{stem}{counter}{dot}{ending}")))
}

/// The stem of the photo that an edited one was made of.
pub fn unedited(stem: &str) -> Option<&str> {
    EDITED.iter().find_map(|suffix| stem.strip_suffix(suffix)).filter(|rest| !rest.ends_with('/'))
}

/// `IMG_1.jpg(1)` is `IMG_1.jpg` and `(1)`.
fn without_counter(base: &str) -> (&str, &str) {
    let counter = base.strip_suffix(')').and_then(|rest| {
        let at = rest.rfind('(')?;
        let digits = &rest[at + 1..];
        (!digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(at)
    });
    match counter {
        // Of `IMG(1)` alone the number may be part of the name.
        Some(at) if at > 0 && base[..at].contains('.') => base.split_at(at),
        _ => (base, ""),
    }
}

fn without_supplement(base: &str) -> &str {
    match base.rsplit_once('.') {
        Some((named, rest)) if SUPPLEMENT.starts_with(rest) && !named.is_empty() => named,
        _ => base,
    }
}

fn has_media_ending(name: &str) -> bool {
    let Some((_, ending)) = name.rsplit_once('.') else { return false };
    Kind::of_ending(ending).is_some() || OtherKind::of_ending(ending) == Some(OtherKind::Video)
}

/// A name that was cut off, or never had an ending, by what stands in the file.
fn completed(base: &str, title: &str) -> String {
    let (stem, ending) = title.rsplit_once('.').unwrap_or((title, ""));
    if !has_media_ending(title) {
        return base.to_owned();
    }
    let known = base.strip_suffix('.').unwrap_or(base).chars().count();
    let room = MAX_NAME.saturating_sub(ending.chars().count() + 1);
    let cut_in_ending = known > stem.chars().count();
    let begin: String =
        if cut_in_ending { base.chars().take(stem.chars().count()).collect() } else { base.to_owned() };
    let rest: String = stem.chars().take(room).skip(begin.chars().count()).map(allowed).collect();
    format!("{begin}{rest}.{ending}")
}

/// The export writes a line in place of characters that some systems do not allow.
fn allowed(letter: char) -> char {
    if "\\/:*?\"<>|&%#'".contains(letter) { '_' } else { letter }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn photo(json: &str, title: &str) -> String {
        named(&Path::new("/p").join(json), title).unwrap().file_name().unwrap().to_str().unwrap().to_owned()
    }

    #[test]
    fn the_file_names_its_photo() {
        for (json, named) in [
            ("IMG_1.jpg.json", "IMG_1.jpg"),
            ("IMG_1.JPG.JSON", "IMG_1.JPG"),
            ("IMG_1.jpg.supplemental-metadata.json", "IMG_1.jpg"),
            ("IMG_20230506_220405.jpg.supplemental-metad.json", "IMG_20230506_220405.jpg"),
            ("IMG_20230506_220405123.jpg.s.json", "IMG_20230506_220405123.jpg"),
            ("IMG_20230506_220405123.jpg..json", "IMG_20230506_220405123.jpg"),
            ("IMG_1.jpg(1).json", "IMG_1(1).jpg"),
            ("IMG_1.jpg.supplemental-metadata(2).json", "IMG_1(2).jpg"),
            ("IMG_1(1).jpg.json", "IMG_1(1).jpg"),
            ("IMG_1.HEIC.json", "IMG_1.HEIC"),
            ("VID_1.mp4.json", "VID_1.mp4"),
            ("My photo.json", "My photo.jpg"),
        ] {
            assert_eq!(photo(json, "My photo.jpg"), named, "{json}");
        }
        assert_eq!(photo("My photo.json", "My photo"), "My photo");
    }

    #[test]
    fn a_name_that_was_cut_off_is_completed_by_the_title() {
        let long = "a".repeat(60);
        let json = format!("{}.json", "a".repeat(46));
        assert_eq!(photo(&json, &format!("{long}.jpg")), format!("{}.jpg", "a".repeat(47)));
        assert_eq!(photo(&json, &format!("{}.jpg", "a".repeat(47))), format!("{}.jpg", "a".repeat(47)));
        let in_ending = format!("{}.jp.json", "b".repeat(43));
        assert_eq!(photo(&in_ending, &format!("{}.jpg", "b".repeat(43))), format!("{}.jpg", "b".repeat(43)));
        let before_ending = format!("{}..json", "b".repeat(45));
        assert_eq!(
            photo(&before_ending, &format!("{}.jpg", "b".repeat(45))),
            format!("{}.jpg", "b".repeat(45))
        );
        let replaced = format!("{}.json", "c_d".repeat(20).chars().take(46).collect::<String>());
        let title = format!("{}.jpg", "c&d".repeat(16));
        assert_eq!(
            photo(&replaced, &title),
            format!("{}.jpg", "c_d".repeat(16).chars().take(47).collect::<String>())
        );
    }

    #[test]
    fn edited_photos_are_those_of_their_originals() {
        assert_eq!(unedited("/p/img_1-edited"), Some("/p/img_1"));
        assert_eq!(unedited("/p/img_1-bearbeitet"), Some("/p/img_1"));
        assert_eq!((unedited("/p/img_1"), unedited("/p/-edited")), (None, None));
    }

    #[test]
    fn other_files_name_none() {
        for other in ["a.xmp", ".json", "é.jso"] {
            assert_eq!(named(Path::new(other), "a.jpg").is_some(), other == ".json", "{other}");
        }
    }
}
