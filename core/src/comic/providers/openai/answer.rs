//! The answer of the service, event by event or whole, until there is a picture or the reason why there is none.
//!
//! Both routes, streamed or not, end in [`ResponseReader::take`] or [`ResponseReader::take_whole`]. Events are megabytes of base64, so
//! what is long is borrowed from the event and decoded once; the second copy of the picture, in
//! `response.completed`, is never decoded.

use serde::Deserialize;
use serde_json::Value;

use super::context::ErrorContext;
use super::fault::Fault;
use super::job::DrawJob;
use super::picture::{self, DecodedPicture};
use super::shapes::{
    EventKind, Image, ImageData, ItemEvent, OutputItem, PartialEvent, Response, ResponseEvent, count,
};
use crate::comic::order::{DrawProgress, Drawing};
use crate::error::{DrawError, DrawErrorKind};
use crate::types::{DrawCode, ReasonCode};

/// Shorter events hold no picture.
const SMALLEST_PICTURE: usize = 512;

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
    /// Where the picture can be fetched, from a service that answers with an address.
    link: Option<String>,
}

impl<'a> ResponseReader<'a> {
    pub(super) fn new(context: ErrorContext<'a>) -> Self {
        Self {
            context,
            drawing: None,
            response_id: None,
            began: false,
            fault: None,
            words: String::new(),
            link: None,
        }
    }

    /// Where the picture is, if the answer said that instead of bringing it.
    pub(super) fn take_link(&mut self) -> Option<String> {
        self.link.take()
    }

    /// A picture that came by itself.
    pub(super) fn fetched(&mut self, bytes: Vec<u8>) -> Result<Drawing, DrawError> {
        let kind = picture::media_type(&bytes);
        let kind = kind.ok_or_else(|| self.unusable(DrawCode::DrawPictureKind))?;
        Ok(self.drawing_of((bytes, kind), None))
    }

    /// The picture, if it came before the answer broke off.
    pub(super) fn into_drawing(mut self) -> Option<Drawing> {
        self.take_drawing()
    }

    /// The same, of an answer that is asked for more.
    pub(super) fn take_drawing(&mut self) -> Option<Drawing> {
        self.drawing.take()
    }

