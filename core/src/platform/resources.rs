//! Where the files that come with the app lie: models and ONNX Runtime.

use std::path::{Path, PathBuf};

/// Overrules the search; the folder holds `models` and `onnxruntime`.
const VARIABLE: &str = "FOTONOVELA_RESOURCES";

/// The folder of the app's own files, wherever the app was started from: what the variable FOTONOVELA_RESOURCES
/// says, else beside the program (`target/resources` for a build, `../lib/Fotonovela/resources` when installed).
pub fn folder() -> PathBuf {
    if let Some(folder) = std::env::var_os(VARIABLE) {
        return folder.into();
    }
    let program = std::env::current_exe().and_then(|path| path.canonicalize()).unwrap_or_default();
    let beside = |rest: &str| program.parent().unwrap_or(Path::new("")).join(rest);
    // A build's own come first: Tauri's copy beside the program is rewritten in place, also under a running program.
    // The second is for test programs in target/<profile>/deps.
    let candidates = [
        beside("../resources"),
        beside("../../resources"),
        beside("resources"),
        beside("../lib/Fotonovela/resources"),
    ];
    let found = candidates.iter().find(|folder| folder.join("models").is_dir());
    found.unwrap_or(&candidates[0]).clone()
}
