//! Comics: what is asked for, planned, drawn and kept.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::ids::{ComicId, PhotoId, VersionId};
use super::key::KeyState;

/// What is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "bindings.ts")]
pub enum ComicLayout {
    /// One page of four panels.
    #[default]
    FourPanels,
    /// One picture.
    Single,
}

/// How carefully the model draws.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "bindings.ts")]
pub enum Quality {
    /// Fast and cheap.
    Low,
    /// The usual choice.
    #[default]
    Medium,
    /// Slow, dear and detailed.
    High,
}

/// Whether a comic is a try or meant to be kept; chooses the image model.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "bindings.ts")]
pub enum Purpose {
    /// Drawn by `Settings::draft_model`.
    #[default]
    Draft,
    /// Drawn by `Settings::final_model`.
    Final,
}

/// What the person asks for. Planning sends nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "bindings.ts")]
pub struct ComicRequest {
    /// 1 to 16 photos, in the order of the tray.
    pub photos: Vec<PhotoId>,
    /// The story, or for `parent` the change.
    pub prompt: String,
    /// What is drawn.
    pub layout: ComicLayout,
    /// Draft or final.
    pub purpose: Purpose,
    /// Width and height in pixels, such as `1024x1536`.
    pub size: String,
    /// How carefully.
    pub quality: Quality,
    /// The version to change; `null` starts a new comic.
    pub parent: Option<VersionId>,
    /// Overrules the route of the settings.
    pub route: Option<String>,
}

/// A picture exactly as it will be sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "bindings.ts")]
pub struct PlannedPicture {
    /// The neutral file name, such as `photo-1.jpg`.
    pub name: String,
    /// The photo that it was made from; `null` for the drawing that is changed.
    pub photo: Option<PhotoId>,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Size in bytes.
    pub bytes: u32,
}

/// A price range in US dollars.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "bindings.ts")]
pub struct CostRange {
    /// At least about this.
    pub low_usd: f64,
    /// At most about this.
    pub high_usd: f64,
}

/// What will leave the machine, to whom, and for how much. Shown before anything is sent.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "bindings.ts")]
pub struct ComicPlan {
    /// Handle for `comic_draw`, which sends exactly this plan. Pictures:
    /// `comic://localhost/plan/<plan>/<number from 0>`.
    pub plan: u32,
    /// The pictures, in order.
    pub pictures: Vec<PlannedPicture>,
    /// Host (and port) that receives them.
    pub host: String,
    /// How the service is asked, by a name of its own.
    pub route: String,
    /// The main model, where the route has one.
    pub text_model: Option<String>,
    /// The model that draws.
    pub image_model: String,
    /// The whole text that is sent.
    pub prompt: String,
    /// What it will cost; `null` where no price is known for the host.
    pub estimate: Option<CostRange>,
    /// Where the key for the host comes from.
    pub key: KeyState,
    /// Whether it can be drawn: there is a key, or none may be needed, as on this computer.
    pub has_key: bool,
}

/// Tokens as the service counted them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(export_to = "bindings.ts")]
pub struct Usage {
    /// Text tokens that the main model read and wrote.
    pub text_model_input: u64,
    /// Text tokens that the main model wrote.
    pub text_model_output: u64,
    /// Text tokens that the image model read.
    pub image_text_input: u64,
    /// Image tokens that the image model read.
    pub image_input: u64,
    /// Image tokens that were drawn.
    pub image_output: u64,
}

/// One drawn picture: `comic://localhost/version/<id>`.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "bindings.ts")]
pub struct ComicVersion {
    /// The version.
    pub id: VersionId,
    /// The version that it changed.
    pub parent: Option<VersionId>,
    /// What the person wrote for it.
    pub prompt: String,
    /// How the service was asked.
    pub route: String,
    /// The main model, on the Responses route.
    pub text_model: Option<String>,
    /// The model that drew.
    pub image_model: String,
    /// The host that drew.
    pub host: String,
    /// Width and height as asked for.
    pub size: String,
    /// How carefully.
    pub quality: Quality,
    /// Whether this is only a preview, kept after the answer was cut off.
    pub partial: bool,
    /// Tokens as the service counted them.
    pub usage: Option<Usage>,
    /// Price in US dollars after `usage`, where prices are known.
    pub cost_usd: Option<f64>,
    /// When it was drawn, in milliseconds since 1970 (UTC).
    pub created_at: i64,
}

/// A comic, its photos and its versions (oldest first).
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "bindings.ts")]
pub struct Comic {
    /// The comic.
    pub id: ComicId,
    /// The first line of its first prompt.
    pub title: String,
    /// What was drawn.
    pub layout: ComicLayout,
    /// The photos of the library it was made from, in order. Some may have left it.
    pub photos: Vec<PhotoId>,
    /// Its versions, oldest first, never empty.
    pub versions: Vec<ComicVersion>,
    /// When it was begun, in milliseconds since 1970 (UTC).
    pub created_at: i64,
}
