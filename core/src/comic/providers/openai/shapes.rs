//! The JSON of answers. A picture in it was paid for: a field of another shape than expected counts as missing and costs
//! nothing but itself.

use std::borrow::Cow;

use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::types::Usage;

/// A field that counts as missing where it has another shape.
#[derive(Clone, Copy)]
pub(super) struct Lenient<T>(pub(super) Option<T>);

impl<T> Default for Lenient<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Lenient<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&RawValue>::deserialize(deserializer)?;
        Ok(Self(serde_json::from_str(raw.get()).ok()))
    }
}

impl<T> Lenient<T> {
    pub(super) fn as_ref(&self) -> Option<&T> {
        self.0.as_ref()
    }
}

/// A list of which the entries of another shape are left out.
#[derive(Deserialize)]
#[serde(transparent)]
pub(super) struct Entries<T>(Vec<Lenient<T>>);

impl<T> Lenient<Entries<T>> {
    pub(super) fn items(self) -> impl Iterator<Item = T> {
        self.0.into_iter().flat_map(|list| list.0).filter_map(|item| item.0)
    }
}

/// Text that is borrowed from the event unless it holds escapes.
#[derive(Deserialize)]
pub(super) struct Text<'a>(#[serde(borrow)] pub(super) Cow<'a, str>);

#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
pub(super) struct EventKind<'a> {
    #[serde(borrow, rename = "type")]
    pub(super) name: Lenient<Text<'a>>,
    pub(super) error: Option<Value>,
    /// Only in a whole response.
    pub(super) output: Option<IgnoredAny>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct PartialEvent<'a> {
    /// On `responses`.
    #[serde(borrow)]
    pub(super) partial_image_b64: Lenient<Text<'a>>,
    /// On `images/edits`.
    #[serde(borrow)]
    pub(super) b64_json: Lenient<Text<'a>>,
}

#[derive(Deserialize)]
pub(super) struct ItemEvent<'a> {
    #[serde(borrow)]
    pub(super) item: OutputItem<'a>,
}

#[derive(Deserialize)]
pub(super) struct ResponseEvent<'a> {
    #[serde(borrow)]
    pub(super) response: Response<'a>,
}

/// One item of a response's output; only images and messages are read.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct OutputItem<'a> {
    #[serde(borrow, rename = "type")]
    pub(super) kind: Lenient<Text<'a>>,
    pub(super) status: Lenient<String>,
    #[serde(borrow)]
    pub(super) result: Lenient<Text<'a>>,
    pub(super) revised_prompt: Lenient<String>,
    pub(super) error: Option<Value>,
    pub(super) content: Lenient<Entries<Content>>,
}

/// What a message says: `output_text` has `text`, a refusal has `refusal`.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Content {
    pub(super) text: Lenient<String>,
    pub(super) refusal: Lenient<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Response<'a> {
    pub(super) id: Lenient<String>,
    pub(super) status: Lenient<String>,
    pub(super) error: Option<Value>,
    pub(super) incomplete_details: Option<Value>,
    #[serde(borrow)]
    pub(super) output: Lenient<Entries<OutputItem<'a>>>,
    pub(super) usage: Lenient<Tokens>,
    pub(super) tool_usage: Lenient<ToolUsage>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct ToolUsage {
    pub(super) image_gen: Lenient<Tokens>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Tokens {
    input_tokens: Lenient<u64>,
    output_tokens: Lenient<u64>,
    input_tokens_details: Lenient<InputTokens>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct InputTokens {
    text_tokens: Lenient<u64>,
    image_tokens: Lenient<u64>,
}

/// The end of `images/edits`: the last event, or the whole answer with the picture in `data`.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Image<'a> {
    #[serde(borrow)]
    pub(super) b64_json: Lenient<Text<'a>>,
    #[serde(borrow)]
    pub(super) data: Lenient<Entries<ImageData<'a>>>,
    pub(super) usage: Lenient<Tokens>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct ImageData<'a> {
    #[serde(borrow)]
    pub(super) b64_json: Lenient<Text<'a>>,
    pub(super) url: Lenient<String>,
    pub(super) revised_prompt: Lenient<String>,
}

/// The tokens of a text model and of the image model.
pub(super) fn count(text: Lenient<Tokens>, image: Lenient<Tokens>) -> Option<Usage> {
    if text.0.is_none() && image.0.is_none() {
        return None;
    }
    let mut usage = Usage::default();
    if let Some(text) = text.0 {
        usage.text_model_input = text.input_tokens.0.unwrap_or(0);
        usage.text_model_output = text.output_tokens.0.unwrap_or(0);
    }
    if let Some(image) = image.0 {
        let details = image.input_tokens_details.0;
        usage.image_text_input = details.as_ref().and_then(|details| details.text_tokens.0).unwrap_or(0);
        // Without details all that was read counts as image, the dearer of the two.
        let read = image.input_tokens.0.unwrap_or(0);
        usage.image_input = details
            .and_then(|details| details.image_tokens.0)
            .unwrap_or(read.saturating_sub(usage.image_text_input));
        usage.image_output = image.output_tokens.0.unwrap_or(0);
    }
    Some(usage)
}
