//! Errors as the window gets them.

use fotonovela_core::error::Error;
use fotonovela_core::types::ErrorReport;
use serde::Serialize;

/// Crosses to the window as `{ code, reason, detail }`.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub(crate) struct CommandError(ErrorReport);

impl From<Error> for CommandError {
    fn from(error: Error) -> Self {
        let report = error.report();
        tracing::warn!(code = ?report.code, detail = report.detail, "{}", report.reason);
        Self(report)
    }
}
