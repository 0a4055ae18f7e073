//! Similar photos, of the library's own and of pictures from outside.

use std::path::Path;

use super::open::Library;
use crate::error::Result;
use crate::platform::reading::read_picture;
use crate::types::{PhotoLayout, PhotoQuery, QueryImage, Similar, SimilarQuery, Understood};

/// Words that are suggested while one types.
const SUGGESTIONS: usize = 8;

impl Library {
    /// The photos of a query in their order, with what the grid needs of each.
    ///
    /// # Errors
    /// When what they are like is not there, or cannot be embedded.
    pub fn layout(&self, query: &PhotoQuery) -> Result<PhotoLayout> {
        self.runtime.block_on(self.search.layout(query))
    }

    /// The photos of a query for likeness, best first, with their files.
    ///
    /// # Errors
    /// As [`Self::layout`]; [`Error::NotFound`] for a query that does not say what they are like.
    pub fn similar(&self, query: &PhotoQuery) -> Result<Similar> {
        self.runtime.block_on(self.search.similar(query))
    }

    /// What is made of a text that a person typed to search.
    ///
    /// # Errors
    /// When the word pack cannot be read.
    pub fn understand(&self, text: &str) -> Result<Understood> {
        self.search.understand(text)
    }

    /// Words that go on with the last one of a text, of what is written about the library's photos, most frequent first.
    ///
    /// # Errors
    /// When the catalogue cannot be read.
    pub fn suggest(&self, text: &str) -> Result<Vec<String>> {
        self.search.suggest(text, SUGGESTIONS)
    }

    /// What a query has to say to find photos like the picture in a file, which may be of the library or not.
    ///
    /// # Errors
    /// When the file cannot be read or decoded.
    pub fn query_of_file(&self, path: &Path) -> Result<SimilarQuery> {
        self.search.query_of_file(path)
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
        let bytes = read_picture(path)?;
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
