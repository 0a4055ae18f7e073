//! The answer of the service, event by event or whole, until there is a picture or the reason why there is none.
//!
//! Both routes, streamed or not, end in [`ResponseReader::take`] or [`ResponseReader::take_whole`]. Events are megabytes of base64, so
//! what is long is borrowed from the event and decoded once; the second copy of the picture, in
//! `response.completed`, is never decoded.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use super::context::ErrorContext;
use super::fault::Fault;
use super::job::DrawJob;
use crate::comic::order::{DrawProgress, Drawing};
use crate::error::{DrawError, DrawErrorKind};
use crate::types::{DrawCode, ReasonCode, Usage};

/// Text that is borrowed from the event unless it holds escapes.
#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

#[derive(Deserialize)]
struct EventKind<'a> {
    #[serde(borrow, rename = "type")]
    name: Option<Text<'a>>,
    error: Option<Value>,
    /// Only in a whole response.
    output: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct PartialEvent<'a> {
    /// On `responses`.
    #[serde(borrow)]
    partial_image_b64: Option<Text<'a>>,
    /// On `images/edits`.
    #[serde(borrow)]
    b64_json: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct ItemEvent<'a> {
    #[serde(borrow)]
    item: OutputItem<'a>,
}

#[derive(Deserialize)]
struct ResponseEvent<'a> {
    #[serde(borrow)]
    response: Response<'a>,
}

/// One item of a response's output; only images and messages are read.
#[derive(Deserialize)]
struct OutputItem<'a> {
    #[serde(borrow, rename = "type")]
    kind: Option<Text<'a>>,
    status: Option<String>,
    #[serde(borrow)]
    result: Option<Text<'a>>,
    revised_prompt: Option<String>,
    error: Option<Value>,
    content: Option<Vec<Content>>,
}

/// What a message says: `output_text` has `text`, a refusal has `refusal`.
#[derive(Deserialize)]
struct Content {
    text: Option<String>,
    refusal: Option<String>,
}

#[derive(Deserialize)]
struct Response<'a> {
    id: Option<String>,
    status: Option<String>,
    error: Option<Value>,
    incomplete_details: Option<Value>,
    #[serde(borrow)]
    output: Option<Vec<OutputItem<'a>>>,
    usage: Option<Tokens>,
    tool_usage: Option<ToolUsage>,
}

#[derive(Deserialize)]
struct ToolUsage {
    image_gen: Option<Tokens>,
}

#[derive(Deserialize)]
struct Tokens {
    input_tokens: Option<u64>,
    output_tokens: Option<u64>,
    input_tokens_details: Option<InputTokens>,
}

#[derive(Deserialize)]
struct InputTokens {
    text_tokens: Option<u64>,
    image_tokens: Option<u64>,
}

/// The end of `images/edits`: the last event, or the whole answer with the picture in `data`.
#[derive(Deserialize)]
struct Image<'a> {
    #[serde(borrow)]
    b64_json: Option<Text<'a>>,
    #[serde(borrow)]
    data: Option<Vec<ImageData<'a>>>,
    usage: Option<Tokens>,
}

#[derive(Deserialize)]
struct ImageData<'a> {
    #[serde(borrow)]
    b64_json: Option<Text<'a>>,
    revised_prompt: Option<String>,
}

/// What an event brought.
pub(super) enum ResponseStep {
    /// Nothing to report.
    Silent,
    /// Something to report.
    Progress(DrawProgress),
    /// The end.
    Done(Drawing),
}

/// What an answer says that was kept: the data of one event a line, or one body that was not streamed.
///
/// # Errors
/// As while drawing.
pub fn read_kept(job: &DrawJob, text: &str) -> Result<Option<Drawing>, DrawError> {
    let context = ErrorContext { host: "localhost", job, key: None };
    let mut answer = ResponseReader::new(context);
    for line in text.lines() {
        if let ResponseStep::Done(drawing) = answer.take(None, line)? {
            return Ok(Some(drawing));
        }
    }
    match answer.into_drawing() {
        Some(drawing) => Ok(Some(drawing)),
        None => ResponseReader::new(context).take_whole(text).map(Some),
    }
}

/// An answer that is being read.
pub(super) struct ResponseReader<'a> {
    context: ErrorContext<'a>,
    drawing: Option<Drawing>,
    response_id: Option<String>,
    began: bool,
    /// Why an item failed.
    fault: Option<Fault>,
    /// What the model said instead of drawing.
    words: String,
}

