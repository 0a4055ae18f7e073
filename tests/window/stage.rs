//! What a test plays with: folders of its own for the photos, the library and the program's own files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use super::fake_service::FakeService;
use super::photos;
use super::support::Window;

/// The program under test.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_fotonovela");

/// Folders that vanish with it. Windows may be opened on it one after the other.
pub struct Stage {
    folder: TempDir,
    variables: BTreeMap<String, String>,
}

impl Stage {
    /// Without photos.
    pub fn empty() -> Self {
        assert!(
            std::env::var_os("DISPLAY").is_some(),
            "there is no screen: run the tests by scripts/with-screen.sh"
        );
        let stage = Self { folder: tempfile::tempdir().unwrap(), variables: BTreeMap::new() };
        for folder in [stage.photos(), stage.library(), stage.path("out")] {
            std::fs::create_dir_all(folder).unwrap();
        }
        let program = format!("#!/bin/sh\nexec \"{PROGRAM}\" \"$@\" 2>>\"{}\"\n", stage.log_file().display());
        std::fs::write(stage.launcher(), program).unwrap();
        assert!(Command::new("chmod").arg("+x").arg(stage.launcher()).status().unwrap().success());
        stage
    }

    /// With all photos in its folder.
    pub fn with_photos() -> Self {
        let stage = Self::empty();
        photos::write_all(&stage.photos());
        stage
    }

    /// Sets what the program finds in its environment.
    pub fn with_variable(mut self, name: &str, value: &str) -> Self {
        self.variables.insert(name.into(), value.into());
        self
    }

    /// Lets the library draw its comics at `service`.
    pub fn drawing_at(self, service: &FakeService) -> Self {
        self.with_settings(&serde_json::json!({ "baseUrl": service.url() }))
    }

    /// Writes the settings of the library, before a window is opened.
    pub fn with_settings(self, settings: &Value) -> Self {
        std::fs::write(self.settings_file(), settings.to_string()).unwrap();
        self
    }

    /// The settings as they are kept.
    pub fn settings(&self) -> Value {
        serde_json::from_str(&std::fs::read_to_string(self.settings_file()).unwrap_or_default())
            .unwrap_or_default()
    }

    /// Opens the window.
    pub fn open(&self) -> Window {
        Window::open(self)
    }

    /// Opens the window, adds the folder of photos and waits until all is indexed.
    pub fn open_with_photos(&self) -> Window {
        let window = self.open();
        window.click("add-folder");
        window.until("all photos are there", || window.count("photo") == photos::COUNT);
        window.until_indexed();
        window
    }

    pub fn photos(&self) -> PathBuf {
        self.path("photos")
    }

    pub fn library(&self) -> PathBuf {
        self.path("library")
    }

    /// Where the scripted dialog for saving puts a file.
    pub fn saved_file(&self) -> PathBuf {
        self.path("out/comic.png")
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn launcher(&self) -> PathBuf {
        self.path("launch")
    }

    /// What the program said on stderr so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.log_file()).unwrap_or_default()
    }

    /// All files of this stage that hold `text`.
    pub fn files_with(&self, text: &str) -> Vec<PathBuf> {
        let mut found = Vec::new();
        search(self.folder.path(), text.as_bytes(), &mut found);
        found
    }

    /// The environment of the program.
    pub fn prepare<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        for (name, folder) in [
            ("XDG_DATA_HOME", "home/data"),
            ("XDG_CONFIG_HOME", "home/config"),
            ("XDG_CACHE_HOME", "home/cache"),
        ] {
            command.env(name, self.path(folder));
        }
        command
            .env_remove("OPENAI_API_KEY")
            .env("WEBKIT_DISABLE_DMABUF_RENDERER", "1")
            .env("FOTONOVELA_PICK_FOLDER", self.photos())
            .env("FOTONOVELA_PICK_FILE", self.saved_file())
            .env("FOTONOVELA_LOG", "warn,fotonovela=debug,fotonovela_core=debug")
            .envs(&self.variables)
    }

    fn log_file(&self) -> PathBuf {
        self.path("log")
    }

    fn settings_file(&self) -> PathBuf {
        self.library().join("settings.json")
    }
}

fn search(folder: &Path, text: &[u8], found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            search(&path, text, found);
        } else if std::fs::read(&path).is_ok_and(|bytes| bytes.windows(text.len()).any(|part| part == text)) {
            found.push(path);
        }
    }
}
