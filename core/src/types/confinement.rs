//! What holds the processes back that read foreign files.

use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};
use ts_rs::TS;

use super::reason::{Reason, ReasonCode};

/// One of the things that hold such a process back. As a reason: what it means where it is not to be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr, VariantArray, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "bindings.ts")]
pub enum Fence {
    /// Landlock keeps it from files.
    #[strum(serialize = "no_file_rules")]
    Files,
    /// Landlock keeps it from TCP.
    #[strum(serialize = "no_network_rules")]
    Network,
    /// Landlock keeps it from abstract sockets of other programs, and from signals to them.
    #[strum(serialize = "no_scopes")]
    Scopes,
    /// seccomp refuses the calls that decoding needs none of: sockets, programs, files, signals.
    #[strum(serialize = "no_call_filter")]
    Calls,
    /// The system refuses it memory above a limit.
    #[strum(serialize = "no_memory_limit")]
    Memory,
    /// The system ends it when it takes too much of the processor's time.
    #[strum(serialize = "no_processor_limit")]
    Processor,
}

impl ReasonCode for Fence {}

/// What holds such a process back, as the system let it take effect.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "bindings.ts")]
pub struct Confinement {
    /// The version of Landlock (its ABI) that the system has; 0: none.
    pub landlock: u32,
    /// What is in force.
    pub holds: Vec<Fence>,
    /// What is not to be had here, and what that means.
    pub missing: Vec<Reason>,
}

impl Confinement {
    /// These in force, and all others missing.
    pub fn of(landlock: u32, holds: &[Fence]) -> Self {
        let (holds, missing): (Vec<_>, Vec<_>) =
            Fence::VARIANTS.iter().copied().partition(|fence| holds.contains(fence));
        let missing = missing.into_iter().map(|fence: Fence| fence.with("landlock", landlock)).collect();
        Self { landlock, holds, missing }
    }
}
