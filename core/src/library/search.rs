//! Similar photos, of the library's own and of pictures from outside.

use std::path::Path;

use super::open::Library;
use crate::error::{Error, Result};
use crate::types::{QueryImage, Scope, Similar, SimilarQuery};

impl Library {
    /// The `limit` most similar photos of the scope, best first.
    ///
    /// # Errors
    /// When the query is not there, or cannot be embedded.
    pub fn similar(&self, query: &SimilarQuery, scope: &Scope, limit: usize) -> Result<Similar> {
        self.runtime.block_on(self.search.similar(query, scope, limit))
    }

    /// The photos of the scope most similar to the picture in a file, which may be of the library or not.
    ///
    /// # Errors
    /// When the file cannot be read or decoded.
    pub fn similar_to_file(&self, path: &Path, scope: &Scope, limit: usize) -> Result<Similar> {
        self.runtime.block_on(self.search.similar_to_file(path, scope, limit))
    }

    /// Keeps a picture from outside as a query. `name` is shown, and tells its kind where its content does not.
    ///
    /// # Errors
    /// When it cannot be decoded.
    pub fn add_query_image(&self, bytes: &[u8], name: &str) -> Result<QueryImage> {
        self.search.add_image(bytes, name)
    }

    /// [`Self::add_query_image`] of a file.
    ///
    /// # Errors
    /// When it cannot be read or decoded.
    pub fn add_query_file(&self, path: &Path) -> Result<QueryImage> {
        let bytes = std::fs::read(path).map_err(|error| Error::read(path, error))?;
        self.add_query_image(&bytes, &path.file_name().unwrap_or_default().to_string_lossy())
    }

    /// A small JPEG of a picture that is kept as a query.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn query_image(&self, token: u32) -> Result<Vec<u8>> {
        self.search.image_preview(token)
    }
}
