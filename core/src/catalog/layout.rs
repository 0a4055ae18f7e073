//! Which photos belong to a scope, in the order of the grid; and what of that changed since.

use rusqlite::types::Value;
use rusqlite::{Connection, Row, ToSql};

use super::connection::Catalog;
use super::filters::{condition, in_album};
use super::photos::{json, tiles};
use crate::error::Result;
use crate::types::{Mark, PhotoChanges, PhotoId, PhotoLayout, PhotoQuery, PhotoShape, PhotoSummary, Scope};

/// More changes than these are not told one by one: the layout itself is smaller.
const MOST_CHANGES: usize = 2000;

impl Catalog {
    /// The photos of the scope of `query`, newest first or in the order of the album. What they are like is not looked at.
    pub fn layout(&self, query: &PhotoQuery) -> Result<PhotoLayout> {
        let revision = self.revision();
        let (select, mut values) = select(&query.among);
        values.push(Value::Integer(query.limit.map_or(-1, i64::from)));
        let photos =
            self.read(|sql| sql.prepare_cached(&select)?.query_map(&*parameters(&values), shape)?.collect())?;
        Ok(PhotoLayout { revision, photos, ..PhotoLayout::default() })
    }

    /// The photos of a scope, in no order.
    pub fn photos_in(&self, scope: &Scope) -> Result<Vec<PhotoId>> {
        let (belongs, values) = conditions(scope);
        self.read(|sql| {
            sql.prepare_cached(&format!("SELECT id FROM photos WHERE file IS NOT NULL{belongs}"))?
                .query_map(&*parameters(&values), photo_id)?
                .collect()
        })
    }

    /// Those of `ids` that have a file, in the order of `ids`.
    pub fn shapes_of(&self, ids: &[PhotoId]) -> Result<Vec<PhotoShape>> {
        self.read(|sql| {
            sql.prepare_cached(
                "SELECT photos.id, taken_at, width, height FROM json_each(?1) AS asked
                 CROSS JOIN photos ON photos.id = asked.value WHERE file IS NOT NULL ORDER BY asked.key",
            )?
            .query_map([json(ids)], shape)?
            .collect()
        })
    }

    /// What changed after `revision`. `model` is the one whose vectors count.
    pub fn photo_changes(&self, scope: &Scope, revision: i64, model: &str) -> Result<PhotoChanges> {
        let newest = self.revision();
        self.read(|sql| {
            let changed = changed_since(sql, revision)?;
            let too_many = changed.len() > MOST_CHANGES;
            let (tiles, inside) = if too_many {
                (Vec::new(), Vec::new())
            } else {
                (tiles(sql, &changed, model)?, inside(sql, scope, &changed)?)
            };
            Ok(PhotoChanges {
                revision: newest,
                tiles,
                inside,
                removed: gone_since(sql, revision)?,
                too_many,
            })
        })
    }

    /// The library in numbers.
    pub fn photo_summary(&self) -> Result<PhotoSummary> {
        self.read(|sql| {
            let count = |scope: &Scope| {
                let (belongs, _) = conditions(scope);
                sql.prepare_cached(&format!("SELECT COUNT(*) FROM photos WHERE file IS NOT NULL{belongs}"))?
                    .query_row([], |row| row.get(0))
            };
            let marked = |mark| Ok((mark, count(&Scope { mark: Some(mark), ..Scope::default() })?));
            Ok(PhotoSummary {
                photos: count(&Scope::default())?,
                marked: Mark::ALL.into_iter().map(marked).collect::<rusqlite::Result<_>>()?,
                years: years(sql)?,
            })
        })
    }
}

/// All photos of a scope but for the limit, which is the last parameter; and the values of the others.
fn select(scope: &Scope) -> (String, Vec<Value>) {
    let (belongs, mut values) = conditions(scope);
    let select = "SELECT id, taken_at, width, height FROM photos WHERE file IS NOT NULL";
    let order = match scope.album {
        Some(album) => {
            values.push(Value::Integer(album.0));
            "(SELECT position FROM album_photos WHERE photo = photos.id AND album = ?), id"
        }
        None => "taken_at DESC, id DESC",
    };
    (format!("{select}{belongs} ORDER BY {order} LIMIT ?"), values)
}

/// What the photos of a scope fulfil, and the values of its parameters.
fn conditions(scope: &Scope) -> (String, Vec<Value>) {
    let mut text = String::new();
    let mut values = Vec::new();
    let mut need = |condition: &str, value: Option<i64>| {
        text.push_str(condition);
        values.extend(value.map(Value::Integer));
    };
    if let Some(folder) = scope.folder {
        need(
            " AND EXISTS (SELECT 1 FROM files WHERE files.id = photos.file AND files.folder = ?)",
            Some(folder.0),
        );
    }
    if let Some(album) = scope.album {
        need(&format!(" AND {}", in_album("album = ?")), Some(album.0));
    }
    if let Some(mark) = scope.mark {
        need(&format!(" AND photos.id IN (SELECT photo FROM marks WHERE mark = '{}')", mark.name()), None);
    }
    if scope.mark != Some(Mark::Hidden) {
        need(" AND photos.id NOT IN (SELECT photo FROM marks WHERE mark = 'hidden')", None);
    }
    if let Some(from) = scope.from {
        need(" AND taken_at >= ?", Some(from));
    }
    if let Some(until) = scope.until {
        need(" AND taken_at < ?", Some(until));
    }
    for filter in &scope.filters {
        let condition = condition(filter, &mut values);
        text.push_str(&format!(" AND {condition}"));
    }
    (text, values)
}

