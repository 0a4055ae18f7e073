//! `fotonovela doctor`.

use std::path::Path;
use std::process::ExitCode;

use fotonovela_core::error::Result;
use fotonovela_core::library::{Library, default_data_folder};
use fotonovela_core::platform::resources;
use fotonovela_core::types::{Confinement, KeyState, Reason, ReasonCode};
use serde::{Serialize, Serializer};

use super::words::{Word, say};
use super::{Arguments, open, print, print_json};
use crate::texts::Texts;

/// Folders that the system lets one user watch; fewer than this is soon used up by a photo library.
const FEW_WATCHES: u64 = 8192;

#[derive(Debug, Serialize)]
struct Check {
    #[serde(serialize_with = "in_english")]
    name: Word,
    ok: bool,
    /// Whether indexing and search work without it.
    needed: bool,
    /// What is there, or what is wrong and what to do.
    detail: String,
    /// Of the decoders.
    #[serde(skip_serializing_if = "Option::is_none")]
    confinement: Option<Confinement>,
}

impl Check {
    fn new(name: Word, ok: bool, needed: bool, detail: String) -> Self {
        Self { name, ok, needed, detail, confinement: None }
    }
}

/// Exit code 0: indexing and search work.
pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    let checks = checks(arguments);
    let works = checks.iter().all(|check| check.ok || !check.needed);
    if arguments.json {
        print_json(&serde_json::json!({ "works": works, "checks": checks }));
    } else {
        for Check { name, ok, needed, detail, .. } in &checks {
            let mark = match (ok, needed) {
                (true, _) => Word::CheckWorks,
                (false, true) => Word::CheckBroken,
                (false, false) => Word::CheckWarning,
            };
            print(&format!("{:7}  {}: {detail}", say(&mark.reason()), say(&name.reason())));
        }
    }
    if works { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn checks(arguments: &Arguments) -> Vec<Check> {
    let mut checks = vec![
        Check::new(Word::CheckVersion, true, false, env!("CARGO_PKG_VERSION").into()),
        Check::new(Word::CheckResources, true, false, resources::folder().display().to_string()),
    ];
    let data = arguments.library.clone().map_or_else(default_data_folder, Ok);
    let data_detail = |data: &Path| data.display().to_string();
    match open(arguments) {
        Ok(library) => {
            checks.push(Check::new(Word::CheckLibrary, true, true, data_detail(library.data())));
            checks.extend(library_checks(&library));
        }
        Err(error) => {
            let place = data.map(|data| data_detail(&data)).unwrap_or_default();
            let detail = format!("{place}: {}", explained(&error.reason()));
            checks.push(Check::new(Word::CheckLibrary, false, true, detail));
        }
    }
    checks.push(watches());
    checks
}

fn library_checks(library: &Library) -> Vec<Check> {
    let runtime = match library.load_model() {
        Ok(runtime) => Check::new(Word::CheckRuntime, true, true, runtime.display().to_string()),
        Err(report) => Check::new(Word::CheckRuntime, false, true, explained(&report.reason)),
    };
    let mut checks = vec![runtime];
    checks.push(outcome(Word::CheckModel, true, embeds(library)));
    checks.push(outcome(Word::CheckStore, true, stored(library)));
    checks.push(confined(library));
    checks.push(keychain(library));
    checks
}

fn outcome(name: Word, needed: bool, result: Result<String>) -> Check {
    match result {
        Ok(detail) => Check::new(name, true, needed, detail),
        Err(error) => Check::new(name, false, needed, explained(&error.reason())),
    }
}

fn explained(reason: &Reason) -> String {
    Texts::of_environment().sentence(reason)
}

fn embeds(library: &Library) -> Result<String> {
    let dimension = library.try_model()?;
    Ok(say(&Word::ModelWorks.with("model", library.model_id()).with("dimension", dimension)))
}

fn stored(library: &Library) -> Result<String> {
    let (embedded, photos) = library.embedded()?;
    Ok(say(&Word::StoreWorks.with("embedded", embedded).with("photos", photos)))
}

fn keychain(library: &Library) -> Check {
    let (ok, detail) = match (library.check_keychain(), library.key_state()) {
        (_, Ok(KeyState::Environment)) => (true, say(&Word::KeyFromEnvironment.reason())),
        (Ok(_), Ok(KeyState::Keychain)) => (true, say(&Word::KeyInKeychain.reason())),
        (Ok(_), _) => (true, say(&Word::KeyMissing.reason())),
        (Err(error), _) => (false, explained(&error.reason())),
    };
    Check::new(Word::CheckKeychain, ok, false, detail)
}

/// Decoders are needed; where the system has less to confine them with, they decode all the same.
fn confined(library: &Library) -> Check {
    let confinement = match library.confinement() {
        Ok(confinement) => confinement,
        Err(error) => return Check::new(Word::CheckDecoders, false, true, explained(&error.reason())),
    };
    let missing: Vec<_> = confinement.missing.iter().map(explained).collect();
    let detail = match missing.as_slice() {
        [] => say(&Word::Confined.with("landlock", confinement.landlock)),
        missing => missing.join(" "),
    };
    let check = Check::new(Word::CheckDecoders, missing.is_empty(), false, detail);
    Check { confinement: Some(confinement), ..check }
}

fn watches() -> Check {
    let limit = std::fs::read_to_string("/proc/sys/fs/inotify/max_user_watches")
        .ok()
        .and_then(|text| text.trim().parse::<u64>().ok());
    let (ok, detail) = match limit {
        Some(limit) if limit < FEW_WATCHES => (false, Word::WatchesFew.with("limit", limit)),
        Some(limit) => (true, Word::WatchesMany.with("limit", limit)),
        None => (true, Word::WatchesUnlimited.reason()),
    };
    Check::new(Word::CheckWatcher, ok, false, say(&detail))
}

/// Scripts know a check by one name in every language.
fn in_english<S: Serializer>(name: &Word, serializer: S) -> std::result::Result<S::Ok, S::Error> {
    serializer.serialize_str(&Texts::english().explain(&name.reason()))
}
