//! A drawing to ask for, what happens on the way to it, and what comes of it.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use serde::Deserialize;

use crate::types::{Quality, Route, Usage};

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

/// A picture that is sent.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    /// The neutral file name, such as `photo-1.jpg`.
    pub name: String,
    /// `image/jpeg`, `image/png` or `image/webp`.
    pub media_type: String,
    /// The file.
    pub bytes: Bytes,
}

impl fmt::Debug for Picture {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} ({}, {} bytes)", self.name, self.media_type, self.bytes.len())
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

/// What happens on the way to a [`Drawing`], in this order but for `Retrying`.
#[derive(Clone, PartialEq, Eq)]
pub enum DrawProgress {
    /// The service asked to wait; the request will be sent again.
    Retrying {
        /// The pause.
        after: Duration,
    },
    /// The request has left this machine: from here on it may be billed.
    Sent,
    /// The service began to work.
    Drawing,
    /// A preview, each better than the last.
    Partial {
        /// A PNG, JPEG or WebP.
        bytes: Vec<u8>,
    },
}

impl fmt::Debug for DrawProgress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Retrying { after } => write!(formatter, "Retrying {{ after: {after:?} }}"),
            Self::Sent => formatter.write_str("Sent"),
            Self::Drawing => formatter.write_str("Drawing"),
            Self::Partial { bytes } => write!(formatter, "Partial {{ {} bytes }}", bytes.len()),
        }
    }
}

/// A finished picture.
#[derive(Clone, PartialEq, Eq)]
pub struct Drawing {
    /// The file as the service made it, with its marks of origin (C2PA).
    pub bytes: Vec<u8>,
    /// `image/png`, `image/jpeg` or `image/webp`, as the bytes say.
    pub media_type: &'static str,
    /// Tokens as the service counted them.
    pub usage: Option<Usage>,
    /// The service's name for the answer, on [`Route::Responses`].
    pub response_id: Option<String>,
    /// What the main model made of the prompt.
    pub revised_prompt: Option<String>,
}

impl fmt::Debug for Drawing {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Drawing")
            .field("bytes", &self.bytes.len())
            .field("media_type", &self.media_type)
            .field("usage", &self.usage)
            .field("response_id", &self.response_id)
            .finish_non_exhaustive()
    }
}

/// A model that the service lists.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ModelInfo {
    /// Its name.
    pub id: String,
    /// The day it ends, `YYYY-MM-DD`, if that is announced.
    #[serde(default)]
    pub shutdown_date: Option<String>,
}
