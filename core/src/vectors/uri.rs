//! Addresses of vector stores, as the settings and `--store` take them.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use reqwest::Url;

use crate::error::{Error, Result};
use crate::types::{ReasonCode, StoreCode};

/// Where vectors are searched.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum StoreUri {
    /// In the app itself.
    #[default]
    Embedded,
    /// `http(s)://host[:port]`: a Milvus server or Zilliz Cloud.
    Milvus(String),
    /// `milvus-lite:DIR`: an installed milvus-lite, started by the app on this machine; its data is the folder.
    MilvusLite(PathBuf),
    /// `qdrant+http(s)://host:port`: a Qdrant server, by its gRPC port.
    Qdrant(String),
}

impl StoreUri {
    /// The host and port of a server, to which its token belongs.
    pub fn host(&self) -> Option<&str> {
        match self {
            Self::Embedded | Self::MilvusLite(_) => None,
            Self::Milvus(url) | Self::Qdrant(url) => url.split_once("://").map(|(_, host)| host),
        }
    }
}

impl FromStr for StoreUri {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let text = text.trim();
        if text == "embedded" {
            return Ok(Self::Embedded);
        }
        if let Some(folder) = text.strip_prefix("milvus-lite:") {
            let folder = PathBuf::from(folder);
            return if folder.is_absolute() {
                Ok(Self::MilvusLite(folder))
            } else {
                Err(Error::Invalid(StoreCode::StoreUriRelative.with("text", text)))
            };
        }
        match text.strip_prefix("qdrant+") {
            Some(url) => server(url, 6334).map(Self::Qdrant),
            None => server(text, 19530).map(Self::Milvus),
        }
    }
}

/// Scheme, host and port without anything else. Zilliz's own addresses may have no port: that is 443.
fn server(text: &str, default_port: u16) -> Result<String> {
    let invalid = |code: StoreCode| Error::Invalid(code.reason());
    let url =
        Url::parse(text).map_err(|error| Error::Invalid(StoreCode::StoreUriUnreadable.because(error)))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(invalid(StoreCode::StoreUriScheme));
    }
    if !url.username().is_empty() || url.password().is_some() {
        // Not repeated: it holds a password.
        return Err(invalid(StoreCode::StoreUriPassword));
    }
    if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
        return Err(invalid(StoreCode::StoreUriPath));
    }
    let host = url.host_str().ok_or_else(|| invalid(StoreCode::StoreUriHost))?;
    let named = text.trim_end_matches('/').rsplit_once(':').and_then(|(_, port)| port.parse::<u16>().ok());
    let port = match (named, url.scheme()) {
        (Some(port), _) => port,
        (None, "https") => 443,
        (None, _) => default_port,
    };
    Ok(format!("{}://{host}:{port}", url.scheme()))
}

impl fmt::Display for StoreUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Embedded => f.write_str("embedded"),
            Self::Milvus(url) => f.write_str(url),
            Self::MilvusLite(folder) => write!(f, "milvus-lite:{}", folder.display()),
            Self::Qdrant(url) => write!(f, "qdrant+{url}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_and_written_the_same() {
        let cases = [
            ("embedded", "embedded"),
            ("http://localhost", "http://localhost:19530"),
            ("http://127.0.0.1:1234/", "http://127.0.0.1:1234"),
            (
                "https://in01.aws.vectordb.zillizcloud.com:19530",
                "https://in01.aws.vectordb.zillizcloud.com:19530",
            ),
            (
                "https://in03.serverless.gcp.zillizcloud.com",
                "https://in03.serverless.gcp.zillizcloud.com:443",
            ),
            ("http://[::1]:80", "http://[::1]:80"),
            ("http://[::1]", "http://[::1]:19530"),
            ("milvus-lite:/photos/año 1", "milvus-lite:/photos/año 1"),
            ("qdrant+http://localhost", "qdrant+http://localhost:6334"),
            ("qdrant+https://q.example:6334", "qdrant+https://q.example:6334"),
        ];
        for (given, written) in cases {
            let uri: StoreUri = given.parse().unwrap();
            assert_eq!(uri.to_string(), written, "{given}");
            assert_eq!(written.parse::<StoreUri>().unwrap(), uri);
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for given in [
            "",
            "milvus",
            "ftp://host",
            "http://",
            "http://host/path",
            "https://host:99999",
            "milvus-lite:here",
        ] {
            let error = given.parse::<StoreUri>().unwrap_err().to_string();
            assert!(error.starts_with("store_uri_"), "{given}: {error}");
        }
    }

    #[test]
    fn a_password_in_an_address_is_refused_and_not_repeated() {
        let error = "https://root:Hidden1@host".parse::<StoreUri>().unwrap_err().to_string();
        assert_eq!(error, "store_uri_password");
    }
}
