//! Why no comic came back.

use crate::types::Reason;

/// Why no comic came back.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct DrawError {
    /// What the window acts on.
    pub kind: DrawErrorKind,
    /// What happened.
    pub reason: Reason,
    /// What the service or the network said, for the log and for "copy details". Never holds the key or the request.
    pub detail: Option<String>,
}

/// The kinds of [`DrawError`] that callers treat differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DrawErrorKind {
    /// The key is missing or was refused (401), or the organisation must be verified (403).
    Key,
    /// The host could not be reached before anything was sent.
    Offline,
    /// Moderation refused the pictures or the prompt.
    Refused,
    /// The host or model does not offer this route.
    Route,
    /// The request was refused as wrong (400) or the quota is used up.
    Invalid,
    /// A temporary or unknown fault of the service.
    Service,
    /// The answer was cut off after the request was sent; it may have been billed.
    Cut,
    /// The person cancelled after the request was sent.
    Cancelled,
}

impl DrawError {
    /// An error without a detail.
    pub fn new(kind: DrawErrorKind, reason: Reason) -> Self {
        Self { kind, reason, detail: None }
    }

    /// Keeps `cause` and its causes as the detail.
    pub(crate) fn because(self, cause: &dyn std::error::Error) -> Self {
        let causes = std::iter::successors(Some(cause), |cause| cause.source());
        let chain: Vec<String> = causes.map(ToString::to_string).collect();
        Self { detail: Some(chain.join(": ")), ..self }
    }

    /// The code that the window acts on.
    pub fn code(&self) -> crate::types::ErrorCode {
        use crate::types::ErrorCode;
        match self.kind {
            DrawErrorKind::Key => ErrorCode::Key,
            DrawErrorKind::Offline => ErrorCode::Offline,
            DrawErrorKind::Refused => ErrorCode::Refused,
            DrawErrorKind::Route => ErrorCode::Route,
            DrawErrorKind::Invalid => ErrorCode::Invalid,
            DrawErrorKind::Service => ErrorCode::Service,
            DrawErrorKind::Cut => ErrorCode::Cut,
            DrawErrorKind::Cancelled => ErrorCode::Cancelled,
        }
    }
}
