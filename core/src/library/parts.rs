//! The parts of an open library, for tests and measurement. The shell does not call these, so that each of its reads and
//! writes has one place; a test of the house rules says so.

use std::sync::Arc;

use super::open::Library;
use crate::catalog::Catalog;
use crate::inference::Model;

impl Library {
    /// The truth.
    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// The model in use.
    pub fn model(&self) -> Arc<Model> {
        Arc::clone(&self.engine().model)
    }
}
