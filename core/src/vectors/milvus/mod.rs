//! A collection on a Milvus server, in Zilliz Cloud or in Milvus Lite, through the official SDK over gRPC.
//!
//! The collection has the form of the well-known image search tutorial of Milvus, so that its Python code reads it: the
//! key `id`, `vector` (COSINE), dynamic fields with `filename`, and the alias `image_embeddings` where nobody has taken
//! it. Beside these are `folder` and `taken_at`, which filters ask for. The index is FLAT: exact, also with filters.
//!
//! What is avoided, each met on real servers (Milvus 2.3.5, Milvus Lite 3.2): retries without end and calls without
//! deadline, reports of use, answers above 4 MiB, deletion by a list of ids, filter templates, waiting for an index by
//! timestamp, row helpers, listing of rows.

mod connect;
mod expression;
mod lite;

use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use milvus::v2::prelude as sdk;
use milvus::v2::prelude::ClientV2;
use tokio::sync::{MappedMutexGuard, Mutex, MutexGuard};

pub use self::connect::MilvusAddress;
use self::connect::MilvusConnection;
use super::server::{Place, RevisionFile, batches};
use super::{Filter, Hit, Point, VectorStore};
use crate::error::{Error, Result, StoreFault};
use crate::types::PhotoId;

/// Ids in one expression.
const IDS_PER_CALL: usize = 10_000;

/// See the module.
pub struct MilvusStore {
    address: MilvusAddress,
    place: Place,
    mark: RevisionFile,
    /// Made by the first call that gets through, and by the first one after a failure: a server that was started anew
    /// may have to be asked to load the collection.
    connection: Mutex<Option<MilvusConnection>>,
    has_failed: AtomicBool,
    /// Milvus Lite wants one writer at a time.
    writing: Mutex<()>,
}

impl MilvusStore {
    /// A store that connects with its first call, and makes the collection with the first rows.
    pub fn new(address: MilvusAddress, place: Place) -> Self {
        let mark = RevisionFile::open(&place.mark);
        Self {
            address,
            place,
            mark,
            connection: Mutex::default(),
            has_failed: AtomicBool::new(false),
            writing: Mutex::default(),
        }
    }

    /// The client, connected anew after a failure, and the collection looked for until it is there.
    async fn reach(&self) -> Result<MappedMutexGuard<'_, MilvusConnection>> {
        let mut held = self.connection.lock().await;
        if self.has_failed.swap(false, Ordering::AcqRel) {
            *held = None;
        }
        if held.is_none() {
            *held = Some(MilvusConnection::open(&self.address, &self.place).await?);
        }
        let mut connection = MutexGuard::map(held, |held| held.as_mut().expect("it was opened above"));
        if !connection.is_ready {
            let found = connect::find_collection(&connection.client, &self.address, &self.place).await;
            connection.is_ready = found.inspect_err(|_| self.has_failed.store(true, Ordering::Release))?;
        }
        Ok(connection)
    }

    /// The client, once there is a collection to ask.
    async fn reader(&self) -> Result<Option<ClientV2>> {
        let connection = self.reach().await?;
        Ok(connection.is_ready.then(|| connection.client.clone()))
    }

    /// The client, with a collection to write to.
    async fn writer(&self) -> Result<ClientV2> {
        let mut connection = self.reach().await?;
        if !connection.is_ready {
            let made = connect::make_collection(&connection.client, &self.address, &self.place).await;
            // What is half made is found by the next connection, and finished.
            made.inspect_err(|_| self.has_failed.store(true, Ordering::Release))?;
            connection.is_ready = true;
        }
        Ok(connection.client.clone())
    }

    /// Names the store in the SDK's error.
    fn fault(&self, error: milvus::v2::error::Error) -> Error {
        self.has_failed.store(true, Ordering::Release);
        connect::fault(&self.address, error).into()
    }

    fn query(&self) -> sdk::QueryRequestBuilder {
        sdk::QueryRequest::builder()
            .collection_name(&self.place.name)
            .consistency_level(sdk::ConsistencyLevel::Strong)
    }

    async fn search_once(&self, query: &[f32], limit: usize, filter: &Filter) -> Result<Vec<Hit>> {
        let request = sdk::SearchRequest::builder()
            .collection_name(&self.place.name)
            .vector_field("vector")
            .vectors(sdk::SearchVectors::Float(vec![query.to_vec()]))
            .metric_type(sdk::MetricType::Cosine)
            .filter(expression::of(filter))
            .limit(i64::try_from(limit).unwrap_or(i64::MAX).min(16_384))
            // Sees what this program wrote, and does not wait where it wrote nothing lately.
            .consistency_level(sdk::ConsistencyLevel::Session)
            .build()
            .map_err(|error| self.fault(error))?;
        let Some(client) = self.reader().await? else { return self.mark.nothing_found(&self.address) };
        let response = client.search(request).await.map_err(|error| self.fault(error))?;
        let found = response.results().iter().next();
        let mut hits: Vec<Hit> = match found.map(|found| (found.get_ids(), found.get_scores())) {
            Some((sdk::Ids::Int64(ids), scores)) => {
                ids.iter().zip(scores).map(|(id, score)| Hit { id: PhotoId(*id), score: *score }).collect()
            }
            _ => Vec::new(),
        };
        hits.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.id.cmp(&b.id)));
        Ok(hits)
    }
}

