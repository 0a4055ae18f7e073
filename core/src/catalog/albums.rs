//! Albums: the photos of plain ones in their order, the searches of smart ones.

use std::collections::{HashMap, HashSet};

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::changes::Changed;
use super::connection::{Catalog, Change, now_ms};
use super::edits::{from_json, json};
use super::names::key;
use crate::error::Result;
use crate::types::{Album, AlbumId, EditId, Example, PhotoId, PhotoQuery, SimilarQuery};

/// The place of a photo in an album before and after an edit; `None`: not in it.
pub(super) struct AlbumPlace {
    pub(super) photo: i64,
    pub(super) before: Option<i64>,
    pub(super) after: Option<i64>,
}

impl Catalog {
    /// All albums, by name.
    pub fn albums(&self) -> Result<Vec<Album>> {
        self.read(|sql| {
            let mut albums = sql
                .prepare_cached(
                    "SELECT albums.id, name, query, count(photos.id) FROM albums
                 LEFT JOIN album_photos ON album = albums.id
                 LEFT JOIN photos ON photos.id = album_photos.photo AND file IS NOT NULL
                   AND photos.id NOT IN (SELECT photo FROM marks WHERE mark = 'hidden')
                 WHERE removed_at IS NULL GROUP BY albums.id ORDER BY key",
                )?
                .query_map([], album)?
                .collect::<rusqlite::Result<Vec<_>>>()?;
            for album in &mut albums {
                if let Some(query) = &mut album.query
                    && let Some(like) = examples(sql, album.id)?
                {
                    query.what = Some(like);
                }
            }
            Ok(albums)
        })
    }
}

fn album(row: &Row<'_>) -> rusqlite::Result<Album> {
    let is_smart = row.get::<_, Option<String>>(2)?.is_some();
    let query = if is_smart { Some(from_json(row, 2)?) } else { None };
    let photos = if is_smart { None } else { Some(row.get(3)?) };
    Ok(Album { id: AlbumId(row.get(0)?), name: row.get(1)?, photos, query })
}

/// The photos that those of a smart album are like; `None`: its query names none.
fn examples(sql: &Connection, album: AlbumId) -> rusqlite::Result<Option<SimilarQuery>> {
    let photos = sql
        .prepare_cached("SELECT photo, weight FROM album_examples WHERE album = ?1 ORDER BY rowid")?
        .query_map([album.0], |row| Ok((PhotoId(row.get(0)?), row.get(1)?)))?
        .collect::<rusqlite::Result<Vec<(PhotoId, Option<f32>)>>>()?;
    Ok(match photos[..] {
        [] => None,
        [(id, None)] => Some(SimilarQuery::Photo { id }),
        _ => {
            let example =
                |(id, weight): (PhotoId, Option<f32>)| Example { id, weight: weight.unwrap_or(1.0) };
            Some(SimilarQuery::Examples { photos: photos.into_iter().map(example).collect() })
        }
    })
}

