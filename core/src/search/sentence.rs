//! A sentence as a person types it: what it looks for, what it excludes, and what of it is Spanish.

use std::collections::HashMap;

use jiff::civil::Date;

use super::dates::{Days, days_of, moments};
use super::spelling::fold;
use crate::types::{PhotoFilter, PictureShape};

/// Spanish words that say nothing of what a photo shows.
const EMPTY_SPANISH: &[&str] = &[
    "un", "una", "unos", "unas", "el", "la", "los", "las", "de", "del", "en", "y", "e", "o", "u", "a", "al",
    "con", "por", "para", "como", "que", "mi", "mis", "su", "sus", "foto", "fotos", "pequeño", "pequeña",
    "grande", "grandes",
];
/// The same of English.
const EMPTY_ENGLISH: &[&str] = &[
    "a", "an", "and", "at", "by", "for", "from", "in", "is", "it", "my", "of", "on", "or", "our", "that",
    "the", "their", "this", "to", "two", "with", "photo", "photos", "picture", "pictures",
];
/// The longest phrases of the table.
const LONGEST: usize = 3;

/// What is looked for, what is excluded, and among which photos.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Sentence {
    /// Words as they were typed, without those that are something else.
    pub(super) wanted: String,
    /// Each `-word`.
    pub(super) excluded: Vec<String>,
    /// When the photos were taken.
    pub(super) days: Option<Days>,
    /// Conditions such as `camera:nikon`.
    pub(super) filters: Vec<PhotoFilter>,
}

impl Sentence {
    /// `today` is where times such as "yesterday" count from.
    pub(super) fn parse(text: &str, today: Date) -> Self {
        let pieces = pieces(text);
        let mut sentence = Self::default();
        let (mut wanted, mut at) = (Vec::new(), 0);
        while at < pieces.len() {
            let rest: Vec<&str> = pieces[at..].iter().map(String::as_str).collect();
            let (piece, next) = (rest[0], rest.get(1));
            if let Some((days, count)) = days_of(&rest, today).filter(|_| sentence.days.is_none()) {
                sentence.days = Some(days);
                at += count;
                continue;
            }
            at += 1;
            let negated = piece.strip_prefix('-').filter(|rest| !rest.is_empty());
            match (filter_of(negated.unwrap_or(piece)), negated, next) {
                (Some(filter), None, _) => sentence.filters.push(filter),
                (Some(filter), Some(_), _) => {
                    sentence.filters.push(PhotoFilter::Not { filter: Box::new(filter) });
                }
                (None, Some(word), _) => match days_of(&[word], today) {
                    Some((days, _)) => sentence.filters.push(not_taken(days)),
                    None => sentence.excluded.push(unquoted(word)),
                },
                (None, None, Some(next)) if piece == "NOT" => {
                    sentence.excluded.push(unquoted(next));
                    at += 1;
                }
                (None, None, _) => wanted.push(unquoted(piece)),
            }
        }
        sentence.wanted = wanted.join(" ");
        sentence
    }
}

/// Whether a word of either language says nothing of what a photo shows or is called.
pub(super) fn is_empty_word(word: &str) -> bool {
    let word = fold(word);
    EMPTY_SPANISH.contains(&word.as_str()) || EMPTY_ENGLISH.contains(&word.as_str())
}

fn not_taken(days: Days) -> PhotoFilter {
    let (from, until) = moments(days);
    PhotoFilter::Not { filter: Box::new(PhotoFilter::Taken { from, until }) }
}

/// What is between blanks, but for those in quotes.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let mut is_quoted = false;
    for letter in text.chars() {
        is_quoted ^= letter == '"';
        match letter {
            blank if blank.is_whitespace() && !is_quoted => pieces.push(String::new()),
            letter => pieces.last_mut().expect("it has one").push(letter),
        }
    }
    pieces.retain(|piece| !piece.trim_matches('"').is_empty());
    pieces
}

fn unquoted(piece: &str) -> String {
    piece.replace('"', "")
}

/// The condition that a piece says: `camera:nikon`, `rating:4`, `is:portrait`, `has:place`, in either language.
fn filter_of(piece: &str) -> Option<PhotoFilter> {
    let (key, value) = piece.split_once(':')?;
    let text = unquoted(value).trim().to_owned();
    if text.is_empty() {
        return None;
    }
    match fold(key).as_str() {
        "camera" | "camara" => Some(PhotoFilter::Camera { text }),
        "lens" | "objetivo" => Some(PhotoFilter::Lens { text }),
        "format" | "formato" => Some(PhotoFilter::Format { text }),
        "folder" | "carpeta" | "path" | "ruta" => Some(PhotoFilter::Path { text }),
        "album" => Some(PhotoFilter::Album { text }),
        "keyword" | "tag" | "etiqueta" => Some(PhotoFilter::Keyword { text }),
        "rating" | "stars" | "estrellas" | "valoracion" => {
            text.parse().ok().map(|least| PhotoFilter::Rating { least })
        }
        "is" | "es" => match fold(&text).as_str() {
            "landscape" | "apaisada" | "horizontal" => shape(PictureShape::Landscape),
            "portrait" | "retrato" | "vertical" => shape(PictureShape::Portrait),
            "square" | "cuadrada" => shape(PictureShape::Square),
            "favourite" | "favorite" | "favorita" => Some(PhotoFilter::Favourite),
            _ => None,
        },
        "has" | "tiene" => {
            ["place", "gps", "lugar"].contains(&fold(&text).as_str()).then_some(PhotoFilter::Place)
        }
        _ => None,
    }
}