#[async_trait]
impl VectorStore for MilvusStore {
    async fn upsert(&self, points: &[Point]) -> Result<()> {
        points.iter().try_for_each(|point| self.place.check(&point.vector))?;
        if points.is_empty() {
            return Ok(());
        }
        let client = self.writer().await?;
        let _alone = self.writing.lock().await;
        for batch in batches(points) {
            let request = sdk::UpsertRequest::builder()
                .insert(
                    sdk::InsertRequest::builder()
                        .collection_name(&self.place.name)
                        .columns(columns(&batch, &self.place.collection.model))
                        .build()
                        .map_err(|error| self.fault(error))?,
                )
                .build()
                .map_err(|error| self.fault(error))?;
            client.upsert(request).await.map_err(|error| self.fault(error))?;
        }
        Ok(())
    }

    async fn delete(&self, ids: &[PhotoId]) -> Result<()> {
        if ids.is_empty() {
            return Ok(());
        }
        let Some(client) = self.reader().await? else { return Ok(()) };
        let _alone = self.writing.lock().await;
        for ids in ids.chunks(IDS_PER_CALL) {
            let request = sdk::DeleteRequest::builder()
                .collection_name(&self.place.name)
                .filter(expression::ids(ids))
                .build()
                .map_err(|error| self.fault(error))?;
            client.delete(request).await.map_err(|error| self.fault(error))?;
        }
        Ok(())
    }

    /// FLAT is exact either way. A server that was started anew may want the collection loaded, which a new connection
    /// sees to.
    async fn search(&self, query: &[f32], limit: usize, filter: &Filter, _exact: bool) -> Result<Vec<Hit>> {
        self.place.check(query)?;
        if limit == 0 {
            return Ok(Vec::new());
        }
        match self.search_once(query, limit, filter).await {
            Err(Error::Store(StoreFault::Failed { .. })) => self.search_once(query, limit, filter).await,
            other => other,
        }
    }

    async fn get(&self, ids: &[PhotoId]) -> Result<Vec<(PhotoId, Vec<f32>)>> {
        let Some(client) = self.reader().await? else { return Ok(Vec::new()) };
        let mut found = Vec::new();
        for ids in ids.chunks(self.place.vectors_per_answer()) {
            let request = self
                .query()
                .filter(expression::ids(ids))
                .output_fields(["id", "vector"])
                .build()
                .map_err(|error| self.fault(error))?;
            let response = client.query(request).await.map_err(|error| self.fault(error))?;
            let field = |name| response.results().get_output_field(name);
            if let (
                Some(sdk::FieldData::Int64 { values: ids, .. }),
                Some(sdk::FieldData::FloatVector { values, .. }),
            ) = (field("id"), field("vector"))
            {
                found.extend(ids.iter().map(|id| PhotoId(*id)).zip(values.iter().cloned()));
            }
        }
        Ok(found)
    }

    async fn count(&self) -> Result<usize> {
        let request = self.query().output_fields(["count(*)"]).build().map_err(|error| self.fault(error))?;
        let Some(client) = self.reader().await? else { return Ok(0) };
        let response = client.query(request).await.map_err(|error| self.fault(error))?;
        match response.results().get_output_field("count(*)") {
            Some(sdk::FieldData::Int64 { values, .. }) if !values.is_empty() => {
                Ok(usize::try_from(values[0]).unwrap_or(0))
            }
            _ => Err(StoreFault::Failed {
                store: self.address.to_string(),
                reason: "it does not say how many rows it holds".into(),
            }
            .into()),
        }
    }

    async fn revision(&self) -> Result<i64> {
        self.mark.of_collection(self.reach().await?.is_ready)
    }

    async fn progress(&self, revision: i64) -> Result<()> {
        if self.reach().await?.is_ready { self.mark.set(revision) } else { Ok(()) }
    }

    /// What the server answered is in its log: it was there after kill -9 also where it was not asked to flush.
    async fn flush(&self, revision: i64) -> Result<()> {
        self.progress(revision).await
    }

    async fn clear(&self) -> Result<()> {
        let mut connection = self.reach().await?;
        let _alone = self.writing.lock().await;
        self.mark.set(0)?;
        if connection.is_ready {
            connection.is_ready = false;
            connect::drop_collection(&connection.client, &self.address, &self.place).await?;
        }
        Ok(())
    }

    async fn health(&self) -> Result<String> {
        let request = sdk::GetServerVersionRequest::builder().build().map_err(|error| self.fault(error))?;
        let client = self.reach().await?.client.clone();
        let version = client.server_version(request).await.map_err(|error| self.fault(error))?;
        Ok(format!("milvus {}", version.version().replace("milvus_lite-", "lite ")))
    }
}

/// The rows as the SDK sends them.
fn columns(points: &[&Point], model: &str) -> Vec<sdk::FieldData> {
    let numbers = |number: fn(&Point) -> i64| points.iter().map(|point| number(point)).collect();
    let dynamic = |point: &&Point| serde_json::json!({ "filename": point.path, "model": model });
    vec![
        sdk::FieldData::int64("id", numbers(|point| point.id.0)),
        sdk::FieldData::float_vector("vector", points.iter().map(|point| point.vector.clone()).collect()),
        sdk::FieldData::int64("folder", numbers(|point| point.folder.0)),
        sdk::FieldData::int64("taken_at", numbers(|point| point.taken_at)),
        sdk::FieldData::json("$meta", points.iter().map(dynamic).collect()),
    ]
}
