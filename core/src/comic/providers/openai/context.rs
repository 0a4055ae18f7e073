//! What a [`Fault`] means for the person: the kind and the reason, without the key.

use std::fmt::Write as _;

use reqwest::StatusCode;

use super::fault::Fault;
use super::job::DrawJob;
use super::route::Route;
use crate::error::{DrawError, DrawErrorKind};
use crate::platform::keychain::Secret;
use crate::types::{DrawCode, Reason, ReasonCode};

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
    /// An error of which the service said nothing.
    pub(super) fn new_error(&self, kind: DrawErrorKind, code: DrawCode) -> DrawError {
        DrawError::new(kind, self.plain(code))
    }

    /// An error whose detail is `fault` as the service gave it.
    fn error(
        &self,
        kind: DrawErrorKind,
        reason: Reason,
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
        DrawError { kind, reason, detail }
    }

    /// A refused request: `fault` was the body of an answer with `status`.
    pub(super) fn refused(&self, status: StatusCode, fault: &Fault) -> DrawError {
        let (plain, said) = (|code| self.plain(code), |code| self.said(code, fault));
        let (kind, reason) = match status.as_u16() {
            _ if fault.is_moderation() => return self.moderated(Some(status), fault),
            _ if fault.is_quota() => (DrawErrorKind::Invalid, plain(DrawCode::DrawQuota)),
            400..=499 if fault.is_about_verification() => {
                (DrawErrorKind::Key, plain(DrawCode::DrawUnverified))
            }
            401 if fault.is_about_account() => {
                // The service repeats parts of a key only where the key is wrong.
                let reason = said(DrawCode::DrawAccount);
                return DrawError {
                    kind: DrawErrorKind::Key,
                    reason,
                    detail: Some(format!("HTTP {status}")),
                };
            }
            300..=399 => (DrawErrorKind::Invalid, plain(DrawCode::DrawRedirect)),
            401 if self.key.is_none() => (DrawErrorKind::Key, plain(DrawCode::DrawKeyWanted)),
            401 => (DrawErrorKind::Key, plain(DrawCode::DrawKeyRefused)),
            403 => return self.forbidden(fault),
            404 | 405 | 501 => return self.absent(status, fault),
            413 => (DrawErrorKind::Invalid, plain(DrawCode::DrawPhotosTooLarge)),
            429 => (DrawErrorKind::Service, said(DrawCode::DrawRateLimit)),
            400..=499 => return self.invalid(status, fault),
            503 => (DrawErrorKind::Service, said(DrawCode::DrawOverloaded)),
            _ => (DrawErrorKind::Service, said(DrawCode::DrawFailed).with("status", number(status))),
        };
        self.error(kind, reason, Some(status), fault)
    }

    /// A fault after the request was accepted, reported by an event or a finished answer.
    pub(super) fn failed(&self, fault: &Fault) -> DrawError {
        let (kind, reason) = if fault.is_moderation() {
            return self.moderated(None, fault);
        } else if fault.is_quota() {
            (DrawErrorKind::Invalid, self.plain(DrawCode::DrawQuota))
        } else if fault.is_about_picture() {
            (DrawErrorKind::Invalid, self.said(DrawCode::DrawPhotoRefused, fault))
        } else if fault.is_unsupported() {
            return self.invalid(StatusCode::BAD_REQUEST, fault);
        } else {
            (DrawErrorKind::Service, self.said(DrawCode::DrawStopped, fault))
        };
        self.error(kind, reason, None, fault)
    }

    fn moderated(&self, status: Option<StatusCode>, fault: &Fault) -> DrawError {
        let code = match fault.stage.as_str() {
            "input" => DrawCode::DrawUnsafeInput,
            "output" => DrawCode::DrawUnsafeOutput,
            _ => DrawCode::DrawUnsafe,
        };
        let mut reason = self.plain(code);
        if !fault.categories.is_empty() {
            reason = reason.with("categories", self.quote(&fault.categories.join(", ")));
        }
        self.error(DrawErrorKind::Refused, reason, status, fault)
    }

    fn forbidden(&self, fault: &Fault) -> DrawError {
        let (kind, reason) = if fault.says(&["verif"]) {
            (DrawErrorKind::Key, self.plain(DrawCode::DrawUnverified))
        } else if self.job.route == Route::Responses {
            (DrawErrorKind::Route, self.said(DrawCode::DrawResponsesForbidden, fault))
        } else {
            (DrawErrorKind::Key, self.said(DrawCode::DrawForbidden, fault))
        };
        self.error(kind, reason, Some(StatusCode::FORBIDDEN), fault)
    }

    /// A model or an endpoint that is not there.
    fn absent(&self, status: StatusCode, fault: &Fault) -> DrawError {
        if fault.is_unsupported() && !fault.says(&["url", "endpoint"]) && fault.code != "unknown_url" {
            return self.unsupported(status, fault);
        }
        let code = match self.job.route {
            Route::Responses => DrawCode::DrawResponsesAbsent,
            Route::Edits => DrawCode::DrawImagesAbsent,
        };
        let reason = self.plain(code).with("status", number(status));
        self.error(DrawErrorKind::Route, reason, Some(status), fault)
    }

    /// A request that was refused as wrong.
    fn invalid(&self, status: StatusCode, fault: &Fault) -> DrawError {
        const BASIC: [&str; 4] = ["stream", "partial_images", "quality", "output_format"];
        let named = BASIC.into_iter().find(|field| fault.names_field(field));
        let reason = if let (Route::Edits, Some(field)) = (self.job.route, named) {
            let previews = matches!(field, "stream" | "partial_images") && self.job.partial_images > 0;
            let code = if previews { DrawCode::DrawPreviewsUnknown } else { DrawCode::DrawFieldUnknown };
            self.said(code, fault).with("field", field)
        } else if fault.is_unsupported() {
            return self.unsupported(status, fault);
        } else {
            match fault.param.as_str() {
                "model" => self.said(DrawCode::DrawInvalidModel, fault),
                "size" => self.said(DrawCode::DrawInvalidSize, fault),
                "" => self.said(DrawCode::DrawInvalid, fault),
                field => self.said(DrawCode::DrawInvalid, fault).with("field", self.quote(field)),
            }
        };
        self.error(DrawErrorKind::Invalid, reason, Some(status), fault)
    }

    /// A model or tool that is not offered. The other route helps unless the model that draws is the one missing.
    fn unsupported(&self, status: StatusCode, fault: &Fault) -> DrawError {
        let job = self.job;
        let (kind, code, model) = if job.route == Route::Edits || fault.message.contains(&job.image_model) {
            (DrawErrorKind::Invalid, DrawCode::DrawModelUnknown, &job.image_model)
        } else {
            (DrawErrorKind::Route, DrawCode::DrawTextModelUnknown, &job.text_model)
        };
        let reason = self.said(code, fault).with("model", &**model);
        self.error(kind, reason, Some(status), fault)
    }

    fn plain(&self, code: DrawCode) -> Reason {
        code.with("host", self.host)
    }

    /// With what the service said.
    fn said(&self, code: DrawCode, fault: &Fault) -> Reason {
        let reason = self.plain(code);
        if fault.message.trim().is_empty() {
            reason
        } else {
            reason.with("detail", self.quote(&fault.message))
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

fn number(status: StatusCode) -> u32 {
    status.as_u16().into()
}
