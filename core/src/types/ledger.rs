//! What was asked of services that draw, and what it cost.

use serde::{Deserialize, Serialize};

use super::comic::{CostRange, Quality, Usage};
use super::ids::{ComicId, RequestId};
use super::reason::Reason;

/// What is known of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestState {
    /// It was sent, and no picture came yet, or none ever will.
    MayBeBilled,
    /// A picture came.
    Drawn,
    /// It was refused, or never reached the service.
    NotBilled,
}

/// One request to a service that draws.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LedgerEntry {
    /// The request.
    pub id: RequestId,
    /// What is known of it.
    pub state: RequestState,
    /// The host that was asked.
    pub host: String,
    /// How it was asked, by a name of the service's own.
    pub route: String,
    /// The main model, where the route has one.
    pub text_model: Option<String>,
    /// The model that draws.
    pub image_model: String,
    /// What the person wrote.
    pub prompt: String,
    /// Width and height as asked for.
    pub size: String,
    /// How carefully.
    pub quality: Quality,
    /// What it was expected to cost.
    pub estimate: Option<CostRange>,
    /// Tokens as the service counted them.
    pub usage: Option<Usage>,
    /// Price in US dollars after `usage`.
    pub cost_usd: Option<f64>,
    /// When it was sent, in milliseconds since 1970.
    pub sent_at: i64,
    /// When it ended; `null`: it is under way, or the program ended before it.
    pub ended_at: Option<i64>,
    /// Why there is no picture.
    pub problem: Option<Reason>,
    /// The comic that its picture is in.
    pub comic: Option<ComicId>,
}
