//! Keys of services: where they are looked for and where they are kept. A key is never printed.
//!
//! A key belongs to a host (`api.openai.com`, `127.0.0.1:4010`), so that the key of one service never reaches
//! another. It is looked for in this order:
//!
//! 1. the environment variable `OPENAI_API_KEY`, for every host (who sets it for a run has chosen the host of that
//!    run),
//! 2. the memory of this session,
//! 3. the keychain of the system (service `fotonovela`, user = host).
//!
//! The keychain may ask the person to unlock it and blocks until they answer, so each call to it has a thread of
//! its own and the async runtime never waits for it. It is looked for once in a run of the app: one that is started
//! later is found after a restart.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use zeroize::Zeroizing;

use crate::error::{Error, Result};
use crate::types::{FaultCode, KeyState, Reason, ReasonCode};

/// The variable that goes before every other place.
pub const ENVIRONMENT: &str = "OPENAI_API_KEY";

const SERVICE: &str = "fotonovela";

/// A key. Its memory is wiped when the last clone is dropped; printing it gives `Secret(…)`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Arc<Zeroizing<String>>);

impl Secret {
    /// A key as it was typed or read; white space around it is dropped. `None` if nothing is left.
    pub fn new(text: impl Into<String>) -> Option<Self> {
        let text = Zeroizing::new(text.into());
        let trimmed = text.trim();
        (!trimmed.is_empty()).then(|| Self(Arc::new(Zeroizing::new(trimmed.to_owned()))))
    }

    /// The key itself, for the one place that sends it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(…)")
    }
}

/// All keys that were handed out since the program started: what others write may repeat one.
static GIVEN: Mutex<Vec<Secret>> = Mutex::new(Vec::new());

/// Text of others without the keys that they were given.
#[cfg(any(feature = "milvus", feature = "qdrant"))]
pub(crate) fn without_keys(text: &str) -> String {
    let given = GIVEN.lock().expect("no thread panics while it holds the keys");
    given.iter().fold(text.to_owned(), |text, key| text.replace(key.expose(), "[key]"))
}

pub(crate) fn note_given(key: &Secret) {
    let mut given = GIVEN.lock().expect("no thread panics while it holds the keys");
    if !given.contains(key) {
        given.push(key.clone());
    }
}

/// The keys by host.
#[derive(Debug)]
pub struct KeyRing {
    environment: Option<Secret>,
    session: Mutex<HashMap<String, Secret>>,
}

impl KeyRing {
    /// Keys of this machine: `environment` (if any) for every host, then the session's, then the keychain's.
    pub fn new(environment: Option<Secret>) -> Self {
        Self { environment, session: Mutex::default() }
    }

    /// [`KeyRing::new`] with what [`ENVIRONMENT`] holds now.
    pub fn from_environment() -> Self {
        Self::new(std::env::var(ENVIRONMENT).ok().and_then(Secret::new))
    }

    /// The key for `host`, if there is one.
    ///
    /// # Errors
    /// [`Error::Keychain`] if no key was found before the keychain and the keychain cannot be used. On loopback that
    /// is not an error but no key, since servers on the own machine mostly want none.
    pub async fn load(&self, host: &str) -> Result<Option<Secret>> {
        let key = self.find(host).await?;
        key.iter().for_each(note_given);
        Ok(key)
    }

    async fn find(&self, host: &str) -> Result<Option<Secret>> {
        if let Some((_, secret)) = self.without_keychain(host) {
            return Ok(Some(secret));
        }
        match in_keychain(host, Keychain::load).await {
            Ok(found) => Ok(found),
            Err(failure) if crate::platform::address::is_loopback(host) => {
                tracing::debug!(host, %failure, "no keychain; asking without a key");
                Ok(None)
            }
            Err(failure) => Err(failure.into()),
        }
    }

    /// Where the key for `host` comes from. A keychain that cannot be used holds no key.
    pub async fn state(&self, host: &str) -> KeyState {
        if let Some((state, _)) = self.without_keychain(host) {
            return state;
        }
        match in_keychain(host, Keychain::load).await {
            Ok(Some(_)) => KeyState::Keychain,
            Ok(None) => KeyState::Missing,
            Err(failure) => {
                tracing::debug!(host, %failure, "no keychain");
                KeyState::Missing
            }
        }
    }

    /// As [`Self::state`], for a service that may need no key because it is on this computer.
    pub async fn service_state(&self, host: &str) -> KeyState {
        match self.state(host).await {
            KeyState::Missing if crate::platform::address::is_loopback(host) => KeyState::NotNeeded,
            state => state,
        }
    }