impl<'a> ResponseReader<'a> {
    pub(super) fn new(context: ErrorContext<'a>) -> Self {
        Self { context, drawing: None, response_id: None, began: false, fault: None, words: String::new() }
    }

    /// The picture, if it came before the answer broke off.
    pub(super) fn into_drawing(self) -> Option<Drawing> {
        self.drawing
    }

    /// Reads one event. `name` is its `event:` field, for servers that leave out `type`.
    pub(super) fn take(&mut self, name: Option<&str>, data: &str) -> Result<ResponseStep, DrawError> {
        // `[DONE]`, keepalives without data and what else is no JSON.
        let Ok(kind) = serde_json::from_str::<EventKind<'_>>(data) else { return Ok(ResponseStep::Silent) };
        let name = kind.name.as_ref().map(|text| text.0.as_ref()).or(name).unwrap_or_default();
        match name {
            "response.created" | "response.in_progress" => {
                if let Ok(event) = serde_json::from_str::<ResponseEvent<'_>>(data) {
                    self.response_id = event.response.id;
                }
                Ok(self.begin())
            }
            "response.output_item.added"
            | "response.image_generation_call.in_progress"
            | "response.image_generation_call.generating" => Ok(self.begin()),
            "response.image_generation_call.partial_image"
            | "image_edit.partial_image"
            | "image_generation.partial_image" => self.partial(data),
            "response.output_item.done" => {
                // An item of a kind that is not known may look otherwise.
                if let Ok(event) = serde_json::from_str::<ItemEvent<'_>>(data) {
                    self.item(event.item)?;
                }
                Ok(ResponseStep::Silent)
            }
            "response.completed" | "response.failed" | "response.incomplete" => {
                let event = self.read::<ResponseEvent<'_>>(data)?;
                self.response(event.response).map(ResponseStep::Done)
            }
            "image_edit.completed" | "image_generation.completed" => self.image(data).map(ResponseStep::Done),
            "error" => {
                let fault = match &kind.error {
                    Some(error) => Fault::read(error),
                    None => Fault::read(&self.read::<Value>(data)?),
                };
                Err(self.context.failed(&fault))
            }
            _ => match &kind.error {
                Some(error) => Err(self.context.failed(&Fault::read(error))),
                None => Ok(ResponseStep::Silent),
            },
        }
    }

    /// Reads an answer that was not streamed.
    pub(super) fn take_whole(mut self, body: &str) -> Result<Drawing, DrawError> {
        let kind = self.read::<EventKind<'_>>(body)?;
        if kind.output.is_some() {
            let response = self.read::<Response<'_>>(body)?;
            return self.response(response);
        }
        match &kind.error {
            Some(error) => Err(self.context.failed(&Fault::read(error))),
            None => self.image(body),
        }
    }

    fn begin(&mut self) -> ResponseStep {
        if std::mem::replace(&mut self.began, true) {
            ResponseStep::Silent
        } else {
            ResponseStep::Progress(DrawProgress::Drawing)
        }
    }

    fn partial(&mut self, data: &str) -> Result<ResponseStep, DrawError> {
        self.began = true;
        // The service may send a preview late; the picture itself is at hand then.
        if self.drawing.is_some() {
            return Ok(ResponseStep::Silent);
        }
        let event = self.read::<PartialEvent<'_>>(data)?;
        let text = event.partial_image_b64.or(event.b64_json);
        // A preview that cannot be used is not a reason to lose the picture.
        let picture = text.and_then(|text| decode(&text.0).ok());
        Ok(picture.map_or(ResponseStep::Silent, |(bytes, _)| {
            ResponseStep::Progress(DrawProgress::Partial { bytes })
        }))
    }

    /// Takes the picture or the words out of a finished item.
    fn item(&mut self, item: OutputItem<'_>) -> Result<(), DrawError> {
        if item.kind.is_some_and(|kind| kind.0 == "image_generation_call") {
            match item.result {
                Some(text) if self.drawing.is_none() && !text.0.is_empty() => {
                    self.drawing = Some(self.picture(&text.0, item.revised_prompt)?);
                }
                None if item.status.as_deref() == Some("failed") || item.error.is_some() => {
                    self.fault = Some(item.error.as_ref().map(Fault::read).unwrap_or_default());
                }
                _ => {}
            }
        } else {
            for part in item.content.into_iter().flatten() {
                if self.words.is_empty() {
                    self.words = part.refusal.or(part.text).unwrap_or_default();
                }
            }
        }
        Ok(())
    }

    /// The end of an answer on `responses`.
    fn response(&mut self, response: Response<'_>) -> Result<Drawing, DrawError> {
        let response_id = response.id.or(self.response_id.take());
        for item in response.output.into_iter().flatten() {
            self.item(item)?;
        }
        // A picture that came was paid for, whatever happened after it.
        if let Some(drawing) = self.drawing.take() {
            let image = response.tool_usage.and_then(|usage| usage.image_gen);
            return Ok(Drawing { usage: count(response.usage, image), response_id, ..drawing });
        }
        if let Some(fault) = self.fault.take() {
            return Err(self.context.failed(&fault));
        }
        let status = response.status.as_deref().unwrap_or_default();
        if let Some(error) = &response.error {
            return Err(self.context.failed(&Fault::read(error)));
        }
        if status == "incomplete" || response.incomplete_details.is_some() {
            let reason = response.incomplete_details.as_ref().and_then(|details| details["reason"].as_str());
            return Err(self.incomplete(reason.unwrap_or_default()));
        }
        Err(self.no_picture())
    }

    fn incomplete(&self, reason: &str) -> DrawError {
        let code = if reason == "max_output_tokens" { "" } else { reason };
        let message = format!("the answer ended early: {reason}");
        self.context.failed(&Fault { code: code.into(), message, ..Fault::default() })
    }

    /// The answer ended well, but only with words or with nothing.
    fn no_picture(&self) -> DrawError {
        if self.words.trim().is_empty() {
            return self.context.new_error(DrawErrorKind::Service, DrawCode::DrawNothing);
        }
        let words = self.context.quote(&self.words);
        let reason = DrawCode::DrawWords.with("host", self.context.host).with("words", words);
        DrawError::new(DrawErrorKind::Refused, reason)
    }

    /// The end of an answer on `images/edits`.
    fn image(&mut self, data: &str) -> Result<Drawing, DrawError> {
        let image = self.read::<Image<'_>>(data)?;
        let first = image.data.into_iter().flatten().next();
        let (inner, revised_prompt) = first.map_or((None, None), |data| (data.b64_json, data.revised_prompt));
        let Some(text) = image.b64_json.or(inner) else { return Err(self.no_picture()) };
        let drawing = self.picture(&text.0, revised_prompt)?;
        Ok(Drawing { usage: count(None, image.usage), response_id: self.response_id.take(), ..drawing })
    }

    fn picture(&self, base64: &str, revised_prompt: Option<String>) -> Result<Drawing, DrawError> {
        let (bytes, media_type) =
            decode(base64).map_err(|code| self.context.new_error(DrawErrorKind::Service, code))?;
        Ok(Drawing { bytes, media_type, usage: None, response_id: None, revised_prompt })
    }

    fn read<'de, T: Deserialize<'de>>(&self, data: &'de str) -> Result<T, DrawError> {
        serde_json::from_str(data).map_err(|error| {
            // The error of the parser may quote the answer; where it stood is enough.
            let detail = format!("unreadable JSON at line {}, column {}", error.line(), error.column());
            DrawError {
                detail: Some(detail),
                ..self.context.new_error(DrawErrorKind::Service, DrawCode::DrawUnreadable)
            }
        })
    }
}