impl Change<'_> {
    pub(super) fn album_name(&self, album: AlbumId) -> rusqlite::Result<Option<String>> {
        self.sql
            .prepare_cached("SELECT name FROM albums WHERE id = ?1 AND removed_at IS NULL")?
            .query_row([album.0], |row| row.get(0))
            .optional()
    }

    pub(super) fn new_album(&self, name: &str, query: Option<&PhotoQuery>) -> rusqlite::Result<AlbumId> {
        // The photos lie beside the query, so that they stay the same ones through all that becomes of their rows.
        let examples: Vec<(i64, Option<f32>)> = match query.and_then(|query| query.what.as_ref()) {
            Some(SimilarQuery::Photo { id }) => vec![(id.0, None)],
            Some(SimilarQuery::Examples { photos }) => {
                photos.iter().map(|example| (example.id.0, Some(example.weight))).collect()
            }
            _ => Vec::new(),
        };
        let query = query.map(|query| match examples.is_empty() {
            true => json(query),
            false => json(&PhotoQuery { what: None, ..query.clone() }),
        });
        let name = self.free_name("albums", name, None)?;
        self.sql
            .prepare_cached("INSERT INTO albums (name, key, created_at, query) VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![name, key(&name), now_ms(), query])?;
        let album = AlbumId(self.sql.last_insert_rowid());
        let mut add = self.sql.prepare_cached(
            "INSERT OR REPLACE INTO album_examples (album, photo, weight) VALUES (?1, ?2, ?3)",
        )?;
        for (photo, weight) in examples {
            add.execute((album.0, photo, weight))?;
        }
        Ok(album)
    }

    /// Gives an album a name, with a number behind it where another one has that name.
    pub(super) fn rename_album(&self, album: AlbumId, name: &str) -> rusqlite::Result<()> {
        let name = self.free_name("albums", name, Some(album.0))?;
        self.sql.prepare_cached("UPDATE albums SET name = ?2, key = ?3 WHERE id = ?1")?.execute((
            album.0,
            &name,
            key(&name),
        ))?;
        self.note_photos_of(album)
    }

    /// Takes an album out of sight with the places of its photos, or brings it back; under another name where a new one
    /// has its own.
    pub(super) fn set_album_present(&self, album: AlbumId, present: bool) -> rusqlite::Result<()> {
        let name: String = self
            .sql
            .prepare_cached("SELECT name FROM albums WHERE id = ?1")?
            .query_row([album.0], |row| row.get(0))?;
        if present {
            self.rename_album(album, &name)?;
        }
        self.sql
            .prepare_cached("UPDATE albums SET removed_at = ?2 WHERE id = ?1")?
            .execute((album.0, (!present).then(now_ms)))?;
        self.note_photos_of(album)
    }

    /// All photos of an album in their order, those without files too, with their positions.
    fn places(&self, album: AlbumId) -> rusqlite::Result<Vec<(i64, i64)>> {
        self.sql
            .prepare_cached(
                "SELECT photo, position FROM album_photos WHERE album = ?1 ORDER BY position, photo",
            )?
            .query_map([album.0], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect()
    }

    /// Places behind the last one for those photos of the library that are not in the album.
    pub(super) fn places_at_end(
        &self,
        album: AlbumId,
        photos: &[PhotoId],
    ) -> rusqlite::Result<Vec<AlbumPlace>> {
        let known = self.places(album)?;
        let mut position = known.last().map_or(0, |(_, last)| *last);
        let mut seen: HashSet<i64> = known.into_iter().map(|(photo, _)| photo).collect();
        let mut exists = self.sql.prepare_cached("SELECT 1 FROM photos WHERE id = ?1")?;
        let mut places = Vec::new();
        for photo in photos {
            if exists.exists([photo.0])? && seen.insert(photo.0) {
                position += 1;
                places.push(AlbumPlace { photo: photo.0, before: None, after: Some(position) });
            }
        }
        Ok(places)
    }

    /// The places that photos of the album leave.
    pub(super) fn places_left(
        &self,
        album: AlbumId,
        photos: &[PhotoId],
    ) -> rusqlite::Result<Vec<AlbumPlace>> {
        let leaving: HashSet<i64> = photos.iter().map(|photo| photo.0).collect();
        let places = self.places(album)?.into_iter().filter(|(photo, _)| leaving.contains(photo));
        Ok(places.map(|(photo, before)| AlbumPlace { photo, before: Some(before), after: None }).collect())
    }

    /// The places that change when these photos of the album go before another one, or to the end.
    pub(super) fn places_before(
        &self,
        album: AlbumId,
        photos: &[PhotoId],
        before: Option<PhotoId>,
    ) -> rusqlite::Result<Vec<AlbumPlace>> {
        let places = self.places(album)?;
        let known: HashMap<i64, i64> = places.iter().copied().collect();
        let mut going = HashSet::new();
        let moved: Vec<i64> = photos
            .iter()
            .map(|photo| photo.0)
            .filter(|photo| known.contains_key(photo) && going.insert(*photo))
            .collect();
        let following = before.and_then(|before| {
            let from = places.iter().skip_while(|(photo, _)| *photo != before.0);
            from.map(|(photo, _)| *photo).find(|photo| !going.contains(photo))
        });
        let mut order: Vec<i64> =
            places.iter().map(|(photo, _)| *photo).filter(|photo| !going.contains(photo)).collect();
        let at = following.and_then(|next| order.iter().position(|photo| *photo == next));
        let at = at.unwrap_or(order.len());
        order.splice(at..at, moved);
        let changed = (1..).zip(order).filter(|(position, photo)| known[photo] != *position);
        Ok(changed
            .map(|(position, photo)| AlbumPlace { photo, before: Some(known[&photo]), after: Some(position) })
            .collect())
    }

    /// Puts photos at their places of a new album.
    pub(super) fn place(&self, album: AlbumId, places: &[AlbumPlace]) -> rusqlite::Result<()> {
        let mut add = self
            .sql
            .prepare_cached("INSERT INTO album_photos (album, photo, position) VALUES (?1, ?2, ?3)")?;
        places.iter().try_for_each(|place| add.execute((album.0, place.photo, place.after)).map(drop))
    }

    /// Gives the photos of an edit their places after it, or those before.
    pub(super) fn set_places_of(&self, edit: EditId, done: bool) -> rusqlite::Result<()> {
        let place = if done { "after" } else { "before" };
        self.sql
            .prepare_cached(&format!(
                "INSERT OR REPLACE INTO album_photos (album, photo, position)
                   SELECT album, photo, {place} FROM edit_album_photos JOIN photos ON photos.id = photo
                   WHERE edit = ?1 AND {place} IS NOT NULL"
            ))?
            .execute([edit.0])?;
        self.sql
            .prepare_cached(&format!(
                "DELETE FROM album_photos WHERE (album, photo) IN
                   (SELECT album, photo FROM edit_album_photos WHERE edit = ?1 AND {place} IS NULL)"
            ))?
            .execute([edit.0])?;
        self.note_each(
            Changed::Marks,
            "SELECT DISTINCT photo FROM edit_album_photos WHERE edit = ?1",
            [edit.0],
        )
    }

    fn note_photos_of(&self, album: AlbumId) -> rusqlite::Result<()> {
        self.note_each(Changed::Marks, "SELECT photo FROM album_photos WHERE album = ?1", [album.0])
    }
}
