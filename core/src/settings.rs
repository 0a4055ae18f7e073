//! What the person chose. A readable JSON file in the data folder; unknown or missing fields get their defaults.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::comic::Route;

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
    /// Where comics are drawn; the path ends with `/v1`.
    pub base_url: String,
    /// How the service is asked; `null` lets Fotonovela choose by host.
    pub route: Option<Route>,
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
            base_url: "https://api.openai.com/v1".into(),
            route: None,
            text_model: "gpt-4o".into(),
            draft_model: "gpt-image-2.6-flare".into(),
            final_model: "gpt-image-2.6-sunburst".into(),
        }
    }
}
