//! Why something failed, as a code with parameters: each reader's language makes its own sentence of it.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A code in snake case and its parameters by name. The texts lie in `ui/src/locales/problems.*.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct Reason {
    /// The code, such as `too_large`.
    pub code: String,
    /// What its text has placeholders for. `detail` is what another program said, in its language: texts of languages
    /// other than English leave it out. `cause` is the code of another reason, which has the same parameters.
    pub params: BTreeMap<String, Param>,
}

/// A parameter of a [`Reason`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(untagged)]
#[ts(export_to = "bindings.ts")]
pub enum Param {
    /// A count or a size; the unit is in the name or the text.
    Number(#[ts(type = "number")] u64),
    /// A name, a path, an address, or what another program said.
    Text(String),
}

/// An enum of codes. Each code has a text in every language.
pub trait ReasonCode: Into<&'static str> {
    /// A reason without parameters.
    fn reason(self) -> Reason {
        Reason { code: self.into().to_owned(), params: BTreeMap::new() }
    }

    /// A reason with this parameter.
    fn with(self, name: &str, value: impl Into<Param>) -> Reason {
        self.reason().with(name, value)
    }

    /// A reason with what another program said.
    fn because(self, cause: impl fmt::Display) -> Reason {
        self.with("detail", cause.to_string())
    }
}

impl Reason {
    /// The same as the cause of another.
    pub fn within(self, code: impl ReasonCode) -> Self {
        let mut outer = Self { code: code.into().to_owned(), params: self.params };
        // What lies between says no more than both.
        outer.params.entry("cause".into()).or_insert(Param::Text(self.code));
        outer
    }

    /// The same with one more parameter.
    pub fn with(mut self, name: &str, value: impl Into<Param>) -> Self {
        self.params.insert(name.to_owned(), value.into());
        self
    }
}

/// For logs: the code, then its parameters.
impl fmt::Display for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.code)?;
        self.params.iter().try_for_each(|(name, value)| write!(formatter, " {name}={value}"))
    }
}

impl fmt::Display for Param {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(formatter),
            Self::Text(text) => text.fmt(formatter),
        }
    }
}

impl From<u64> for Param {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}

impl From<u32> for Param {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<usize> for Param {
    fn from(number: usize) -> Self {
        Self::Number(number as u64)
    }
}

impl From<&Path> for Param {
    fn from(path: &Path) -> Self {
        Self::Text(path.display().to_string())
    }
}

impl From<&str> for Param {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Param {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}
