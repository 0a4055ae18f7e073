//! The passes as work: which photos lack them, which they failed on, and which of them the person paused.

use std::collections::HashSet;

use rusqlite::{Connection, named_params};

use super::connection::{Catalog, Change};
use crate::error::Result;
use crate::types::Pass;

/// Passes that share one reading and decoding of a photo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage {
    /// Whether it also reads files that are new or changed. Other stages take the photos that were read.
    pub reads: bool,
    /// What it makes.
    pub passes: Vec<Pass>,
}

impl Stage {
    /// The first one: reads files, makes thumbnails and the vectors of `model`.
    pub fn first(model: &str) -> Self {
        Self { reads: true, passes: vec![Pass::Thumbnail, Pass::Vector(model.to_owned())] }
    }

    /// The model whose vectors it makes, or none.
    pub fn model(&self) -> &str {
        let vectors = self.passes.iter().find_map(|pass| match pass {
            Pass::Vector(model) | Pass::Regions(model) => Some(model.as_str()),
            Pass::Thumbnail => None,
        });
        vectors.unwrap_or_default()
    }

    /// The files that wait for it, as the rest of a query with the parameter `:model`, see [`Self::model`].
    pub(super) fn waiting(&self) -> String {
        // A stage without vectors has no use for the model, but each query names it.
        let lacks: String = self.passes.iter().map(|pass| format!(" OR {}", lacks(pass))).collect();
        let reads = if self.reads {
            "files.content IS NULL OR"
        } else {
            "files.content IS NOT NULL AND files.content IS photos.content AND"
        };
        let changed = if self.reads { "files.content IS NOT photos.content" } else { "0" };
        format!(
            "FROM files JOIN photos ON photos.id = files.photo
             WHERE files.gone_since IS NULL AND files.missing = 0 AND files.problem IS NULL
               AND files.folder NOT IN (SELECT id FROM folders WHERE offline)
               AND files.role = 0 AND :model IS NOT NULL
               AND ({reads} photos.file = files.id AND ({changed}{lacks}))"
        )
    }
}

/// Whether a photo waits for a pass, in SQL.
fn lacks(pass: &Pass) -> &'static str {
    match pass {
        Pass::Thumbnail => "photos.thumbnail = 0",
        Pass::Vector(_) => {
            "NOT EXISTS (SELECT 1 FROM embeddings WHERE photo = photos.id AND region = 0 AND model = :model)
             AND NOT EXISTS (SELECT 1 FROM pass_problems WHERE photo = photos.id AND pass = :model)"
        }
        // A photo that was looked at has its tiles.
        Pass::Regions(_) => {
            "NOT EXISTS (SELECT 1 FROM regions WHERE photo = photos.id AND source = :model)
             AND NOT EXISTS (SELECT 1 FROM pass_problems WHERE photo = photos.id AND pass = :model)"
        }
    }
}

/// How far a pass is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PassCount {
    /// Photos that have it.
    pub done: u32,
    /// Photos that it failed on after they had been read.
    pub failed: u32,
}

impl Catalog {
    /// How far a pass is, of the photos that have a file.
    pub fn pass_count(&self, pass: &Pass) -> Result<PassCount> {
        self.read(|sql| match pass {
            Pass::Thumbnail => {
                let done = sql
                    .prepare_cached("SELECT count(*) FROM photos WHERE file IS NOT NULL AND thumbnail")?
                    .query_row([], |row| row.get(0))?;
                Ok(PassCount { done, failed: 0 })
            }
            Pass::Vector(model) => count_with(
                sql,
                model,
                "SELECT 1 FROM embeddings WHERE photo = photos.id AND region = 0 AND model = :model",
            ),
            Pass::Regions(model) => {
                count_with(sql, model, "SELECT 1 FROM regions WHERE photo = photos.id AND source = :model")
            }
        })
    }

    /// Names of the passes that the person paused.
    pub fn paused_passes(&self) -> Result<HashSet<String>> {
        self.read(|sql| {
            sql.prepare_cached("SELECT name FROM passes WHERE paused")?
                .query_map([], |row| row.get(0))?
                .collect()
        })
    }

    /// Remembers that the person paused a pass, or lets it go on.
    pub fn set_pass_paused(&self, name: &str, paused: bool) -> Result<()> {
        self.write(|change| {
            change
                .sql
                .execute("INSERT OR REPLACE INTO passes (name, paused) VALUES (?1, ?2)", (name, paused))
                .map(drop)
        })
    }
}

/// How many photos with a file have `product`, a query with the parameter `:model`.
fn count_with(sql: &Connection, model: &str, product: &str) -> rusqlite::Result<PassCount> {
    sql.prepare_cached(&format!(
        "SELECT (SELECT count(*) FROM photos WHERE file IS NOT NULL AND EXISTS ({product})),
           (SELECT count(*) FROM photos JOIN pass_problems ON pass_problems.photo = photos.id
              WHERE photos.file IS NOT NULL AND pass = :model)"
    ))?
    .query_row(named_params! { ":model": model }, |row| {
        Ok(PassCount { done: row.get(0)?, failed: row.get(1)? })
    })
}

impl Change<'_> {
    /// Notes that a photo of this file cannot have what a later stage makes.
    pub(super) fn set_pass_problem(&self, file: i64, stage: &Stage, problem: &str) -> rusqlite::Result<()> {
        self.sql
            .prepare_cached(
                "INSERT OR REPLACE INTO pass_problems (photo, pass, problem)
                 SELECT photo, ?2, ?3 FROM files WHERE id = ?1",
            )?
            .execute((file, stage.model(), problem))?;
        Ok(())
    }

    /// Lets the later passes try photos again that they failed on; `None`: all.
    pub(super) fn forget_pass_problems(&self, photo: Option<i64>) -> rusqlite::Result<()> {
        self.sql
            .prepare_cached("DELETE FROM pass_problems WHERE ?1 IS NULL OR photo = ?1")?
            .execute([photo])?;
        Ok(())
    }
}