    /// Reads one event. `name` is its `event:` field, for servers that leave out `type`.
    pub(super) fn take(&mut self, name: Option<&str>, data: &str) -> Result<ResponseStep, DrawError> {
        // `[DONE]`, keepalives without data and what else is no JSON.
        let Ok(kind) = serde_json::from_str::<EventKind<'_>>(data) else { return Ok(ResponseStep::Silent) };
        let name = kind.name.as_ref().map(|text| text.0.as_ref()).or(name).unwrap_or_default().to_owned();
        match name.as_str() {
            "response.created" | "response.in_progress" => {
                if let Ok(event) = serde_json::from_str::<ResponseEvent<'_>>(data) {
                    self.response_id = event.response.id.0;
                }
                Ok(self.begin())
            }
            "response.output_item.added"
            | "response.image_generation_call.in_progress"
            | "response.image_generation_call.generating" => Ok(self.begin()),
            "response.image_generation_call.partial_image"
            | "image_edit.partial_image"
            | "image_generation.partial_image" => Ok(self.partial(data)),
            "response.output_item.done" => {
                // An item of a kind that is not known may look otherwise.
                if let Ok(event) = serde_json::from_str::<ItemEvent<'_>>(data) {
                    self.item(event.item)?;
                }
                Ok(ResponseStep::Silent)
            }
            "response.completed" | "response.failed" | "response.incomplete" => {
                match self.read::<ResponseEvent<'_>>(data) {
                    Ok(event) => self.response(event.response, data).map(ResponseStep::Done),
                    Err(error) => self.drawing.take().map(ResponseStep::Done).ok_or(error),
                }
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
                None => {
                    self.salvage(data);
                    Ok(ResponseStep::Silent)
                }
            },
        }
    }

    /// Reads an answer that was not streamed.
    pub(super) fn take_whole(&mut self, body: &str) -> Result<Drawing, DrawError> {
        let kind = match self.read::<EventKind<'_>>(body) {
            Ok(kind) => kind,
            Err(error) => {
                self.salvage(body);
                return self.drawing.take().ok_or(error);
            }
        };
        if kind.output.is_some() {
            let response = self.read::<Response<'_>>(body)?;
            return self.response(response, body);
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

    fn partial(&mut self, data: &str) -> ResponseStep {
        self.began = true;
        // The service may send a preview late; the picture itself is at hand then.
        if self.drawing.is_some() {
            return ResponseStep::Silent;
        }
        // A preview that cannot be used is not a reason to lose the picture.
        let event = serde_json::from_str::<PartialEvent<'_>>(data).unwrap_or_default();
        let text = event.partial_image_b64.0.or(event.b64_json.0);
        let preview = text.and_then(|text| picture::decode(&text.0).ok());
        preview.map_or(ResponseStep::Silent, |(bytes, _)| {
            ResponseStep::Progress(DrawProgress::Partial { bytes })
        })
    }

    /// Takes the picture or the words out of a finished item.
    fn item(&mut self, item: OutputItem<'_>) -> Result<(), DrawError> {
        if item.kind.0.is_some_and(|kind| kind.0 == "image_generation_call") {
            match item.result.0 {
                Some(text) if self.drawing.is_none() && !text.0.is_empty() => {
                    self.drawing = Some(self.picture(&text.0, item.revised_prompt.0)?);
                }
                None if item.status.0.as_deref() == Some("failed") || item.error.is_some() => {
                    self.fault = Some(item.error.as_ref().map(Fault::read).unwrap_or_default());
                }
                _ => {}
            }
        } else {
            for part in item.content.items() {
                if self.words.is_empty() {
                    self.words = part.refusal.0.or(part.text.0).unwrap_or_default();
                }
            }
        }
        Ok(())
    }

    /// The end of an answer on `responses`.
    fn response(&mut self, response: Response<'_>, data: &str) -> Result<Drawing, DrawError> {
        let response_id = response.id.0.or(self.response_id.take());
        for item in response.output.items() {
            self.item(item)?;
        }
        if self.drawing.is_none() && self.fault.is_none() && response.error.is_none() {
            self.salvage(data);
        }
        // A picture that came was paid for, whatever happened after it.
        if let Some(drawing) = self.drawing.take() {
            let image = response.tool_usage.0.map(|usage| usage.image_gen).unwrap_or_default();
            return Ok(Drawing { usage: count(response.usage, image), response_id, ..drawing });
        }
        if let Some(fault) = self.fault.take() {
            return Err(self.context.failed(&fault));
        }
        let status = response.status.0.as_deref().unwrap_or_default();
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
        let first: ImageData<'_> = image.data.items().next().unwrap_or_default();
        let drawing = match image.b64_json.0.or(first.b64_json.0) {
            Some(text) => self.picture(&text.0, first.revised_prompt.0)?,
            None => {
                self.link = first.url.0;
                self.salvage(data);
                self.drawing.take().ok_or_else(|| match data.contains("b64_json") {
                    true => self.unusable(DrawCode::DrawUnreadable),
                    false => self.no_picture(),
                })?
            }
        };
        let usage = count(Default::default(), image.usage);
        Ok(Drawing { usage, response_id: self.response_id.take(), ..drawing })
    }

    fn picture(&self, base64: &str, revised_prompt: Option<String>) -> Result<Drawing, DrawError> {
        let picture = picture::decode(base64).map_err(|code| self.unusable(code))?;
        Ok(self.drawing_of(picture, revised_prompt))
    }

    fn drawing_of(&self, (bytes, media_type): DecodedPicture, revised_prompt: Option<String>) -> Drawing {
        Drawing { bytes, media_type, usage: None, response_id: None, revised_prompt }
    }

    /// Takes the picture out of an answer of a shape that is not known, or that broke off after it.
    fn salvage(&mut self, data: &str) {
        if self.drawing.is_none() && data.len() >= SMALLEST_PICTURE {
            self.drawing = picture::salvage(data).map(|picture| self.drawing_of(picture, None));
        }
    }

    fn unusable(&self, code: DrawCode) -> DrawError {
        self.context.new_error(DrawErrorKind::Service, code)
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