fn parameters(values: &[Value]) -> Vec<&dyn ToSql> {
    values.iter().map(|value| value as &dyn ToSql).collect()
}

fn shape(row: &Row<'_>) -> rusqlite::Result<PhotoShape> {
    Ok(PhotoShape {
        id: PhotoId(row.get(0)?),
        taken_at: row.get(1)?,
        aspect: PhotoShape::aspect_of(row.get(2)?, row.get(3)?),
    })
}

fn photo_id(row: &Row<'_>) -> rusqlite::Result<PhotoId> {
    Ok(PhotoId(row.get(0)?))
}

/// The photos with a file that changed after `revision`, but not more than can be told.
fn changed_since(sql: &Connection, revision: i64) -> rusqlite::Result<Vec<PhotoId>> {
    sql.prepare_cached(
        "SELECT id FROM photos WHERE id IN (SELECT id FROM changes WHERE revision > ?1 AND kind IN (0, 1))
           AND file IS NOT NULL ORDER BY taken_at DESC, id DESC LIMIT ?2",
    )?
    .query_map((revision, MOST_CHANGES + 1), photo_id)?
    .collect()
}

fn gone_since(sql: &Connection, revision: i64) -> rusqlite::Result<Vec<PhotoId>> {
    sql.prepare_cached(
        "SELECT id FROM changes WHERE revision > ?1 AND kind = 0
           AND NOT EXISTS (SELECT 1 FROM photos WHERE photos.id = changes.id AND file IS NOT NULL)",
    )?
    .query_map([revision], photo_id)?
    .collect()
}

/// Those of `ids` that belong to the scope.
fn inside(sql: &Connection, scope: &Scope, ids: &[PhotoId]) -> rusqlite::Result<Vec<PhotoId>> {
    let (belongs, values) = conditions(scope);
    let ids = json(ids);
    let mut all: Vec<&dyn ToSql> = vec![&ids];
    all.extend(parameters(&values));
    sql.prepare_cached(&format!(
        "SELECT photos.id FROM json_each(?) AS asked CROSS JOIN photos ON photos.id = asked.value
         WHERE file IS NOT NULL{belongs} ORDER BY asked.key"
    ))?
    .query_map(&*all, photo_id)?
    .collect()
}

/// Leaps from year to year: each leap is one search in the index.
fn years(sql: &Connection) -> rusqlite::Result<Vec<i16>> {
    let mut newest =
        sql.prepare_cached("SELECT MAX(taken_at) FROM photos WHERE file IS NOT NULL AND taken_at < ?1")?;
    let mut years = Vec::new();
    let mut before = i64::MAX;
    while let Some(at) = newest.query_row([before], |row| row.get::<_, Option<i64>>(0))? {
        let Some((year, begin)) = year_of(at) else { break };
        years.push(year);
        before = begin;
    }
    Ok(years)
}

/// The year of a moment, and when it began; none beyond the calendar.
fn year_of(at: i64) -> Option<(i16, i64)> {
    let zoned = jiff::Timestamp::from_millisecond(at).ok()?.to_zoned(jiff::tz::TimeZone::UTC);
    let begin = zoned.first_of_year().ok()?.start_of_day().ok()?;
    Some((zoned.year(), begin.timestamp().as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_layout_is_read_from_its_index_and_not_from_the_rows() {
        let folder = tempfile::tempdir().unwrap();
        let catalog = Catalog::open(&folder.path().join("catalog.sqlite")).unwrap();
        let recent = Scope { from: Some(0), ..Scope::default() };
        for scope in [Scope::default(), recent] {
            let (select, mut values) = select(&scope);
            values.push(Value::Integer(-1));
            let explain = format!("EXPLAIN QUERY PLAN {select}");
            let plan: Vec<String> = catalog
                .read(|sql| {
                    sql.prepare(&explain)?.query_map(&*parameters(&values), |row| row.get(3))?.collect()
                })
                .unwrap();
            assert!(plan[0].contains("COVERING INDEX photos_in_grid"), "{plan:?}");
            // The few that are hidden are known before, and the photos come in the order of the index.
            assert!(
                plan[1..].iter().all(|step| !step.contains("photos") && !step.contains("B-TREE FOR ORDER")),
                "{plan:?}"
            );
        }
    }
}
