//! `fotonovela album`.

use std::path::{Path, PathBuf};

use clap::Args;
use fotonovela_core::error::Result;
use fotonovela_core::library::Library;
use fotonovela_core::types::{Album as Found, ErrorCode, PhotoId, PhotoQuery, ReasonCode, SimilarQuery};
use serde::Serialize;
use serde_json::json;

use super::words::{Word, photos, print_text};
use super::{Arguments, lossy, open, photos_at, print, print_json};

#[derive(Debug, Args)]
pub(crate) struct Album {
    /// Its name. Without a name: list all albums.
    name: Option<String>,
    /// Put photos of the library at its end; it is made where there is none of this name.
    #[arg(long, num_args = 1.., value_name = "PHOTO", requires = "name")]
    add: Vec<PathBuf>,
    /// Take photos out of it. They stay in the library.
    #[arg(long, num_args = 1.., value_name = "PHOTO", requires = "name")]
    remove: Vec<PathBuf>,
    /// Call it otherwise.
    #[arg(long, value_name = "NEW", requires = "name")]
    rename: Option<String>,
    /// Delete it; its photos stay, and `fotonovela undo` brings it back.
    #[arg(long, requires = "name", conflicts_with_all = ["add", "remove", "rename"])]
    delete: bool,
    /// Make it of a search, as `fotonovela search` takes it. New photos enter it by themselves.
    #[arg(long, value_name = "TEXT", requires = "name", allow_hyphen_values = true)]
    #[arg(conflicts_with_all = ["add", "remove", "rename", "delete"])]
    save: Option<String>,
    /// Make it of the photos that are like this photo of the library.
    #[arg(long, value_name = "PHOTO", requires = "name")]
    #[arg(conflicts_with_all = ["add", "remove", "rename", "delete", "save"])]
    like: Option<PathBuf>,
}

#[derive(Debug, Serialize)]
struct Listed<'a> {
    id: i64,
    name: &'a str,
    /// `None`: its search cannot be answered now.
    photos: Option<usize>,
    smart: bool,
}

#[derive(Debug, Serialize)]
struct Member {
    id: PhotoId,
    #[serde(serialize_with = "lossy")]
    path: PathBuf,
}

impl Album {
    pub(crate) fn run(&self, arguments: &Arguments) -> Result<()> {
        let library = open(arguments)?;
        let Some(name) = self.name.as_deref() else { return list(&library, arguments.json) };
        if self.delete {
            let album = library.album_named(name)?;
            library.delete_album(album.id)?;
            tell_deleted(&album.name, arguments.json);
            return Ok(());
        }
        if let Some(query) = self.query(&library)? {
            library.save_album(name, query)?;
            return show(&library, name, arguments.json);
        }
        self.change(&library, name)?;
        show(&library, self.rename.as_deref().unwrap_or(name), arguments.json)
    }

    /// The search that it shall be.
    fn query(&self, library: &Library) -> Result<Option<PhotoQuery>> {
        let what = match (&self.save, &self.like) {
            (Some(text), _) => SimilarQuery::Words { text: text.clone() },
            (None, Some(path)) => SimilarQuery::Photo { id: photo_at(library, path)? },
            (None, None) => return Ok(None),
        };
        Ok(Some(PhotoQuery { what: Some(what), ..PhotoQuery::default() }))
    }

    /// Nothing is changed where one of the paths is unknown.
    fn change(&self, library: &Library, name: &str) -> Result<()> {
        let (added, removed) = (photos_at(library, &self.add)?, photos_at(library, &self.remove)?);
        let album = match library.album_named(name) {
            Err(error) if error.code() == ErrorCode::NotFound && !added.is_empty() => {
                library.create_album(name, added)?;
                library.album_named(name)?
            }
            found => {
                let album = found?;
                if !added.is_empty() {
                    library.add_to_album(album.id, added)?;
                }
                album
            }
        };
        if !removed.is_empty() {
            library.remove_from_album(album.id, removed)?;
        }
        if let Some(new) = &self.rename {
            library.rename_album(album.id, new)?;
        }
        Ok(())
    }
}

fn photo_at(library: &Library, path: &Path) -> Result<PhotoId> {
    Ok(photos_at(library, &[path.to_owned()])?[0])
}

fn list(library: &Library, json: bool) -> Result<()> {
    let albums = library.albums()?;
    let listed: Vec<_> = albums.iter().map(|album| listed(library, album)).collect();
    if json {
        print_json(&json!({ "albums": listed }));
        return Ok(());
    }
    for album in &listed {
        let word = if album.smart { Word::SmartAlbumTold } else { Word::AlbumTold };
        let told = word.with("name", album.name);
        let count = album.photos.map(|count| photos(count as u64));
        print_text(&count.into_iter().fold(told, |told, count| told.with("photos", count)));
    }
    Ok(())
}

fn listed<'a>(library: &Library, album: &'a Found) -> Listed<'a> {
    let photos = match album.photos {
        Some(photos) => Some(photos as usize),
        None => library.album_photos(album).ok().map(|photos| photos.len()),
    };
    Listed { id: album.id.0, name: &album.name, photos, smart: album.query.is_some() }
}

fn show(library: &Library, name: &str, json: bool) -> Result<()> {
    let album = library.album_named(name)?;
    let members = library.album_photos(&album)?.into_iter().map(|(id, path)| Member { id, path });
    if json {
        print_json(&json!({ "album": album.name, "photos": members.collect::<Vec<_>>() }));
    } else {
        members.for_each(|member| print(&member.path.display().to_string()));
    }
    Ok(())
}

fn tell_deleted(name: &str, json: bool) {
    if json {
        print_json(&json!({ "deleted": name }));
    } else {
        print_text(&Word::AlbumDeleted.with("name", name));
    }
}
