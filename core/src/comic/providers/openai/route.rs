//! The two ways to ask this service.

use std::str::FromStr;

use crate::error::Error;
use crate::types::{FaultCode, ReasonCode};

/// How the service is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    /// `POST /v1/responses`: a main model calls the image tool.
    Responses,
    /// `POST /v1/images/edits`: the portable way.
    Edits,
}

impl Route {
    /// The name that the settings and the command line know.
    pub fn name(self) -> &'static str {
        match self {
            Self::Responses => "responses",
            Self::Edits => "edits",
        }
    }
}

impl FromStr for Route {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        [Self::Responses, Self::Edits].into_iter().find(|route| route.name() == name).ok_or_else(|| {
            Error::Invalid(FaultCode::RouteUnknown.with("route", name).with("known", "responses, edits"))
        })
    }
}
