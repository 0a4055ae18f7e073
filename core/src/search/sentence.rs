//! A sentence as a person types it: what it looks for, what it excludes, and what of it is Spanish.

use std::collections::HashMap;

/// Spanish words that say nothing of what a photo shows.
const EMPTY_SPANISH: &[&str] = &[
    "un", "una", "unos", "unas", "el", "la", "los", "las", "de", "del", "en", "y", "e", "o", "u", "a", "al",
    "con", "por", "para", "como", "que", "mi", "mis", "su", "sus", "foto", "fotos", "pequeño", "pequeña",
    "grande", "grandes",
];
/// The longest phrases of the table.
const LONGEST: usize = 3;

/// What is looked for, and what is excluded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Sentence {
    /// Words as they were typed, without those that are excluded.
    pub(super) wanted: String,
    /// Each `-word`.
    pub(super) excluded: Vec<String>,
}

impl Sentence {
    pub(super) fn parse(text: &str) -> Self {
        let (excluded, wanted): (Vec<_>, Vec<_>) =
            text.split_whitespace().partition(|word| word.len() > 1 && word.starts_with('-'));
        let excluded = excluded.into_iter().map(|word| word[1..].to_owned()).collect();
        Self { wanted: wanted.join(" "), excluded }
    }
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

/// In small letters, without accents; ñ is a letter of its own.
fn fold(word: &str) -> String {
    let plain = |letter: char| match letter {
        'á' | 'à' => 'a',
        'é' | 'è' => 'e',
        'í' => 'i',
        'ó' | 'ò' => 'o',
        'ú' | 'ü' => 'u',
        other => other,
    };
    word.to_lowercase()
        .chars()
        .map(plain)
        .filter(|letter| letter.is_alphanumeric() || *letter == ' ' || *letter == '_')
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nouns() -> SpanishNouns {
        SpanishNouns::new(
            "# nouns\nperro,perrito=dog\nratón=mouse\n\"oso_polar\"=polar bear\nplaya=beach|shore\nluz=light\nniño=child\n",
        )
    }

    #[test]
    fn words_with_a_hyphen_before_them_are_excluded() {
        let sentence = Sentence::parse("a dog -cat  on the -beach - t-shirt");
        assert_eq!(sentence.wanted, "a dog on the - t-shirt");
        assert_eq!(sentence.excluded, ["cat", "beach"]);
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
