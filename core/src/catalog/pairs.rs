//! Which files beside one another are one photo: a raw picture with its JPEG, a Live Photo with its video, a photo with
//! its XMP. The names alone decide, so the order in which files come and go does not matter.

use std::collections::BTreeSet;
use std::path::PathBuf;

use rusqlite::{Row, params};

use super::connection::Change;
use crate::types::{Role, role, takeout};

/// A file that is there, among those of its stem.
struct Member {
    id: i64,
    path: PathBuf,
    /// What it can be by its name.
    kind: Role,
    /// Whether it was a second file until now.
    was_second: bool,
    photo: Option<i64>,
    content: Option<Vec<u8>>,
    /// Or is no photo at all.
    has_problem: bool,
    has_picture: bool,
    is_other: bool,
}

impl Member {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let path = PathBuf::from(row.get::<_, String>(1)?);
        Ok(Self {
            id: row.get(0)?,
            kind: Role::of(&path),
            path,
            was_second: row.get::<_, u8>(2)? != Role::Photo as u8,
            photo: row.get(3)?,
            content: row.get(4)?,
            has_problem: row.get(5)?,
            has_picture: row.get(6)?,
            is_other: row.get(7)?,
        })
    }

    /// How well it can be shown, smaller is better: a picture, a raw one, one that can no longer be read.
    fn rank(&self) -> Option<u8> {
        let is_fine = !self.has_problem && (self.has_picture || self.photo.is_some());
        match self.kind {
            Role::Photo if is_fine => Some(0),
            Role::Raw if is_fine => Some(1),
            Role::Photo if self.photo.is_some() => Some(2),
            _ => None,
        }
    }

    /// Whether this is a second file of the photo that `first` shows.
    fn belongs_to(&self, first: &Self) -> bool {
        match self.kind {
            Role::Raw => self.id != first.id && role::is_of_camera(&first.path),
            Role::Motion => first.kind == Role::Raw || role::is_of_camera(&first.path),
            Role::Photo | Role::Sidecar => false,
        }
    }
}

impl Change<'_> {
    /// Gives each file of a stem its role and its photo. Returns how many photos are new.
    pub(super) fn join(&self, stem: &str) -> rusqlite::Result<u32> {
        let mut join = Join { change: self, touched: BTreeSet::new(), added: 0 };
        let (sidecars, members): (Vec<_>, Vec<_>) = self
            .beside(stem)?
            .into_iter()
            .partition(|member| member.kind == Role::Sidecar && !member.is_other);
        join.touched.extend(members.iter().chain(&sidecars).filter_map(|member| member.photo));
        let first = members.first().filter(|member| member.rank().is_some());
        // Only the best one has companions, so that two pictures do not share a raw one.
        let (pair, others): (Vec<&Member>, Vec<_>) = members
            .iter()
            .partition(|member| first.is_some_and(|first| member.id == first.id || member.belongs_to(first)));
        let shared = if pair.is_empty() { None } else { Some(join.pair(&pair)?) };
        let mut photos: Vec<_> = pair.iter().map(|member| (*member, shared)).collect();
        for other in others {
            photos.push((other, join.leave(other, shared)?));
        }
        for sidecar in &sidecars {
            let named = role::named_by_sidecar(&sidecar.path);
            let photo = match named {
                Some(named) => photos
                    .iter()
                    .find(|(member, _)| role::is_same_name(&member.path, &named))
                    .and_then(|found| found.1),
                None => shared,
            };
            join.give(sidecar, Role::Sidecar, photo)?;
        }
        join.touched.extend(self.edited_of(stem)?);
        join.touched.iter().try_for_each(|photo| self.resolve(*photo))?;
        Ok(join.added)
    }

    /// The photos that were edited in Google Photos out of those of a stem. They tell what was exported for these.
    fn edited_of(&self, stem: &str) -> rusqlite::Result<Vec<i64>> {
        let longer = self
            .sql
            .prepare_cached(
                "SELECT stem, photo FROM files WHERE stem > ?1 || '-' AND stem < ?1 || '.' AND photo IS NOT NULL",
            )?
            .query_map([stem], |row| Ok((row.get::<_, String>(0)?, row.get(1)?)))?
            .collect::<rusqlite::Result<Vec<_>>>()?;
        let is_edited = |longer: &str| takeout::unedited(longer) == Some(stem);
        Ok(longer.into_iter().filter(|(longer, _)| is_edited(longer)).map(|(_, photo)| photo).collect())
    }

    /// [`Self::join`] for a file that changed, and those beside it.
    pub(super) fn join_beside(&self, file: i64) -> rusqlite::Result<()> {
        let stem: Option<String> = self
            .sql
            .prepare_cached("SELECT stem FROM files WHERE id = ?1")?
            .query_row([file], |row| row.get(0))?;
        stem.map_or(Ok(()), |stem| self.join(&stem).map(drop))
    }

    /// The files of a stem that are there, the one to show first.
    fn beside(&self, stem: &str) -> rusqlite::Result<Vec<Member>> {
        let mut members = self
            .sql
            .prepare_cached(
                "SELECT id, path, role, photo, content, problem IS NOT NULL OR other IS NOT NULL, format IS NOT NULL,
                   other IS NOT NULL FROM files
                 WHERE stem = ?1 AND gone_since IS NULL ORDER BY path",
            )?
            .query_map([stem], Member::read)?
            .collect::<rusqlite::Result<Vec<_>>>()?;
        members.sort_by_key(|member| (member.rank().unwrap_or(u8::MAX), !role::is_of_camera(&member.path)));
        Ok(members)
    }
}

