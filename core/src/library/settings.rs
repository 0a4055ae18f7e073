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
        settings.check()?;
        let before = self.settings();
        let settings = Settings { store: before.store.clone(), model: before.model.clone(), ..settings };
        self.change_settings(|kept| kept.take_changes(&before, &settings))?;
        if settings.effort != before.effort
            && let Some(indexer) = self.indexer().as_ref()
        {
            indexer.set_effort(settings.effort);
        }
        Ok(())
    }

    /// Changes the settings of this run and those on the disk, where what another program changed meanwhile stays.
    pub(super) fn change_settings(&self, change: impl Fn(&mut Settings)) -> Result<()> {
        let mut settings = self.settings.lock().expect("no thread panics while it holds the settings");
        let mut kept = settings.clone().updated(&self.data);
        change(&mut kept);
        kept.check()?;
        kept.write(&self.data)?;
        change(&mut settings);
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
        Ok(self.runtime.block_on(self.keys.service_state(&self.service_host()?)))
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
