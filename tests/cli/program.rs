//! Runs the program in a home of its own.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

use crate::support;

/// A folder of photos, a library beside it, and the program.
pub(crate) struct Program {
    dir: TempDir,
}

impl Program {
    /// With photos of these names, each another picture.
    pub(crate) fn with(names: &[&str]) -> Self {
        let program = Self { dir: tempfile::tempdir().unwrap() };
        std::fs::create_dir(program.photos()).unwrap();
        for (seed, name) in (1..).zip(names) {
            support::write(&program.photos().join(name), &support::photo(seed));
        }
        program
    }

    pub(crate) fn root(&self) -> PathBuf {
        self.dir.path().canonicalize().unwrap()
    }

    pub(crate) fn photos(&self) -> PathBuf {
        self.root().join("photos")
    }

    pub(crate) fn library(&self) -> PathBuf {
        // Two levels that are not there: the program makes them.
        self.root().join("data/library")
    }

    /// The program, started elsewhere than where it was built, without a key or keychain of the machine.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fotonovela"));
        command
            .current_dir(self.dir.path())
            .env_remove("OPENAI_API_KEY")
            .env("LC_ALL", "C.UTF-8")
            .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
            .arg("--library")
            .arg(self.library())
            .args(arguments);
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// The one JSON object that a command answers; it must succeed.
    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        let output = self.run(&[arguments, &["--json"]].concat());
        assert!(output.status.success(), "{}", stderr(&output));
        one_object(&output)
    }

    /// Indexes the folder of photos, so that they can be found as wholes.
    pub(crate) fn index(&self) -> Value {
        self.json(&["index", self.photos().to_str().unwrap(), "--passes", "photo"])
    }
}

/// What stdout holds: one line, one object.
pub(crate) fn one_object(output: &Output) -> Value {
    let stdout = String::from_utf8(output.stdout.clone()).unwrap();
    assert_eq!(stdout.lines().count(), 1, "{stdout}");
    serde_json::from_str(&stdout).unwrap()
}

pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The names of an object's fields, sorted.
pub(crate) fn keys(object: &Value) -> Vec<&str> {
    let mut keys: Vec<&str> = object.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}

pub(crate) fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}