fn shape(shape: PictureShape) -> Option<PhotoFilter> {
    Some(PhotoFilter::Shape { shape })
}

/// Spanish nouns and what they are in English.
pub(super) struct SpanishNouns(HashMap<String, String>);

impl SpanishNouns {
    /// Of lines `word,word=english|english`.
    pub(super) fn new(lines: &str) -> Self {
        let mut nouns = HashMap::new();
        for (words, english) in
            lines.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('='))
        {
            for word in words.split(',') {
                let word = fold(word.trim_matches('"')).replace('_', " ");
                nouns.insert(word, english.trim().replace('|', " or "));
            }
        }
        Self(nouns)
    }

    /// The sentence in English, if it is Spanish: if a word of it is a noun of the table or says so by its letters, and
    /// none of the rest is unknown to the table but for names. `None`: it stays as it is.
    pub(super) fn translate(&self, sentence: &str) -> Option<String> {
        let words: Vec<String> = sentence.split_whitespace().map(fold).collect();
        let mut english = Vec::new();
        let (mut at, mut unknown) = (0, 0);
        while at < words.len() {
            let found = (1..=LONGEST.min(words.len() - at))
                .rev()
                .find_map(|length| Some((length, self.noun(&words[at..at + length])?)));
            if let Some((length, noun)) = found {
                english.push(noun.to_owned());
                at += length;
                continue;
            }
            unknown += usize::from(!EMPTY_SPANISH.contains(&words[at].as_str()));
            at += 1;
        }
        (!english.is_empty() && unknown == 0).then(|| english.join(" and "))
    }

    /// Whether a word is of the table, or one that says nothing.
    pub(super) fn knows(&self, word: &str) -> bool {
        is_empty_word(word) || self.noun(&[fold(word)]).is_some()
    }

    fn noun(&self, phrase: &[String]) -> Option<&str> {
        let (last, before) = phrase.split_last()?;
        singulars(last).iter().find_map(|last| {
            let phrase =
                before.iter().map(String::as_str).chain([last.as_str()]).collect::<Vec<_>>().join(" ");
            self.0.get(&phrase).map(String::as_str)
        })
    }
}

/// The word, and what it may be the plural or the diminutive of.
fn singulars(word: &str) -> Vec<String> {
    let mut forms = vec![word.to_owned()];
    let mut add = |ending: &str, others: &[&str]| {
        if let Some(stem) = word.strip_suffix(ending) {
            forms.extend(others.iter().map(|other| format!("{stem}{other}")));
        }
    };
    add("ces", &["z"]);
    add("es", &[""]);
    add("s", &[""]);
    add("as", &["o"]);
    for ending in ["ito", "ita", "itos", "itas"] {
        add(ending, &["o", "a"]);
    }
    forms
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn nouns() -> SpanishNouns {
        SpanishNouns::new(
            "# nouns\nperro,perrito=dog\nratón=mouse\n\"oso_polar\"=polar bear\nplaya=beach|shore\nluz=light\nniño=child\n",
        )
    }

    fn parsed(text: &str) -> Sentence {
        Sentence::parse(text, date(2026, 11, 26))
    }

    #[test]
    fn words_with_a_hyphen_before_them_are_excluded() {
        let sentence = parsed("a dog -cat  on the -beach - t-shirt NOT sun");
        assert_eq!(sentence.wanted, "a dog on the - t-shirt");
        assert_eq!(sentence.excluded, ["cat", "beach", "sun"]);
    }

    #[test]
    fn conditions_and_times_are_taken_out_of_the_words() {
        let sentence =
            parsed("dogs camera:\"nikon d90\" at the beach -is:portrait summer 2023 rating:4 es:cuadrada");
        assert_eq!(sentence.wanted, "dogs at the beach");
        let text = "nikon d90".to_owned();
        let portrait = PhotoFilter::Shape { shape: PictureShape::Portrait };
        let expected = [
            PhotoFilter::Camera { text },
            PhotoFilter::Not { filter: Box::new(portrait) },
            PhotoFilter::Rating { least: 4 },
            PhotoFilter::Shape { shape: PictureShape::Square },
        ];
        assert_eq!(sentence.filters, expected);
        assert_eq!(sentence.days, Some((date(2023, 6, 1), date(2023, 9, 1))));
        assert_eq!(parsed("perros de ayer -2").days.unwrap().0, date(2026, 11, 25));
    }

    #[test]
    fn what_only_looks_like_a_condition_is_a_word() {
        let sentence = parsed("note:this rating:many is:fun camera: 10:30 \"\"");
        assert_eq!(
            (sentence.filters.len(), sentence.wanted.as_str()),
            (0, "note:this rating:many is:fun camera: 10:30")
        );
    }

    #[test]
    fn spanish_nouns_are_told_in_english_whatever_their_form() {
        let told = |text: &str| nouns().translate(text);
        assert_eq!(told("Perros").as_deref(), Some("dog"));
        assert_eq!(told("una foto de mi perrita en la playa").as_deref(), Some("dog and beach or shore"));
        assert_eq!(told("ratones").as_deref(), Some("mouse"));
        assert_eq!(told("luces").as_deref(), Some("light"));
        assert_eq!(told("osos polares"), None, "only the last word of a phrase is looked at in its forms");
        assert_eq!(told("oso polar").as_deref(), Some("polar bear"));
        assert_eq!(told("niños").as_deref(), Some("child"));
    }

    #[test]
    fn what_is_not_spanish_stays_as_it_is() {
        assert_eq!(nouns().translate("a dog on the beach"), None);
        assert_eq!(nouns().translate("la la"), None);
        assert_eq!(nouns().translate(""), None);
    }
}
