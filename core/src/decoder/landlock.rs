//! Landlock: the kernel's rules by which a process gives up files, networks and its neighbours.

use landlock::{
    ABI, Access, AccessFs, AccessNet, LandlockStatus, Ruleset, RulesetAttr, RulesetCreated, RulesetStatus,
    Scope,
};

use crate::types::Fence;

/// The first versions that know networks (Linux 6.7) and scopes (Linux 6.12).
const NETWORK: u32 = 4;
const SCOPES: u32 = 6;

/// Takes away from this process all that this kernel's version can. Returns the version; 0 where nothing is in force.
pub(super) fn leave() -> u32 {
    // What a kernel does not know is left out, and the rest holds.
    let restricted = Ruleset::default()
        .handle_access(AccessFs::from_all(ABI::V5))
        .and_then(|rules| rules.handle_access(AccessNet::from_all(ABI::V4)))
        .and_then(|rules| rules.scope(Scope::from_all(ABI::V6)))
        .and_then(Ruleset::create)
        .and_then(RulesetCreated::restrict_self);
    let status = match restricted {
        Ok(status) if status.ruleset != RulesetStatus::NotEnforced => status.landlock,
        Ok(status) => {
            tracing::debug!(?status, "no Landlock");
            return 0;
        }
        Err(error) => {
            tracing::debug!(%error, "no Landlock");
            return 0;
        }
    };
    match status {
        LandlockStatus::Available { effective_abi, kernel_abi } => {
            u32::try_from(kernel_abi.unwrap_or(effective_abi as i32)).unwrap_or(0)
        }
        _ => 0,
    }
}

/// What rules of this version keep away.
pub(super) fn kept_away(version: u32) -> impl Iterator<Item = Fence> {
    [(1, Fence::Files), (NETWORK, Fence::Network), (SCOPES, Fence::Scopes)]
        .into_iter()
        .filter_map(move |(first, fence)| (version >= first).then_some(fence))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn older_versions_keep_less_away() {
        let kept = |version| kept_away(version).collect::<Vec<_>>();
        assert_eq!(kept(0), []);
        assert_eq!(kept(3), [Fence::Files]);
        assert_eq!(kept(5), [Fence::Files, Fence::Network]);
        assert_eq!(kept(7), [Fence::Files, Fence::Network, Fence::Scopes]);
    }
}
