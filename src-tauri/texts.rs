//! What the command line says, in the reader's language; for reasons the same texts that the window shows.

use std::collections::{BTreeMap, HashMap};

use fotonovela_core::types::{Param, Reason};
use serde::Serialize;

const ENGLISH: [&str; 2] =
    [include_str!("../ui/src/locales/problems.en.json"), include_str!("cli/words.en.json")];
const SPANISH: [&str; 2] =
    [include_str!("../ui/src/locales/problems.es.json"), include_str!("cli/words.es.json")];

/// The texts of one language, by code.
pub(crate) struct Texts(HashMap<String, String>);

/// A reason as scripts read it.
#[derive(Debug, Serialize)]
pub(crate) struct RenderedReason {
    /// In the reader's language.
    pub(crate) reason: String,
    #[serde(flatten)]
    cause: Reason,
}

impl Texts {
    /// The language that the environment asks for; English where it has no texts.
    pub(crate) fn of_environment() -> Self {
        Self::of(&language(|name| std::env::var(name).ok()))
    }

    pub(crate) fn english() -> Self {
        Self::of("en")
    }

    fn of(locale: &str) -> Self {
        let is_spanish = locale.split(['_', '-', '.', '@']).next() == Some("es");
        let files = if is_spanish { SPANISH } else { ENGLISH };
        let texts = |json| -> HashMap<String, String> {
            serde_json::from_str(json).expect("the texts are flat objects; a test reads all")
        };
        Self(files.into_iter().flat_map(texts).collect())
    }

    pub(crate) fn render(&self, reason: Reason) -> RenderedReason {
        RenderedReason { reason: self.explain(&reason), cause: reason }
    }

    /// What happened and what to do, as a clause.
    pub(crate) fn explain(&self, reason: &Reason) -> String {
        self.text(&reason.code, &reason.params)
    }

    /// The same as a sentence.
    pub(crate) fn sentence(&self, reason: &Reason) -> String {
        let text = self.explain(reason);
        let mut characters = text.chars();
        let Some(first) = characters.next() else { return text };
        // A path keeps its letters.
        let begins_with_value = self.0.get(&reason.code).is_some_and(|pattern| pattern.starts_with('{'));
        let mut sentence: String =
            if begins_with_value { text } else { first.to_uppercase().chain(characters).collect() };
        if !sentence.ends_with(['.', '?', '!']) {
            sentence.push('.');
        }
        sentence
    }

    /// The text of a code; the code itself where a newer version has one without a text.
    fn text(&self, code: &str, params: &BTreeMap<String, Param>) -> String {
        let Some(pattern) = self.0.get(code) else { return code.to_owned() };
        let mut rest = pattern.as_str();
        let mut text = String::new();
        // In square brackets is what goes with parameters that may not be given.
        while let Some((before, (part, after))) =
            rest.split_once('[').and_then(|(before, after)| Some((before, after.split_once(']')?)))
        {
            self.fill(before, params, &mut text);
            if names(part).all(|name| params.contains_key(name)) {
                self.fill(part, params, &mut text);
            }
            rest = after;
        }
        self.fill(rest, params, &mut text);
        text
    }

    fn fill(&self, pattern: &str, params: &BTreeMap<String, Param>, text: &mut String) {
        let mut parts = pattern.split('{');
        text.push_str(parts.next().unwrap_or_default());
        for part in parts {
            let (name, rest) = part.split_once('}').unwrap_or((part, ""));
            match params.get(name) {
                // The code of another text, with the same parameters.
                Some(Param::Text(code)) if name == "cause" => {
                    let mut rest = params.clone();
                    rest.remove("cause");
                    text.push_str(&self.text(code, &rest));
                }
                Some(value) => text.push_str(&value.to_string()),
                None => text.push_str(&format!("{{{name}}}")),
            }
            text.push_str(rest);
        }
    }
}

/// The names of the placeholders in a pattern.
fn names(pattern: &str) -> impl Iterator<Item = &str> {
    pattern.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(name, _)| name)
}