/// A join under way.
struct Join<'a> {
    change: &'a Change<'a>,
    /// Photos that changed.
    touched: BTreeSet<i64>,
    added: u32,
}

impl Join<'_> {
    /// Makes the first file and its companions one photo: the oldest of theirs, but none that other files show too.
    fn pair(&mut self, pair: &[&Member]) -> rusqlite::Result<i64> {
        let first = pair[0];
        let mut free = Vec::new();
        for member in pair {
            let Some(photo) = member.photo else { continue };
            // What was the second of another photo until now brings that photo only where there is none.
            let is_borrowed = member.id != first.id && member.was_second && first.photo.is_some();
            if !self.is_shown_by_others(photo, pair)? {
                free.extend((!is_borrowed).then_some(photo));
            } else if member.id == first.id && !first.was_second {
                free = vec![photo];
                break;
            }
        }
        let shared = match free.into_iter().min() {
            Some(photo) => photo,
            None => self.new_photo()?,
        };
        for member in pair {
            let role = if member.id == first.id { Role::Photo } else { member.kind };
            self.give(member, role, Some(shared))?;
        }
        Ok(shared)
    }

    /// Makes a file one of its own.
    fn leave(&mut self, member: &Member, shared: Option<i64>) -> rusqlite::Result<Option<i64>> {
        let photo = match member.photo {
            _ if member.has_problem && (member.was_second || member.photo == shared) => None,
            Some(photo) if member.was_second && self.is_shown_by_others(photo, &[member])? => {
                Some(self.new_photo()?)
            }
            None if member.has_picture && !member.has_problem => Some(self.new_photo()?),
            photo => photo,
        };
        self.give(member, Role::Photo, photo)?;
        Ok(photo)
    }

    fn is_shown_by_others(&self, photo: i64, members: &[&Member]) -> rusqlite::Result<bool> {
        let files = self
            .change
            .sql
            .prepare_cached("SELECT id FROM files WHERE photo = ?1 AND role = 0 AND problem IS NULL AND gone_since IS NULL")?
            .query_map([photo], |row| row.get::<_, i64>(0))?
            .collect::<rusqlite::Result<Vec<_>>>()?;
        Ok(files.iter().any(|file| members.iter().all(|member| member.id != *file)))
    }

    fn new_photo(&mut self) -> rusqlite::Result<i64> {
        self.added += 1;
        self.change.new_photo()
    }

    fn give(&mut self, member: &Member, role: Role, photo: Option<i64>) -> rusqlite::Result<()> {
        self.touched.extend(photo);
        let sql = &self.change.sql;
        sql.prepare_cached("UPDATE files SET role = ?2, photo = ?3 WHERE id = ?1")?
            .execute(params![member.id, role as u8, photo])?;
        if let (Some(before), Some(now)) = (member.photo, photo)
            && before != now
        {
            self.change.resolve(before)?;
            // The content is another photo's now: this one must not get it back when the file moves.
            sql.prepare_cached(
                "UPDATE photos SET content = NULL, thumbnail = 0 WHERE id = ?1 AND file IS NULL AND content IS ?2",
            )?
            .execute(params![before, member.content])?;
            self.change.carry_user_data(before, now)?;
        }
        Ok(())
    }
}
