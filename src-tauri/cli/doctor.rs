//! `fotonovela doctor`.

use std::path::Path;
use std::process::ExitCode;

use fotonovela_core::error::Result;
use fotonovela_core::library::{Library, default_data_folder};
use fotonovela_core::platform::resources;
use fotonovela_core::types::{KeyState, Reason};
use serde::Serialize;

use super::{Arguments, open, print, print_json};
use crate::texts::Texts;

/// Folders that the system lets one user watch; fewer than this is soon used up by a photo library.
const FEW_WATCHES: u64 = 8192;

#[derive(Debug, Serialize)]
struct Check {
    name: &'static str,
    ok: bool,
    /// Whether indexing and search work without it.
    needed: bool,
    /// What is there, or what is wrong and what to do.
    detail: String,
}

/// Exit code 0: indexing and search work.
pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    let checks = checks(arguments);
    let works = checks.iter().all(|check| check.ok || !check.needed);
    if arguments.json {
        print_json(&serde_json::json!({ "works": works, "checks": checks }));
    } else {
        for Check { name, ok, needed, detail } in &checks {
            let mark = match (ok, needed) {
                (true, _) => "ok     ",
                (false, true) => "BROKEN ",
                (false, false) => "warning",
            };
            print(&format!("{mark}  {name}: {detail}"));
        }
    }
    if works { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn checks(arguments: &Arguments) -> Vec<Check> {
    let mut checks = vec![
        Check { name: "version", ok: true, needed: false, detail: env!("CARGO_PKG_VERSION").into() },
        Check {
            name: "resources",
            ok: true,
            needed: false,
            detail: resources::folder().display().to_string(),
        },
    ];
    let data = arguments.library.clone().map_or_else(default_data_folder, Ok);
    let data_detail = |data: &Path| data.display().to_string();
    match open(arguments) {
        Ok(library) => {
            checks.push(Check {
                name: "library",
                ok: true,
                needed: true,
                detail: data_detail(library.data()),
            });
            checks.extend(library_checks(&library));
        }
        Err(error) => {
            let place = data.map(|data| data_detail(&data)).unwrap_or_default();
            let detail = format!("{place}: {}", explained(&error.reason()));
            checks.push(Check { name: "library", ok: false, needed: true, detail });
        }
    }
    checks.push(watches());
    checks
}

fn library_checks(library: &Library) -> Vec<Check> {
    let runtime = match library.load_model() {
        Ok(runtime) => {
            Check { name: "ONNX Runtime", ok: true, needed: true, detail: runtime.display().to_string() }
        }
        Err(report) => {
            Check { name: "ONNX Runtime", ok: false, needed: true, detail: explained(&report.reason) }
        }
    };
    let mut checks = vec![runtime];
    checks.push(outcome("model", true, embeds(library)));
    checks.push(outcome("store", true, stored(library)));
    checks.push(keychain(library));
    checks
}

fn outcome(name: &'static str, needed: bool, result: Result<String>) -> Check {
    match result {
        Ok(detail) => Check { name, ok: true, needed, detail },
        Err(error) => Check { name, ok: false, needed, detail: explained(&error.reason()) },
    }
}

fn explained(reason: &Reason) -> String {
    Texts::of_environment().sentence(reason)
}

fn embeds(library: &Library) -> Result<String> {
    Ok(format!("{} ({} numbers a photo)", library.model_id(), library.try_model()?))
}

fn stored(library: &Library) -> Result<String> {
    let (embedded, photos) = library.embedded()?;
    Ok(format!("embedded, {embedded} of {photos} photos"))
}

fn keychain(library: &Library) -> Check {
    let (ok, detail) = match (library.check_keychain(), library.key_state()) {
        (_, Ok(KeyState::Environment)) => (true, "the key comes from OPENAI_API_KEY".into()),
        (Ok(_), Ok(KeyState::Keychain)) => (true, "holds a key for the comic service".into()),
        (Ok(_), _) => (true, "works; no key for the comic service yet".into()),
        (Err(error), _) => (false, explained(&error.reason())),
    };
    Check { name: "keychain", ok, needed: false, detail }
}

fn watches() -> Check {
    let limit = std::fs::read_to_string("/proc/sys/fs/inotify/max_user_watches")
        .ok()
        .and_then(|text| text.trim().parse::<u64>().ok());
    let (ok, detail) = match limit {
        Some(limit) if limit < FEW_WATCHES => (
            false,
            format!(
                "the system lets {limit} folders be watched; others are looked at every minute. To raise it: sudo \
                 sysctl fs.inotify.max_user_watches=524288"
            ),
        ),
        Some(limit) => (true, format!("up to {limit} folders can be watched")),
        None => (true, "this system sets no limit that can be read".into()),
    };
    Check { name: "watcher", ok, needed: false, detail }
}
