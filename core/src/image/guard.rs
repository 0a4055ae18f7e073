//! Keeps the panics of foreign decoders from costing more than one file.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::error::DecodeError;

/// A decoder that panics on foreign bytes must cost this file only.
pub(super) fn guarded<T>(work: impl FnOnce() -> Result<T, DecodeError>) -> Result<T, DecodeError> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(DecodeError::Corrupt("the decoder gave up".into())))
}