    /// Keeps a key for `host`: in the keychain if it is to be remembered, else until the app closes.
    ///
    /// # Errors
    /// [`Error::Keychain`] if the keychain cannot be used. Nothing is kept then; ask again with
    /// `remember == false`.
    pub async fn set(&self, host: &str, key: Secret, remember: bool) -> Result<()> {
        if remember {
            in_keychain(host, move |keychain| keychain.store(&key)).await?;
            self.session().remove(host);
        } else {
            self.session().insert(host.to_owned(), key);
        }
        Ok(())
    }

    /// Forgets the key for `host` in the session and in the keychain. A key in the environment stays.
    ///
    /// # Errors
    /// [`Error::Keychain`] if the keychain cannot be used; where the system has none at all, only if there was no
    /// key in the session either.
    pub async fn delete(&self, host: &str) -> Result<()> {
        let was_in_session = self.session().remove(host).is_some();
        match in_keychain(host, Keychain::delete).await {
            Ok(()) => Ok(()),
            Err(KeychainFailure::None(_)) if was_in_session => Ok(()),
            Err(failure) => Err(failure.into()),
        }
    }

    fn without_keychain(&self, host: &str) -> Option<(KeyState, Secret)> {
        if let Some(secret) = &self.environment {
            return Some((KeyState::Environment, secret.clone()));
        }
        self.session().get(host).map(|secret| (KeyState::Session, secret.clone()))
    }

    fn session(&self) -> MutexGuard<'_, HashMap<String, Secret>> {
        // A map of finished entries is sound also after a panic elsewhere.
        self.session.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Why the keychain could not be used.
#[derive(Debug, thiserror::Error)]
enum KeychainFailure {
    /// The system has none, or it does not answer.
    #[error("{0}")]
    None(Reason),
    /// There is one, but it refused.
    #[error("{0}")]
    Refused(Reason),
}

impl From<KeychainFailure> for Error {
    fn from(failure: KeychainFailure) -> Self {
        match failure {
            KeychainFailure::None(reason) | KeychainFailure::Refused(reason) => Self::Keychain(reason),
        }
    }
}

impl From<keyring::Error> for KeychainFailure {
    fn from(error: keyring::Error) -> Self {
        match error {
            keyring::Error::NoDefaultStore => Self::None(match keyring::Entry::store_status() {
                Err(keyring::Error::PlatformFailure(source)) => FaultCode::KeychainMissing.because(source),
                _ => FaultCode::KeychainMissing.reason(),
            }),
            keyring::Error::NoStorageAccess(_) => Self::Refused(FaultCode::KeychainLocked.reason()),
            keyring::Error::Ambiguous(_) => Self::Refused(FaultCode::KeychainAmbiguous.reason()),
            // These two would print the stored bytes.
            keyring::Error::BadEncoding(_) | keyring::Error::BadDataFormat(..) => {
                Self::Refused(FaultCode::KeychainForeign.reason())
            }
            other => Self::Refused(FaultCode::KeychainFailed.because(other)),
        }
    }
}

/// The entry of one host in the keychain of the system.
struct Keychain(keyring::Entry);

impl Keychain {
    fn load(self) -> std::result::Result<Option<Secret>, keyring::Error> {
        match self.0.get_password() {
            Ok(text) => Ok(Secret::new(text)),
            Err(keyring::Error::NoEntry) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn store(self, key: &Secret) -> std::result::Result<(), keyring::Error> {
        self.0.set_password(key.expose())
    }

    fn delete(self) -> std::result::Result<(), keyring::Error> {
        match self.0.delete_credential() {
            Ok(()) | Err(keyring::Error::NoEntry) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

/// Runs `action` on the entry of `host` in a thread of its own.
async fn in_keychain<T: Send + 'static>(
    host: &str,
    action: impl FnOnce(Keychain) -> std::result::Result<T, keyring::Error> + Send + 'static,
) -> std::result::Result<T, KeychainFailure> {
    let host = host.to_owned();
    let (send, receive) = tokio::sync::oneshot::channel();
    let run = move || {
        let outcome = keyring::Entry::new(SERVICE, &host).and_then(|entry| action(Keychain(entry)));
        // Nobody listens any more if the caller was dropped.
        let _ = send.send(outcome.map_err(KeychainFailure::from));
    };
    std::thread::Builder::new()
        .name("keychain".into())
        .spawn(run)
        .map_err(|error| KeychainFailure::None(FaultCode::KeychainMissing.because(error)))?;
    receive.await.unwrap_or_else(|_| Err(KeychainFailure::None(FaultCode::KeychainMissing.reason())))
}
