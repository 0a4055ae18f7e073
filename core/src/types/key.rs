//! Whether a key is at hand. The key itself never crosses to the window.

use serde::Serialize;
use ts_rs::TS;

/// Whether a key for the host of `Settings::base_url` is at hand. The key itself never crosses to the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "bindings.ts")]
pub enum KeyState {
    /// No key.
    Missing,
    /// No key, and the service is on this computer, where it may need none.
    NotNeeded,
    /// From the environment variable `OPENAI_API_KEY`.
    Environment,
    /// In the keychain of the system.
    Keychain,
    /// In memory until the app closes.
    Session,
}
