//! What any service can be asked to draw, what happens on the way to it, and what comes of it.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

use crate::types::{Quality, Usage};

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

/// A drawing to ask for. It is complete in itself: a change brings the last drawing as a picture and repeats in its prompt
/// what must stay.
#[derive(Clone, Debug)]
pub struct DrawOrder {
    /// How the service is asked, by a name of its own; `None` lets it choose.
    pub route: Option<String>,
    /// The model that reads the prompt, where the route has one.
    pub text_model: String,
    /// The model that draws.
    pub image_model: String,
    /// What is to be drawn.
    pub prompt: String,
    /// The pictures, in the order in which the prompt counts them, each with its width and height.
    pub pictures: Vec<Picture>,
    /// Width and height of the pictures, in pixels.
    pub sides: Vec<(u32, u32)>,
    /// Whether the first picture is changed, rather than a new one drawn.
    pub change: bool,
    /// Width and height in pixels, such as `1024x1536`.
    pub size: String,
    /// How carefully.
    pub quality: Quality,
    /// How many previews are wanted, 0 to 3; fewer may come.
    pub previews: u8,
    /// Random text of this installation, by which a service knows who misuses it.
    pub safety_identifier: Option<String>,
}

/// Takes the bytes of an answer as they come, so that what was paid for is kept before anything is made of it.
pub type Recorder = Arc<dyn Fn(&[u8]) + Send + Sync>;

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
