//! A connection to one service with one key: the key goes to its host only.

use std::fmt;

use reqwest::header::{AUTHORIZATION, HeaderValue};

use super::job::Timing;
use crate::error::{Error, Result};
use crate::platform::address::ServiceUrl;
use crate::platform::keychain::Secret;
use crate::types::{FaultCode, ReasonCode};

pub(super) const ACCEPT: &str = "text/event-stream, application/json";
pub(super) const USER_AGENT: &str = concat!("fotonovela/", env!("CARGO_PKG_VERSION"));

pub(super) struct ServiceConnection {
    http: reqwest::Client,
    pub(super) url: ServiceUrl,
    pub(super) key: Option<Secret>,
    authorization: Option<HeaderValue>,
    pub(super) timing: Timing,
}

impl fmt::Debug for ServiceConnection {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ServiceConnection")
            .field("host", &self.url.host())
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}

impl ServiceConnection {
    pub(super) fn new(base_url: &str, key: Option<Secret>, timing: Timing) -> Result<Self> {
        let url = ServiceUrl::parse(base_url)?;
        let authorization = key.as_ref().map(authorization).transpose()?;
        crate::platform::tls::prepare();
        let builder = reqwest::Client::builder()
            .user_agent(USER_AGENT)
            .connect_timeout(timing.connect)
            // Following could carry the key and the photos to another host.
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            // A kept connection may turn out to be closed only after a paid request went into it.
            .pool_max_idle_per_host(0);
        let builder = if url.is_loopback() { builder.no_proxy() } else { builder };
        let http =
            builder.build().map_err(|error| Error::Invalid(FaultCode::TlsUnavailable.because(error)))?;
        Ok(Self { http, url, key, authorization, timing })
    }

    pub(super) fn request(&self, method: reqwest::Method, url: reqwest::Url) -> reqwest::RequestBuilder {
        let request = self.http.request(method, url);
        match &self.authorization {
            Some(value) => request.header(AUTHORIZATION, value),
            None => request,
        }
    }
}

fn authorization(key: &Secret) -> Result<HeaderValue> {
    let unusable = |_| Error::Invalid(FaultCode::KeyCharacters.reason());
    let mut value = HeaderValue::from_str(&format!("Bearer {}", key.expose())).map_err(unusable)?;
    value.set_sensitive(true);
    Ok(value)
}
