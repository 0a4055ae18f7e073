//! What is asked of the service, by its own names, and how long it is waited for.

use std::time::Duration;

use serde::Deserialize;

use super::route::Route;
use crate::comic::order::{DrawOrder, Picture};
use crate::types::Quality;

/// How long the service is waited for.
#[derive(Clone, Copy, Debug)]
pub struct Timing {
    /// For a connection.
    pub connect: Duration,
    /// For the next byte of a drawing, in either direction. A drawing as a whole has no limit: it may take minutes.
    pub idle: Duration,
    /// For the list of models as a whole.
    pub models: Duration,
    /// Before a repetition, where the service does not say; doubles each time.
    pub backoff: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            idle: Duration::from_secs(240),
            models: Duration::from_secs(20),
            backoff: Duration::from_secs(1),
        }
    }
}

/// A drawing to ask for. It is complete in itself: the service remembers nothing from one to the next, so a change
/// brings the last drawing as a picture and repeats in its prompt what must stay.
#[derive(Clone, Debug)]
pub struct DrawJob {
    /// How the service is asked.
    pub route: Route,
    /// The main model; not sent on [`Route::Edits`].
    pub text_model: String,
    /// The model that draws.
    pub image_model: String,
    /// The whole text that is sent, but [`INSTRUCTIONS`] on [`Route::Responses`].
    pub prompt: String,
    /// 1 to [`MOST_PICTURES`] pictures, in the order that the prompt counts them.
    pub pictures: Vec<Picture>,
    /// Whether the first picture is changed, rather than a new one drawn.
    pub change: bool,
    /// Width and height in pixels, such as `1024x1536`, or `auto`.
    pub size: String,
    /// How carefully.
    pub quality: Quality,
    /// How many previews are wanted, 0 to 3; fewer may come. With 0, [`Route::Edits`] is not streamed, which is
    /// what basic compatible servers understand.
    pub partial_images: u8,
    /// Random text of this installation, at most 64 characters, by which the service knows who misuses it; not
    /// sent on [`Route::Edits`], which does not know it.
    pub safety_identifier: Option<String>,
}

impl DrawJob {
    /// What is asked for by this route.
    pub fn new(order: &DrawOrder, route: Route) -> Self {
        Self {
            route,
            text_model: order.text_model.clone(),
            image_model: order.image_model.clone(),
            prompt: order.prompt.clone(),
            pictures: order.pictures.clone(),
            change: order.change,
            size: order.size.clone(),
            quality: order.quality,
            partial_images: order.previews,
            safety_identifier: order.safety_identifier.clone(),
        }
    }
}

/// A model that the service lists.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ServiceModel {
    /// Its name.
    pub id: String,
    /// The day it ends, `YYYY-MM-DD`, if that is announced.
    #[serde(default)]
    pub shutdown_date: Option<String>,
}
