//! Addresses of services: reading and checking what the person gave, and whether a host is this machine.

use std::net::IpAddr;

use reqwest::Url;

use crate::error::{Error, Result};
use crate::types::{FaultCode, ReasonCode};

/// A checked address without a trailing slash, such as `https://api.openai.com/v1`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ServiceUrl(Url);

impl ServiceUrl {
    /// Reads `text`. A bare host gets the path `/v1`.
    ///
    /// # Errors
    /// [`Error::Invalid`] for anything but an http(s) address, for plain http beyond this machine, and for an address
    /// with a user, a query or a fragment.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let text = text.trim();
        let mut url = Url::parse(text)
            .map_err(|error| Error::Invalid(FaultCode::ServiceUrlUnreadable.because(error)))?;
        let invalid = |code: FaultCode| Err(Error::Invalid(code.reason()));
        let local = url.host_str().is_some_and(is_loopback);
        match url.scheme() {
            "https" => {}
            "http" if local => {}
            "http" => {
                let host = url.host_str().unwrap_or_default();
                return Err(Error::Invalid(FaultCode::ServiceUrlPlain.with("host", host)));
            }
            _ => return invalid(FaultCode::ServiceUrlScheme),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return invalid(FaultCode::ServiceUrlKey);
        }
        if url.query().is_some() || url.fragment().is_some() {
            return invalid(FaultCode::ServiceUrlQuery);
        }
        let path = match url.path().trim_end_matches('/') {
            "" => "/v1".to_owned(),
            path => path.to_owned(),
        };
        url.set_path(&path);
        Ok(Self(url))
    }

    /// The address of an endpoint, such as `responses`.
    pub(crate) fn endpoint(&self, name: &str) -> Url {
        let mut url = self.0.clone();
        url.set_path(&format!("{}/{name}", self.0.path()));
        url
    }

    /// The host, with the port where it is not the usual one.
    pub(crate) fn host(&self) -> String {
        let host = self.0.host_str().unwrap_or_default();
        match self.0.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        }
    }

    /// Whether the service runs on this machine.
    pub(crate) fn is_loopback(&self) -> bool {
        self.0.host_str().is_some_and(is_loopback)
    }
}

/// Whether `host` (with or without a port, IPv6 in brackets or not) is this machine: 127.0.0.0/8, `::1` or
/// `localhost`. Names that merely begin like one are not.
pub fn is_loopback(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        // More than one colon is a bare IPv6 address.
        None if host.matches(':').count() == 1 => host.split(':').next().unwrap_or_default(),
        None => host,
    };
    name.eq_ignore_ascii_case("localhost")
        || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_normalised() {
        for (text, endpoint, host) in [
            ("https://api.openai.com/v1", "https://api.openai.com/v1/models", "api.openai.com"),
            (" https://API.openai.com:443/v1/// ", "https://api.openai.com/v1/models", "api.openai.com"),
            ("https://api.openai.com", "https://api.openai.com/v1/models", "api.openai.com"),
            ("http://127.0.0.1:4010/v1/", "http://127.0.0.1:4010/v1/models", "127.0.0.1:4010"),
            ("http://[::1]:80/api/openai/", "http://[::1]/api/openai/models", "[::1]"),
            ("http://localhost:8080", "http://localhost:8080/v1/models", "localhost:8080"),
        ] {
            let address = ServiceUrl::parse(text).unwrap();
            assert_eq!(address.endpoint("models").as_str(), endpoint);
            assert_eq!(address.host(), host);
        }
    }

    #[test]
    fn plain_http_stays_on_this_machine() {
        for text in [
            "http://api.openai.com/v1",
            "http://192.168.1.5:8080/v1",
            "http://127.0.0.1.evil.example/v1",
            "http://localhost.evil.example/v1",
            "http://0.0.0.0:8080/v1",
        ] {
            let error = ServiceUrl::parse(text).unwrap_err();
            assert!(
                matches!(&error, Error::Invalid(reason) if reason.code == "service_url_plain"),
                "{text}: {error}"
            );
        }
        for text in ["http://127.9.9.9/v1", "http://localhost/v1", "http://[::1]:9/v1", "http://0x7f.1:9/v1"]
        {
            assert!(ServiceUrl::parse(text).unwrap().is_loopback(), "{text}");
        }
    }

    #[test]
    fn other_addresses_are_refused() {
        for text in [
            "",
            "api.openai.com",
            "ftp://127.0.0.1/v1",
            "https://",
            "https://me:sk-secret@host/v1",
            "https://host/v1?api-version=1",
            "https://host/v1#x",
            "file:///etc/passwd",
        ] {
            let error = ServiceUrl::parse(text).unwrap_err();
            assert!(
                matches!(&error, Error::Invalid(reason) if !reason.to_string().contains("sk-secret")),
                "{text}: {error}"
            );
        }
    }

    #[test]
    fn loopback_hosts() {
        for host in ["localhost", "LOCALHOST:1", "127.0.0.1", "127.1.2.3:4010", "[::1]:4010", "[::1]", "::1"]
        {
            assert!(is_loopback(host), "{host}");
        }
        for host in
            ["", "api.openai.com", "localhost.example", "10.0.0.1:80", "[::2]:80", "127.0.0.1.example:1"]
        {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
