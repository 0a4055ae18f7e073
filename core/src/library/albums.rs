//! Albums: photos in an order that the person chose, and searches that are asked each time.

use std::path::PathBuf;

use super::open::Library;
use crate::error::{Error, Result};
use crate::types::{
    Album, AlbumId, Edit, EditEntry, FaultCode, PhotoId, PhotoQuery, ReasonCode, SimilarQuery,
};

impl Library {
    /// All albums, by name.
    pub fn albums(&self) -> Result<Vec<Album>> {
        self.catalog.albums()
    }

    /// The album of a name, in any case.
    ///
    /// # Errors
    /// [`Error::NotFound`], which names those that there are.
    pub fn album_named(&self, name: &str) -> Result<Album> {
        let albums = self.albums()?;
        let names: Vec<_> = albums.iter().map(|album| album.name.clone()).collect();
        let wanted = name.trim().to_lowercase();
        albums.into_iter().find(|album| album.name.to_lowercase() == wanted).ok_or_else(|| {
            let reason = FaultCode::AlbumUnknown.with("name", name);
            Error::NotFound(if names.is_empty() { reason } else { reason.with("known", names.join(", ")) })
        })
    }

    /// What is in an album, with the files: in its order, or for a search as it is answered now, without the weak answers.
    ///
    /// # Errors
    /// As [`Self::layout`] for a smart album.
    pub fn album_photos(&self, album: &Album) -> Result<Vec<(PhotoId, PathBuf)>> {
        let query = album.contents();
        if query.what.is_some() {
            let found = self.similar(&query)?.photos.into_iter().filter(|photo| !photo.weak);
            return Ok(found.map(|photo| (photo.id, photo.path)).collect());
        }
        let ids: Vec<_> = self.layout(&query)?.photos.iter().map(|photo| photo.id).collect();
        self.catalog.paths_of(&ids)
    }

    /// Makes a plain album of these photos, in this order.
    ///
    /// # Errors
    /// [`Error::Invalid`] for an empty name and for one that another album has.
    pub fn create_album(&self, name: &str, photos: Vec<PhotoId>) -> Result<Option<EditEntry>> {
        self.apply(&Edit::CreateAlbum { name: self.new_name(name, None)?, photos, query: None })
    }

    /// Keeps a search as a smart album, which new photos enter by themselves.
    ///
    /// # Errors
    /// As [`Self::create_album`] and [`Self::layout`]; [`Error::Invalid`] for photos like a picture from outside.
    pub fn save_album(&self, name: &str, query: PhotoQuery) -> Result<Option<EditEntry>> {
        let name = self.new_name(name, None)?;
        if matches!(query.what, Some(SimilarQuery::Image { .. })) {
            return Err(Error::Invalid(FaultCode::AlbumOfOutsider.reason()));
        }
        // One that cannot be answered says so now.
        self.layout(&PhotoQuery { limit: Some(1), ..query.clone() })?;
        self.apply(&Edit::CreateAlbum { name, photos: Vec::new(), query: Some(query) })
    }

    /// Gives an album another name. `None`: it has it already.
    ///
    /// # Errors
    /// As [`Self::create_album`].
    pub fn rename_album(&self, album: AlbumId, name: &str) -> Result<Option<EditEntry>> {
        self.apply(&Edit::RenameAlbum { album, name: self.new_name(name, Some(album))? })
    }

    /// Deletes an album; its photos stay in the library. `None`: it was deleted already.
    pub fn delete_album(&self, album: AlbumId) -> Result<Option<EditEntry>> {
        self.apply(&Edit::DeleteAlbum { album })
    }

    /// Puts photos at the end of a plain album. `None`: all are in it already.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a smart album.
    pub fn add_to_album(&self, album: AlbumId, photos: Vec<PhotoId>) -> Result<Option<EditEntry>> {
        self.must_be_plain(album)?;
        self.apply(&Edit::AddToAlbum { album, photos })
    }

    /// Takes photos out of a plain album. `None`: none is in it.
    ///
    /// # Errors
    /// As [`Self::add_to_album`].
    pub fn remove_from_album(&self, album: AlbumId, photos: Vec<PhotoId>) -> Result<Option<EditEntry>> {
        self.must_be_plain(album)?;
        self.apply(&Edit::RemoveFromAlbum { album, photos })
    }

    /// Puts photos of a plain album before another one of it; `None`: at its end. Returns `None` where they are there
    /// already.
    ///
    /// # Errors
    /// As [`Self::add_to_album`].
    pub fn move_in_album(
        &self,
        album: AlbumId,
        photos: Vec<PhotoId>,
        before: Option<PhotoId>,
    ) -> Result<Option<EditEntry>> {
        self.must_be_plain(album)?;
        self.apply(&Edit::MoveInAlbum { album, photos, before })
    }

    fn must_be_plain(&self, album: AlbumId) -> Result<()> {
        let albums = self.albums()?;
        match albums.into_iter().find(|known| known.id == album && known.query.is_some()) {
            Some(smart) => Err(Error::Invalid(FaultCode::AlbumSmart.with("name", smart.name))),
            None => Ok(()),
        }
    }

    /// A name without spaces around it that no other album has.
    fn new_name(&self, name: &str, album: Option<AlbumId>) -> Result<String> {
        let name = name.trim();
        if name.is_empty() {
            return Err(Error::Invalid(FaultCode::AlbumNameless.reason()));
        }
        if self.album_named(name).is_ok_and(|other| Some(other.id) != album) {
            return Err(Error::Invalid(FaultCode::AlbumTaken.with("name", name)));
        }
        Ok(name.to_owned())
    }
}
