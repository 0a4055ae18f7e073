//! What is wrong with a file, and errors as the window and the command line show them.

use std::path::PathBuf;

use serde::Serialize;
use ts_rs::TS;

use super::reason::Reason;

/// A file that is not in the grid, or not whole, with the reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "bindings.ts")]
pub struct Problem {
    /// The file.
    pub path: PathBuf,
    /// What happened.
    pub reason: Reason,
}

/// What the window treats differently. A code exists only if somebody acts on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "bindings.ts")]
pub enum ErrorCode {
    /// The person asked for it; nothing is shown.
    Cancelled,
    /// A photo, folder or comic is not (any longer) there.
    NotFound,
    /// What was given cannot be used.
    Invalid,
    /// A file could not be decoded.
    Unreadable,
    /// The model or ONNX Runtime is missing or does not load.
    Model,
    /// The disk is full or the data folder cannot be written.
    Disk,
    /// The catalogue could not be read or written.
    Catalog,
    /// The key is missing or was refused.
    Key,
    /// The keychain cannot be used; the key can be kept for this session.
    Keychain,
    /// The other host could not be reached.
    Offline,
    /// The picture or prompt was refused by the service's rules.
    Refused,
    /// The service does not offer this route; another may work.
    Route,
    /// The service answered with a temporary or unknown fault.
    Service,
    /// The answer was cut off after the request was sent; it may have been billed.
    Cut,
}

/// An error as the window and the command line show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "bindings.ts")]
pub struct ErrorReport {
    /// What the window acts on.
    pub code: ErrorCode,
    /// What happened.
    pub reason: Reason,
    /// The chain of causes, for the log and for "copy details".
    pub detail: String,
}
