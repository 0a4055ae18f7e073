//! What the person chose, and the key of the service that draws.

use super::open::Library;
use crate::comic::providers;
use crate::error::{Error, Result};
use crate::platform::keychain::{KeyRing, Secret};
use crate::settings::Settings;
use crate::types::{FaultCode, KeyState, ReasonCode};

/// Asking for its key shows whether the keychain answers.
const DEFAULT_HOST: &str = "api.openai.com";

impl Library {
    /// What the person chose.
    pub fn settings(&self) -> Settings {
        self.settings.lock().expect("no thread panics while it holds the settings").clone()
    }

    /// Keeps what the person chose, but for the store and the model: only [`Self::move_store`] and [`Self::choose_model`]
    /// change those.
    ///
    /// # Errors
    /// When something in it cannot be used, or the file cannot be written.
    pub fn save_settings(&self, settings: Settings) -> Result<()> {
        let Settings { store, model, .. } = self.settings();
        self.keep_settings(Settings { store, model, ..settings })
    }

    pub(super) fn keep_settings(&self, settings: Settings) -> Result<()> {
        settings.check()?;
        settings.write(&self.data)?;
        if settings.effort != self.settings().effort
            && let Some(indexer) = self.indexer().as_ref()
        {
            indexer.set_effort(settings.effort);
        }
        *self.settings.lock().expect("no thread panics while it holds the settings") = settings;
        Ok(())
    }

    /// Asks the keychain of the system, which is there also when the environment holds the key.
    ///
    /// # Errors
    /// [`Error::Keychain`] when it does not answer.
    pub fn check_keychain(&self) -> Result<()> {
        self.runtime.block_on(KeyRing::new(None).load(DEFAULT_HOST)).map(drop)
    }

    /// Whether a key for the service of the settings is at hand.
    pub fn key_state(&self) -> Result<KeyState> {
        Ok(self.runtime.block_on(self.keys.state(&self.service_host()?)))
    }

    /// Keeps a key for the service of the settings.
    ///
    /// # Errors
    /// [`Error::Keychain`] when it is to be remembered and cannot be.
    pub fn set_key(&self, key: &str, remember: bool) -> Result<KeyState> {
        let secret = Secret::new(key).ok_or_else(|| Error::Invalid(FaultCode::KeyEmpty.reason()))?;
        self.runtime.block_on(self.keys.set(&self.service_host()?, secret, remember))?;
        self.key_state()
    }

    /// Forgets the key for the service of the settings.
    pub fn delete_key(&self) -> Result<KeyState> {
        self.runtime.block_on(self.keys.delete(&self.service_host()?))?;
        self.key_state()
    }

    fn service_host(&self) -> Result<String> {
        Ok(providers::open(&self.settings().base_url, None)?.host())
    }
}
