//! Files that a person has a command write.

use std::path::PathBuf;

use clap::builder::{PathBufValueParser, TypedValueParser};
use fotonovela_core::types::ReasonCode;

use super::words::{Word, say};

/// Takes file names with one of these endings; others are refused as wrong usage.
pub(super) fn ending(known: &'static [&'static str]) -> impl TypedValueParser<Value = PathBuf> {
    PathBufValueParser::new().try_map(move |path| {
        let ending = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        if known.contains(&ending.as_str()) {
            return Ok(path);
        }
        Err(say(&Word::EndingUnknown.with("known", known.join(", "))))
    })
}
