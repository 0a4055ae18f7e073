//! The ledger: a row stands before the first byte of a request leaves, and is closed when the request has ended.

use rusqlite::{Row, params};
use serde::{Deserialize, Serialize};

use super::connection::{Catalog, Change, now_ms};
use super::files::to_json;
use super::names::{from_name, name};
use crate::error::Result;
use crate::types::{ComicId, CostRange, LedgerEntry, Quality, Reason, RequestId, RequestState, Usage};

/// A request that is about to be sent.
#[derive(Clone, Debug)]
pub struct NewRequest {
    /// The host that is asked.
    pub host: String,
    /// How, by a name of the service's own.
    pub route: String,
    /// The main model, where the route has one.
    pub text_model: Option<String>,
    /// The model that draws.
    pub image_model: String,
    /// What the person wrote.
    pub prompt: String,
    /// Width and height as asked for.
    pub size: String,
    /// How carefully.
    pub quality: Quality,
    /// What it is expected to cost.
    pub estimate: Option<CostRange>,
}

/// What a service counted for a picture.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Bill {
    /// The service's name for the answer.
    pub response_id: Option<String>,
    /// Tokens.
    pub usage: Option<Usage>,
    /// Price in US dollars.
    pub cost_usd: Option<f64>,
}

impl Catalog {
    /// Notes a request before it is sent. From now on it may be billed.
    pub fn open_request(&self, request: &NewRequest) -> Result<RequestId> {
        self.write(|change| {
            change.sql.execute(
                "INSERT INTO requests (host, route, text_model, image_model, prompt, size, quality, low_usd, high_usd,
                   sent_at, state) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
                params![
                    request.host,
                    request.route,
                    request.text_model,
                    request.image_model,
                    request.prompt,
                    request.size,
                    name(request.quality),
                    request.estimate.map(|range| range.low_usd),
                    request.estimate.map(|range| range.high_usd),
                    now_ms(),
                    name(RequestState::MayBeBilled),
                ],
            )?;
            Ok(RequestId(change.sql.last_insert_rowid()))
        })
    }

    /// Notes that a request has ended without a picture.
    pub fn close_request(&self, request: RequestId, state: RequestState, problem: &Reason) -> Result<()> {
        self.write(|change| {
            change
                .sql
                .execute(
                    "UPDATE requests SET ended_at = ?2, state = ?3, problem = ?4 WHERE id = ?1",
                    (request.0, now_ms(), name(state), to_json(problem)?),
                )
                .map(drop)
        })
    }

    /// All requests, newest first.
    pub fn ledger(&self) -> Result<Vec<LedgerEntry>> {
        self.read(|sql| {
            sql.prepare_cached(
                "SELECT id, state, host, route, text_model, image_model, prompt, size, quality, low_usd, high_usd, usage,
                   cost_usd, sent_at, ended_at, problem,
                   (SELECT comic FROM comic_versions JOIN drawings ON drawings.id = drawing WHERE request = requests.id)
                 FROM requests ORDER BY id DESC",
            )?
            .query_map([], entry)?
            .collect()
        })
    }
}

impl Change<'_> {
    /// Notes the picture of a request, with what was counted for it.
    pub(super) fn bill(&self, request: RequestId, bill: &Bill) -> rusqlite::Result<()> {
        self.sql.execute(
            "UPDATE requests SET ended_at = ?2, state = ?3, response_id = ?4, usage = ?5, cost_usd = ?6 WHERE id = ?1",
            params![
                request.0,
                now_ms(),
                name(RequestState::Drawn),
                bill.response_id,
                bill.usage.map(|usage| serde_json::to_string(&usage).expect("numbers are JSON")),
                bill.cost_usd,
            ],
        )?;
        Ok(())
    }
}

fn entry(row: &Row<'_>) -> rusqlite::Result<LedgerEntry> {
    let (low_usd, high_usd): (Option<f64>, Option<f64>) = (row.get(9)?, row.get(10)?);
    let (usage, problem): (Option<String>, Option<String>) = (row.get(11)?, row.get(15)?);
    Ok(LedgerEntry {
        id: RequestId(row.get(0)?),
        state: from_name(row, 1)?,
        host: row.get(2)?,
        route: row.get(3)?,
        text_model: row.get(4)?,
        image_model: row.get(5)?,
        prompt: row.get(6)?,
        size: row.get(7)?,
        quality: from_name(row, 8)?,
        estimate: low_usd.zip(high_usd).map(|(low_usd, high_usd)| CostRange { low_usd, high_usd }),
        usage: usage.and_then(|usage| serde_json::from_str(&usage).ok()),
        cost_usd: row.get(12)?,
        sent_at: row.get(13)?,
        ended_at: row.get(14)?,
        problem: problem.and_then(|json| serde_json::from_str(&json).ok()),
        comic: row.get::<_, Option<i64>>(16)?.map(ComicId),
    })
}
