//! What a [`Fault`] means for the person: the kind, what happened and what to do, without the key.

use std::fmt::Write as _;

use reqwest::StatusCode;

use super::fault::Fault;
use super::job::DrawJob;
use super::route::Route;
use crate::error::{DrawError, DrawErrorKind};
use crate::platform::keychain::Secret;

/// A longer message of the service is cut.
const LONGEST_QUOTE: usize = 300;

/// Who was asked for what: the context that turns a [`Fault`] into an error.
#[derive(Clone, Copy)]
pub(super) struct ErrorContext<'a> {
    pub(super) host: &'a str,
    pub(super) job: &'a DrawJob,
    pub(super) key: Option<&'a Secret>,
}

impl ErrorContext<'_> {
    /// An error whose detail is `fault` as the service gave it.
    fn error(
        &self,
        kind: DrawErrorKind,
        message: String,
        status: Option<StatusCode>,
        fault: &Fault,
    ) -> DrawError {
        let mut detail = status.map(|status| format!("HTTP {status}")).unwrap_or_default();
        for (name, value) in [("code", &fault.code), ("type", &fault.kind), ("param", &fault.param)] {
            if !value.is_empty() {
                let _ = write!(detail, " {name}={}", self.quote(value));
            }
        }
        // The service repeats parts of a refused key.
        if !fault.message.is_empty() && kind != DrawErrorKind::Key {
            let _ = write!(detail, " {}", self.quote(&fault.message));
        }
        let detail = Some(detail.trim().to_owned()).filter(|detail| !detail.is_empty());
        DrawError { kind, message, detail }
    }

    /// A refused request: `fault` was the body of an answer with `status`.
    pub(super) fn refused(&self, status: StatusCode, fault: &Fault) -> DrawError {
        let (host, said) = (self.host, self.said(fault));
        let (kind, message) = match status.as_u16() {
            _ if fault.is_moderation() => return self.moderated(Some(status), fault),
            _ if fault.is_quota() => (DrawErrorKind::Invalid, self.quota()),
            300..=399 => (
                DrawErrorKind::Invalid,
                format!(
                    "{host} sends to another address, where your key and photos were not sent. Give the final address in the settings"
                ),
            ),
            401 if self.key.is_none() => {
                (DrawErrorKind::Key, format!("{host} wants a key. Give one in the settings"))
            }
            401 => (
                DrawErrorKind::Key,
                format!("{host} refused the key. Check it, or make a new one and give it in the settings"),
            ),
            403 => return self.forbidden(fault),
            404 | 405 | 501 => return self.absent(status, fault),
            413 => (
                DrawErrorKind::Invalid,
                format!("the photos are too large for {host}. Use fewer photos, then try again"),
            ),
            429 => (
                DrawErrorKind::Service,
                format!("{host} takes no more requests for now{said}. Wait some minutes, then try again"),
            ),
            400..=499 => return self.invalid(status, fault),
            503 => (DrawErrorKind::Service, format!("{host} is overloaded or down{said}. Try again later")),
            _ => (
                DrawErrorKind::Service,
                format!(
                    "{host} failed ({}){said}. It was not asked again, since that could be billed twice: try again when you want to",
                    status.as_u16()
                ),
            ),
        };
        self.error(kind, message, Some(status), fault)
    }

    /// A fault after the request was accepted, reported by an event or a finished answer.
    pub(super) fn failed(&self, fault: &Fault) -> DrawError {
        let (host, said) = (self.host, self.said(fault));
        let (kind, message) = if fault.is_moderation() {
            return self.moderated(None, fault);
        } else if fault.is_quota() {
            (DrawErrorKind::Invalid, self.quota())
        } else if fault.is_about_picture() {
            (
                DrawErrorKind::Invalid,
                format!("{host} could not use one of the photos{said}. Take it out, then try again"),
            )
        } else if fault.is_unsupported() {
            return self.invalid(StatusCode::BAD_REQUEST, fault);
        } else {
            (
                DrawErrorKind::Service,
                format!(
                    "{host} stopped without a picture{said}. It may have been billed. Try again when you want to"
                ),
            )
        };
        self.error(kind, message, None, fault)
    }

    fn quota(&self) -> String {
        format!(
            "the account at {} has no credit left or reached its limit. Add credit or raise the limit there, then try again",
            self.host
        )
    }

    fn moderated(&self, status: Option<StatusCode>, fault: &Fault) -> DrawError {
        let what = match fault.stage.as_str() {
            "input" => "your prompt or photos",
            "output" => "the picture that was drawn, which may have been billed",
            _ => "this comic",
        };
        let categories = match fault.categories.as_slice() {
            [] => String::new(),
            names => format!(" ({})", self.quote(&names.join(", "))),
        };
        let host = self.host;
        let message = format!(
            "the safety rules of {host} refused {what}{categories}. Change the prompt or choose other photos"
        );
        self.error(DrawErrorKind::Refused, message, status, fault)
    }

    fn forbidden(&self, fault: &Fault) -> DrawError {
        let (host, said) = (self.host, self.said(fault));
        let (kind, message) = if fault.says(&["verif"]) || fault.code.contains("verif") {
            (
                DrawErrorKind::Key,
                format!(
                    "your organisation must be verified at {host} before its image models draw. Verify it in the settings of your account there, wait some minutes, then try again"
                ),
            )
        } else if self.job.route == Route::Responses {
            (
                DrawErrorKind::Route,
                format!("{host} does not let this key use the Responses API{said}. Try the Images API"),
            )
        } else {
            (
                DrawErrorKind::Key,
                format!("{host} does not let this key draw{said}. Check what the key may do, or use another"),
            )
        };
        self.error(kind, message, Some(StatusCode::FORBIDDEN), fault)
    }

    /// A model or an endpoint that is not there.
    fn absent(&self, status: StatusCode, fault: &Fault) -> DrawError {
        if fault.is_unsupported() && !fault.says(&["url", "endpoint"]) && fault.code != "unknown_url" {
            return self.unsupported(status, fault);
        }
        let message = format!(
            "{} does not offer {} ({}). {}, or check the address in the settings",
            self.host,
            self.route(),
            status.as_u16(),
            self.other_route()
        );
        self.error(DrawErrorKind::Route, message, Some(status), fault)
    }

    /// A request that was refused as wrong.
    fn invalid(&self, status: StatusCode, fault: &Fault) -> DrawError {
        const BASIC: [&str; 4] = ["stream", "partial_images", "quality", "output_format"];
        let named = BASIC.into_iter().find(|field| fault.names_field(field));
        if let (Route::Edits, Some(field)) = (self.job.route, named) {
            let previews = matches!(field, "stream" | "partial_images") && self.job.partial_images > 0;
            let advice =
                if previews { "Ask for no previews, or use another service" } else { "Use another service" };
            let message = format!(
                "{} does not understand “{field}”, which Fotonovela sends{}. {advice}",
                self.host,
                self.said(fault)
            );
            return self.error(DrawErrorKind::Invalid, message, Some(status), fault);
        }
        if fault.is_unsupported() {
            return self.unsupported(status, fault);
        }
        let about = if fault.param.is_empty() {
            String::new()
        } else {
            format!(" because of “{}”", self.quote(&fault.param))
        };
        let advice = match fault.param.as_str() {
            "model" => "Choose another model in the settings",
            "size" => "Choose another size",
            _ => "Change the prompt, size, quality or photos, then try again",
        };
        let message = format!("{} refused the request{about}{}. {advice}", self.host, self.said(fault));
        self.error(DrawErrorKind::Invalid, message, Some(status), fault)
    }

    /// A model or tool that is not offered. The other route helps unless the model that draws is the one missing.
    fn unsupported(&self, status: StatusCode, fault: &Fault) -> DrawError {
        let job = self.job;
        let (kind, message) = if job.route == Route::Edits || fault.message.contains(&job.image_model) {
            let model = &job.image_model;
            (
                DrawErrorKind::Invalid,
                format!(
                    "{} does not draw with the model {model}{}. Choose another in the settings",
                    self.host,
                    self.said(fault)
                ),
            )
        } else {
            let model = &job.text_model;
            (
                DrawErrorKind::Route,
                format!(
                    "{} does not draw through the model {model}{}. {}, or choose another text model in the settings",
                    self.host,
                    self.said(fault),
                    self.other_route()
                ),
            )
        };
        self.error(kind, message, Some(status), fault)
    }

    fn route(&self) -> &'static str {
        match self.job.route {
            Route::Responses => "the Responses API",
            Route::Edits => "the Images API",
        }
    }

    fn other_route(&self) -> &'static str {
        match self.job.route {
            Route::Responses => "Try the Images API",
            Route::Edits => "Try the Responses API",
        }
    }

    /// What the service said, in brackets.
    fn said(&self, fault: &Fault) -> String {
        if fault.message.trim().is_empty() {
            String::new()
        } else {
            format!(" (“{}”)", self.quote(&fault.message))
        }
    }

    /// Text of the service for the person: one line, not too long, without the key.
    pub(super) fn quote(&self, text: &str) -> String {
        let text = match self.key {
            Some(key) => text.replace(key.expose(), "[key]"),
            None => text.to_owned(),
        };
        let words: Vec<&str> =
            text.split(|letter: char| letter.is_whitespace() || letter.is_control()).collect();
        let line = words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
        let line = line.trim_end_matches('.');
        match line.char_indices().nth(LONGEST_QUOTE) {
            Some((end, _)) => format!("{}…", line[..end].trim_end()),
            None => line.to_owned(),
        }
    }
}
