//! What a person does with albums, as edits.

use super::albums::AlbumPlace;
use super::connection::Change;
use super::edits::Edited;
use super::photos::json;
use super::steps::Step;
use crate::types::{AlbumId, EditCode, EditId, EditParams, PhotoId, PhotoQuery};

impl Change<'_> {
    pub(super) fn edit_new_album(
        &self,
        name: &str,
        photos: &[PhotoId],
        query: Option<&PhotoQuery>,
    ) -> rusqlite::Result<Option<Edited>> {
        let album = self.new_album(name, query)?;
        let step = Step::Album { album: album.0, present: true };
        let id = self.remember(EditCode::AlbumCreated, &of_album(name), &step)?;
        self.place(album, &self.places_at_end(album, photos)?)?;
        self.run(id, step).map(Some)
    }

    pub(super) fn edit_album_name(&self, album: AlbumId, name: &str) -> rusqlite::Result<Option<Edited>> {
        let Some(before) = self.album_name(album)?.filter(|before| before != name) else { return Ok(None) };
        let step = Step::AlbumName { album: album.0, before, after: name.to_owned() };
        let id = self.remember(EditCode::AlbumRenamed, &of_album(name), &step)?;
        self.run(id, step).map(Some)
    }

    pub(super) fn edit_album(&self, album: AlbumId) -> rusqlite::Result<Option<Edited>> {
        let Some(name) = self.album_name(album)? else { return Ok(None) };
        let step = Step::Album { album: album.0, present: false };
        let id = self.remember(EditCode::AlbumDeleted, &of_album(&name), &step)?;
        self.run(id, step).map(Some)
    }

    pub(super) fn edit_addition(
        &self,
        album: AlbumId,
        photos: &[PhotoId],
    ) -> rusqlite::Result<Option<Edited>> {
        self.edit_places(album, EditCode::AlbumPhotosAdded, &self.places_at_end(album, photos)?)
    }

    pub(super) fn edit_withdrawal(
        &self,
        album: AlbumId,
        photos: &[PhotoId],
    ) -> rusqlite::Result<Option<Edited>> {
        self.edit_places(album, EditCode::AlbumPhotosRemoved, &self.places_left(album, photos)?)
    }

    pub(super) fn edit_order(
        &self,
        album: AlbumId,
        photos: &[PhotoId],
        before: Option<PhotoId>,
    ) -> rusqlite::Result<Option<Edited>> {
        self.edit_places(album, EditCode::AlbumPhotosMoved, &self.places_before(album, photos, before)?)
    }

    fn edit_places(
        &self,
        album: AlbumId,
        code: EditCode,
        places: &[AlbumPlace],
    ) -> rusqlite::Result<Option<Edited>> {
        let Some(name) = self.album_name(album)?.filter(|_| !places.is_empty()) else { return Ok(None) };
        let params = EditParams { count: u32::try_from(places.len()).ok(), ..of_album(&name) };
        let step = Step::AlbumPhotos { album: album.0, done: true };
        let id = self.remember(code, &params, &step)?;
        let mut note = self.sql.prepare_cached(
            "INSERT INTO edit_album_photos (edit, album, photo, before, after) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?;
        for place in places {
            note.execute((id.0, album.0, place.photo, place.before, place.after))?;
        }
        self.run(id, step).map(Some)
    }

    /// Remembers that the first photo of each group comes into the albums of the others, at the first of their places.
    pub(super) fn note_inherited(&self, edit: EditId, groups: &[Vec<PhotoId>]) -> rusqlite::Result<()> {
        let mut note = self.sql.prepare_cached(
            "INSERT OR IGNORE INTO edit_album_photos (edit, album, photo, after)
               SELECT ?1, album, ?2, min(position) FROM album_photos
               WHERE photo IN (SELECT value FROM json_each(?3))
                 AND album NOT IN (SELECT album FROM album_photos WHERE photo = ?2) GROUP BY album",
        )?;
        for (kept, copies) in groups.iter().filter_map(|group| group.split_first()) {
            note.execute((edit.0, kept.0, json(copies)))?;
        }
        Ok(())
    }
}

fn of_album(name: &str) -> EditParams {
    EditParams { album: Some(name.to_owned()), ..Default::default() }
}