/// The tokens of a text model and of the image model.
fn count(text: Option<Tokens>, image: Option<Tokens>) -> Option<Usage> {
    if text.is_none() && image.is_none() {
        return None;
    }
    let mut usage = Usage::default();
    if let Some(text) = text {
        usage.text_model_input = text.input_tokens.unwrap_or(0);
        usage.text_model_output = text.output_tokens.unwrap_or(0);
    }
    if let Some(image) = image {
        let details = image.input_tokens_details;
        usage.image_text_input = details.as_ref().and_then(|details| details.text_tokens).unwrap_or(0);
        // Without details all that was read counts as image, the dearer of the two.
        let read = image.input_tokens.unwrap_or(0);
        usage.image_input = details
            .and_then(|details| details.image_tokens)
            .unwrap_or(read.saturating_sub(usage.image_text_input));
        usage.image_output = image.output_tokens.unwrap_or(0);
    }
    Some(usage)
}

/// Bytes and media type of a picture in base64, or what is wrong with it.
fn decode(base64: &str) -> Result<(Vec<u8>, &'static str), DrawCode> {
    let bytes = STANDARD.decode(base64).map_err(|_| DrawCode::DrawPictureDamaged)?;
    let media_type = match bytes.as_slice() {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => "image/png",
        [0xff, 0xd8, 0xff, ..] => "image/jpeg",
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => "image/webp",
        _ => return Err(DrawCode::DrawPictureKind),
    };
    Ok((bytes, media_type))
}
