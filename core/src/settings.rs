//! What the person chose. A readable JSON file in the data folder; unknown or missing fields get their defaults.

use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

use crate::error::{Error, Result};
use crate::platform::address::ServiceUrl;
use crate::platform::files::write_whole;
use crate::types::{Effort, FaultCode, ReasonCode};
use crate::vectors::StoreUri;

/// Light, dark, or as the system says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "bindings.ts")]
pub enum Theme {
    /// As the system says.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

/// Language of the window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "bindings.ts")]
pub enum Language {
    /// As the system says, English where it has none of ours.
    #[default]
    System,
    /// English.
    En,
    /// Spanish.
    Es,
}

/// The settings of a library.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(export_to = "bindings.ts")]
pub struct Settings {
    /// Light, dark, or as the system says.
    pub theme: Theme,
    /// Language of the window.
    pub language: Language,
    /// Height of a row in the grid, in CSS pixels, 120 to 360.
    pub row_height: u32,
    /// How much of the machine indexing may take.
    pub effort: Effort,
    /// The model that photos are found by, such as `efficientnet-lite0@1`; `null`: the bundled one. Another one answers
    /// until it has seen all photos.
    pub model: Option<String>,
    /// Where vectors are searched: `embedded`, or the address of a vector store.
    pub store: String,
    /// Where comics are drawn; the path ends with `/v1`.
    pub base_url: String,
    /// How the service is asked; `null` lets Fotonovela choose by host.
    pub route: Option<String>,
    /// The model that reads the prompt (`/v1/responses`).
    pub text_model: String,
    /// The model that draws quick drafts.
    pub draft_model: String,
    /// The model that draws finals.
    pub final_model: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: Theme::default(),
            language: Language::default(),
            row_height: 180,
            effort: Effort::default(),
            model: None,
            store: StoreUri::default().to_string(),
            base_url: "https://api.openai.com/v1".into(),
            route: None,
            text_model: "gpt-4o".into(),
            draft_model: "gpt-image-2.6-flare".into(),
            final_model: "gpt-image-2.6-sunburst".into(),
        }
    }
}

const FILE: &str = "settings.json";

impl Settings {
    /// Reads the settings of a data folder. A missing or unreadable file gives the defaults, and a value that cannot be
    /// used its own default; then a copy of the file is kept.
    pub fn read(data: &Path) -> Self {
        Self::default().updated(data)
    }

    /// What a data folder keeps, as [`Self::read`], with these values instead of the defaults.
    pub(crate) fn updated(self, data: &Path) -> Self {
        let path = data.join(FILE);
        let Ok(bytes) = std::fs::read(&path) else { return self };
        let given: Map<String, Value> = serde_json::from_slice(&bytes).unwrap_or_default();
        let (settings, refused) = self.with(&given);
        if given.is_empty() || !refused.is_empty() {
            tracing::warn!(path = %path.display(), ?refused, "the settings are damaged; what cannot be used is left out");
            if let Err(error) = std::fs::copy(&path, data.join("settings.damaged.json")) {
                tracing::warn!(%error, "the damaged settings could not be copied");
            }
        }
        settings
    }

    /// Takes over each value in which `changed` differs from `before`.
    pub(crate) fn take_changes(&mut self, before: &Self, changed: &Self) {
        let before = before.values();
        let changes = changed.values().into_iter().filter(|(name, value)| before.get(name) != Some(value));
        let (settings, _) = self.clone().with(&changes.collect());
        *self = settings;
    }

    fn values(&self) -> Map<String, Value> {
        match serde_json::to_value(self).expect("settings are plain values") {
            Value::Object(values) => values,
            _ => unreachable!("settings have names"),
        }
    }

