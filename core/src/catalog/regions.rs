//! Parts of photos.

use std::collections::HashMap;

use rusqlite::{Row, params};
use serde_json::json;

use super::changes::Changed;
use super::connection::{Catalog, Change};
use super::names::{from_name, name};
use crate::error::Result;
use crate::types::{Area, PhotoId, Region, RegionId, RegionKind};

/// The source of what a person drew.
const PERSON: &str = "person";

/// A region that something found in a photo, with its vector.
#[derive(Clone, Debug)]
pub struct NewRegion {
    /// What it is.
    pub kind: RegionKind,
    /// Where it is.
    pub area: Area,
    /// What its source calls it.
    pub label: Option<String>,
    /// How sure the source is, 0 to 1.
    pub score: Option<f32>,
    /// A unit vector.
    pub vector: Vec<f32>,
}

impl Catalog {
    /// Replaces all regions that `source` found in a photo. Vectors are of `model`.
    pub fn set_regions(
        &self,
        photo: PhotoId,
        source: &str,
        model: &str,
        regions: &[NewRegion],
    ) -> Result<Vec<RegionId>> {
        self.write(|change| change.set_regions(photo.0, source, model, regions))
    }

    /// Where regions are, those that are there.
    pub fn areas(&self, regions: &[RegionId]) -> Result<HashMap<RegionId, Area>> {
        let ids: Vec<_> = regions.iter().map(|region| region.0).collect();
        self.read(|sql| {
            sql.prepare_cached(
                "SELECT id, x, y, width, height FROM regions WHERE id IN (SELECT value FROM json_each(?1))",
            )?
            .query_map([json!(ids).to_string()], |row| Ok((RegionId(row.get(0)?), area(row, 1)?)))?
            .collect()
        })
    }

    /// The regions of a photo, as they were found.
    pub fn regions(&self, photo: PhotoId) -> Result<Vec<Region>> {
        self.read(|sql| {
            sql.prepare_cached(
                "SELECT id, photo, kind, x, y, width, height, label, score, source FROM regions
                 WHERE photo = ?1 ORDER BY id",
            )?
            .query_map([photo.0], region)?
            .collect()
        })
    }
}

impl Change<'_> {
    /// See [`Catalog::set_regions`].
    pub(super) fn set_regions(
        &self,
        photo: i64,
        source: &str,
        model: &str,
        regions: &[NewRegion],
    ) -> rusqlite::Result<Vec<RegionId>> {
        self.drop_regions(photo, source)?;
        regions.iter().map(|region| self.add_region(photo, source, model, region)).collect()
    }

    fn add_region(
        &self,
        photo: i64,
        source: &str,
        model: &str,
        region: &NewRegion,
    ) -> rusqlite::Result<RegionId> {
        let Area { x, y, width, height } = region.area;
        self.sql
            .prepare_cached(
                "INSERT INTO regions (photo, kind, x, y, width, height, label, score, source)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            )?
            .execute(params![
                photo,
                name(region.kind),
                x,
                y,
                width,
                height,
                region.label,
                region.score,
                source
            ])?;
        let id = self.sql.last_insert_rowid();
        self.insert_embedding(photo, Some(RegionId(id)), model, &region.vector)?;
        self.note(Changed::Region, id)?;
        Ok(RegionId(id))
    }

    fn drop_regions(&self, photo: i64, source: &str) -> rusqlite::Result<()> {
        self.note_each(
            Changed::Region,
            "DELETE FROM regions WHERE photo = ?1 AND source = ?2 RETURNING id",
            (photo, source),
        )
    }

    /// Drops what was found in a content that the photo no longer has. What a person drew stays.
    pub(super) fn drop_found_regions(&self, photo: i64) -> rusqlite::Result<()> {
        self.note_each(
            Changed::Region,
            "DELETE FROM regions WHERE photo = ?1 AND source != ?2 RETURNING id",
            (photo, PERSON),
        )
    }

    /// Hands the regions that a person drew in a photo on to another.
    pub(super) fn carry_drawn_regions(&self, from: i64, to: i64) -> rusqlite::Result<()> {
        self.sql
            .prepare_cached(
                "UPDATE embeddings SET photo = ?2 WHERE photo = ?1 AND region IN
                   (SELECT id FROM regions WHERE photo = ?1 AND source = ?3)",
            )?
            .execute((from, to, PERSON))?;
        self.sql
            .prepare_cached("UPDATE regions SET photo = ?2 WHERE photo = ?1 AND source = ?3")?
            .execute((from, to, PERSON))?;
        self.note_regions(to)
    }

    /// Notes that what stores keep of a photo's regions changed with the photo.
    pub(super) fn note_regions(&self, photo: i64) -> rusqlite::Result<()> {
        self.note_each(Changed::Region, "SELECT id FROM regions WHERE photo = ?1", [photo])
    }
}

fn region(row: &Row<'_>) -> rusqlite::Result<Region> {
    Ok(Region {
        id: RegionId(row.get(0)?),
        photo: PhotoId(row.get(1)?),
        kind: from_name(row, 2)?,
        area: area(row, 3)?,
        label: row.get(7)?,
        score: row.get(8)?,
        source: row.get(9)?,
    })
}

fn area(row: &Row<'_>, first: usize) -> rusqlite::Result<Area> {
    let side = |at| row.get(first + at);
    Ok(Area { x: side(0)?, y: side(1)?, width: side(2)?, height: side(3)? })
}