/// The locale of messages, as POSIX orders its variables; empty if none is set.
fn language(variable: impl Fn(&str) -> Option<String>) -> String {
    let set = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().filter_map(variable);
    set.into_iter().find(|value| !value.is_empty()).unwrap_or_default()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::collections::BTreeSet;

    use fotonovela_core::error::{DecodeError, Error, Harm, Need, StoreDifference, StoreFault};
    use fotonovela_core::types::{
        DrawCode, FaultCode, Fence, FileCode, FolderCode, NoticeCode, ReasonCode, StoreCode,
    };
    use strum::VariantArray;

    use super::*;
    use crate::cli::words::Word;

    /// Every code that there is a text for.
    fn codes() -> Vec<&'static str> {
        fn all<C: ReasonCode + VariantArray + Copy>() -> impl Iterator<Item = &'static str> {
            C::VARIANTS.iter().map(|code| (*code).into())
        }
        all::<FileCode>()
            .chain(all::<FolderCode>())
            .chain(all::<FaultCode>())
            .chain(all::<StoreCode>())
            .chain(all::<DrawCode>())
            .chain(all::<NoticeCode>())
            .chain(all::<Fence>())
            .chain(all::<Word>())
            .collect()
    }

    #[test]
    fn every_code_has_one_text_in_each_language_and_each_text_a_code() {
        let codes = codes();
        let unique: BTreeSet<_> = codes.iter().copied().collect();
        assert_eq!(unique.len(), codes.len());
        for language in ["en", "es"] {
            let texts = Texts::of(language);
            let told: BTreeSet<_> = texts.0.keys().map(String::as_str).collect();
            assert_eq!(told, unique, "{language}");
        }
    }

    #[test]
    fn the_languages_have_the_same_placeholders_and_other_words() {
        let (english, spanish) = (Texts::of("en"), Texts::of("es"));
        assert_eq!(english.0.keys().collect::<BTreeSet<_>>(), spanish.0.keys().collect());
        for (code, text) in &english.0 {
            // What other programs say is English.
            let mut wanted: BTreeSet<_> = names(text).collect();
            wanted.remove("detail");
            assert_eq!(names(&spanish.0[code]).collect::<BTreeSet<_>>(), wanted, "{code}");
            let is_same_in_both =
                ["error_is", "thumbnail_written", "check_runtime", "album_told"].contains(&&**code);
            assert_eq!(text == &spanish.0[code], is_same_in_both, "{code}");
        }
    }

    #[test]
    fn what_is_wrong_with_a_file_fills_its_text() {
        let lacking = |needs| DecodeError::Lacking { kind: "HEIC".into(), needs };
        let decode = [
            DecodeError::Unsupported(Some("PSD".into())),
            DecodeError::Unsupported(None),
            lacking(Need::Codec("vvc1".into())),
            lacking(Need::ColorMatrix(9)),
            lacking(Need::Colors("La16".into())),
            lacking(Need::InkProfile),
            lacking(Need::Preview),
            lacking(Need::Feature("dependent slices".into())),
            DecodeError::Empty,
            DecodeError::Truncated,
            DecodeError::NotAPicture,
            DecodeError::Corrupt("marker 7".into()),
            DecodeError::TooLarge { width: 50_000, height: 40_000 },
        ];
        let harm = [Harm::Crashed("signal 11".into()), Harm::TooSlow(30), Harm::Ours, Harm::TooHungry(9)];
        decode
            .iter()
            .map(Reason::from)
            .chain(harm.iter().map(Reason::from))
            .for_each(|reason| fills(&reason));
    }

    /// Neither a placeholder nor a bracket is left, and each parameter is told but for the words of others.
    fn fills(reason: &Reason) {
        for language in ["en_GB.UTF-8", "es_ES.UTF-8"] {
            let text = Texts::of(language).explain(reason);
            assert!(!text.contains(['{', '[', ']']), "{text}");
            for (name, value) in &reason.params {
                let is_told = text.contains(&value.to_string());
                assert!(is_told || ["detail", "cause"].contains(&&**name), "{reason}: {text}");
            }
        }
    }

    #[test]
    fn what_goes_wrong_elsewhere_fills_its_text() {
        let broken = || std::io::Error::other("broken");
        let store = || "http://here:1".to_owned();
        let reason = || "refused".to_owned();
        let foreign = |difference| -> Error {
            StoreFault::Foreign { store: store(), collection: "theirs".into(), difference }.into()
        };
        let errors = [
            Error::Cancelled,
            Error::read("/photos", broken()),
            Error::write("/data", broken()),
            Error::Decoder("no program".into()),
            Error::Inference("no output".into()),
            Error::Dimension { expected: 1280, got: 7 },
            Error::Locked("/data".into()),
            StoreFault::Away { store: store(), reason: reason() }.into(),
            StoreFault::Slow { store: store(), seconds: 5 }.into(),
            StoreFault::NotStarted(store()).into(),
            StoreFault::Certificate { store: store(), reason: reason() }.into(),
            StoreFault::Token(store()).into(),
            StoreFault::TokenInClear(store()).into(),
            foreign(StoreDifference::Owner),
            foreign(StoreDifference::Vectors),
            foreign(StoreDifference::Dimension { found: 7, expected: 1280 }),
            foreign(StoreDifference::Metric),
            StoreFault::RowsLost(store()).into(),
            StoreFault::Uncounted(store()).into(),
            StoreFault::Failed { store: store(), reason: reason() }.into(),
            StoreFault::NotBuilt(store()).into(),
        ];
        errors.iter().for_each(|error| fills(&error.reason()));
    }

    #[test]
    fn the_cause_of_a_reason_is_told_in_it() {
        let model =
            FaultCode::ModelChecksum.with("path", "/models/a.onnx").within(FaultCode::SimilarUnavailable);
        let told = Texts::of("en").sentence(&model);
        let expected = "Similar photos cannot be found: the model /models/a.onnx cannot be used: its checksum is wrong. Run";
        assert!(told.starts_with(expected), "{told}");
        let again = model.within(FaultCode::IndexUnavailable);
        let told = Texts::of("es").sentence(&again);
        assert!(
            told.starts_with("No se pueden indexar fotos: el modelo /models/a.onnx no se puede"),
            "{told}"
        );
    }

    #[test]
    fn the_first_variable_that_says_something_names_the_language() {
        let of = |set: &[(&str, &str)]| {
            language(|name| set.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
        };
        assert_eq!(of(&[("LANG", "es_ES.UTF-8"), ("LC_ALL", "")]), "es_ES.UTF-8");
        assert_eq!(of(&[("LANG", "es_ES"), ("LC_MESSAGES", "C")]), "C");
        assert_eq!(of(&[("LANG", "es_ES"), ("LC_MESSAGES", "es_ES"), ("LC_ALL", "POSIX")]), "POSIX");
        assert_eq!(of(&[]), "");
        let empty = FileCode::Empty.reason();
        for locale in ["", "C", "C.UTF-8", "POSIX", "de_DE", "est_EE"] {
            assert!(Texts::of(locale).explain(&empty).starts_with("the file is empty"), "{locale}");
        }
        for locale in ["es", "es_MX.UTF-8", "es@euro", "es-ES"] {
            assert!(Texts::of(locale).explain(&empty).starts_with("el archivo está vacío"), "{locale}");
        }
    }
}