    /// The settings with each of these values that can be used, and the names of the others.
    fn with(self, given: &Map<String, Value>) -> (Self, Vec<&str>) {
        let mut settings = self;
        let mut refused = Vec::new();
        for (name, value) in given {
            let mut values = settings.values();
            // What a newer version knows is none of ours.
            let Some(place) = values.get_mut(name) else { continue };
            *place = value.clone();
            match serde_json::from_value::<Self>(Value::Object(values)) {
                Ok(with) if with.check().is_ok() => settings = with,
                _ => refused.push(name.as_str()),
            }
        }
        (settings, refused)
    }

    /// Writes the settings into a data folder.
    ///
    /// # Errors
    /// [`Error::Write`].
    pub fn write(&self, data: &Path) -> Result<()> {
        let text = serde_json::to_string_pretty(self).expect("settings are plain values");
        write_whole(&data.join(FILE), text.as_bytes())
    }

    /// Whether all of it can be used.
    ///
    /// # Errors
    /// [`Error::Invalid`], with what to write instead.
    pub fn check(&self) -> Result<()> {
        if !(120..=360).contains(&self.row_height) {
            return Err(Error::Invalid(FaultCode::RowHeight.reason()));
        }
        let models = [&self.text_model, &self.draft_model, &self.final_model];
        if models.iter().any(|model| model.trim().is_empty()) {
            return Err(Error::Invalid(FaultCode::ModelNameEmpty.reason()));
        }
        self.store.parse::<StoreUri>()?;
        ServiceUrl::parse(&self.base_url).map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_and_missing_fields_do_no_harm() {
        let data = tempfile::tempdir().unwrap();
        std::fs::write(data.path().join(FILE), r#"{"theme":"dark","fromTheFuture":1}"#).unwrap();
        let settings = Settings::read(data.path());
        assert_eq!(settings, Settings { theme: Theme::Dark, ..Settings::default() });
    }

    #[test]
    fn damaged_settings_are_kept_aside() {
        let data = tempfile::tempdir().unwrap();
        for damaged in [&b"{"[..], b"", b"[1]", b"{\"theme\":\"dark\",\"finalModel\":\"mine-\xff\"}"] {
            std::fs::write(data.path().join(FILE), damaged).unwrap();
            assert_eq!(Settings::read(data.path()), Settings::default());
            assert_eq!(std::fs::read(data.path().join("settings.damaged.json")).unwrap(), damaged);
        }
    }

    #[test]
    fn a_value_that_cannot_be_used_costs_that_value() {
        let data = tempfile::tempdir().unwrap();
        let text = r#"{"store":"a box of vectors","rowHeight":7,"theme":"dark","effort":3,"textModel":" "}"#;
        std::fs::write(data.path().join(FILE), text).unwrap();
        assert_eq!(Settings::read(data.path()), Settings { theme: Theme::Dark, ..Settings::default() });
        assert_eq!(std::fs::read_to_string(data.path().join("settings.damaged.json")).unwrap(), text);
    }

    #[test]
    fn what_was_written_is_read() {
        let data = tempfile::tempdir().unwrap();
        let settings = Settings { row_height: 240, route: Some("edits".into()), ..Settings::default() };
        settings.write(data.path()).unwrap();
        assert_eq!(Settings::read(data.path()), settings);
    }

    #[test]
    fn only_what_was_changed_is_taken_over() {
        let before = Settings::default();
        let changed = Settings { theme: Theme::Dark, row_height: 240, ..Settings::default() };
        let mut elsewhere = Settings { store: "qdrant+http://localhost:6334".into(), ..Settings::default() };
        elsewhere.row_height = 300;
        elsewhere.take_changes(&before, &changed);
        assert_eq!((elsewhere.theme, elsewhere.row_height), (Theme::Dark, 240));
        assert_eq!(elsewhere.store, "qdrant+http://localhost:6334");
    }

    #[test]
    fn plain_http_is_for_this_machine_only() {
        let at = |base_url: &str| Settings { base_url: base_url.into(), ..Settings::default() }.check();
        assert!(at("http://127.0.0.1:8080/v1").is_ok());
        assert!(at("http://example.com/v1").is_err());
    }
}
