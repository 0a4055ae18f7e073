//! The store on a Milvus server.

use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use milvus::v2::prelude as sdk;
use milvus::v2::prelude::ClientV2;
use tokio::sync::{MappedMutexGuard, Mutex, MutexGuard};

use super::connect::{self, MilvusAddress, MilvusConnection};
use super::expression;
use crate::error::{Error, Result, StoreFault};
use crate::types::{PhotoId, PointId};
use crate::vectors::grouping::best_per_photo;
use crate::vectors::server::{IDS_PER_CALL, Place, RevisionFile, batches, merged};
use crate::vectors::{Collection, Filter, Hit, Point, PointKind, VectorStore};

/// Milvus returns no more rows for a query.
const MOST_ROWS: usize = 16_384;

/// See the folder's module.
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
    /// A store that connects with its first call, and makes the collection, and the folder of Milvus Lite, with the first rows.
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
        if !connection.is_whole {
            let made = connection.make(&self.address, &self.place).await;
            // What is half made is found by the next connection, and finished.
            made.inspect_err(|_| self.has_failed.store(true, Ordering::Release))?;
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

    /// The best rows for each query, in as many calls as keep answers small.
    async fn search_rows(
        &self,
        queries: Vec<Vec<f32>>,
        limit: usize,
        filter: &Filter,
    ) -> Result<Vec<Vec<Hit>>> {
        let mut found = Vec::new();
        for queries in queries.chunks(self.place.searches_per_call(limit)) {
            let more = match self.search_once(queries, limit, filter).await {
                Err(Error::Store(StoreFault::Failed { .. } | StoreFault::RowsLost(_))) => {
                    self.search_once(queries, limit, filter).await
                }
                other => other,
            };
            found.extend(more?);
        }
        Ok(found)
    }

    async fn search_once(
        &self,
        queries: &[Vec<f32>],
        limit: usize,
        filter: &Filter,
    ) -> Result<Vec<Vec<Hit>>> {
        let kind = self.place.collection.kind;
        let request = sdk::SearchRequest::builder()
            .collection_name(&self.place.name)
            .vector_field("vector")
            .vectors(sdk::SearchVectors::Float(queries.to_vec()))
            .metric_type(sdk::MetricType::Cosine)
            .filter(expression::of(filter, kind))
            .limit(i64::try_from(limit).unwrap_or(i64::MAX))
            .output_fields((kind == PointKind::Regions).then_some("photo"))
            // Sees what this program wrote, and does not wait where it wrote nothing lately.
            .consistency_level(sdk::ConsistencyLevel::Session)
            .build()
            .map_err(|error| self.fault(error))?;
        let Some(client) = self.reader().await? else {
            return self.mark.nothing_found(&self.address, queries.len());
        };
        let response = client.search(request).await.map_err(|error| self.fault(error))?;
        let mut found: Vec<_> = response.results().iter().map(|found| self.hits(found)).collect();
        found.resize(queries.len(), Vec::new());
        Ok(found)
    }

    fn hits(&self, found: &sdk::SingleResult) -> Vec<Hit> {
        let sdk::Ids::Int64(ids) = found.get_ids() else { return Vec::new() };
        let photos = match found.get_output_fields().iter().find(|field| field.name() == "photo") {
            Some(sdk::FieldData::Int64 { values, .. }) => values,
            _ => ids,
        };
        let rows = ids.iter().zip(photos).zip(found.get_scores());
        let hit = |((id, photo), score): ((&i64, &i64), &f32)| {
            self.place.collection.hit(PointId(*id), PhotoId(*photo), *score)
        };
        let mut hits: Vec<Hit> = rows.map(hit).collect();
        hits.sort_by(Hit::rank);
        hits
    }
}

#[async_trait]
impl VectorStore for MilvusStore {
    async fn upsert(&self, points: &[Point]) -> Result<()> {
        points.iter().try_for_each(|point| self.place.collection.check(&point.vector))?;
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
                        .columns(columns(&batch, &self.place.collection))
                        .build()
                        .map_err(|error| self.fault(error))?,
                )
                .build()
                .map_err(|error| self.fault(error))?;
            client.upsert(request).await.map_err(|error| self.fault(error))?;
        }
        Ok(())
    }

    async fn delete(&self, ids: &[PointId]) -> Result<()> {
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
    async fn search_many(
        &self,
        queries: &[Vec<f32>],
        limit: usize,
        filter: &Filter,
        _exact: bool,
    ) -> Result<Vec<Vec<Hit>>> {
        let collection = &self.place.collection;
        queries.iter().try_for_each(|query| collection.check(query))?;
        if limit == 0 || queries.is_empty() {
            return Ok(vec![Vec::new(); queries.len()]);
        }
        let mut parts = Vec::new();
        for filter in filter.split(IDS_PER_CALL) {
            let search = |queries, limit| self.search_rows(queries, limit, &filter);
            parts.push(best_per_photo(collection, queries, limit, MOST_ROWS, search).await?);
        }
        Ok(merged(parts, limit))
    }

    async fn get(&self, ids: &[PointId]) -> Result<Vec<(PointId, Vec<f32>)>> {
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
                found.extend(ids.iter().map(|id| PointId(*id)).zip(values.iter().cloned()));
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
            _ => Err(StoreFault::Uncounted(self.address.to_string()).into()),
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
            (connection.is_ready, connection.is_whole) = (false, false);
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
fn columns(points: &[&Point], collection: &Collection) -> Vec<sdk::FieldData> {
    let numbers = |number: fn(&Point) -> i64| points.iter().map(|point| number(point)).collect();
    let dynamic = |point: &&Point| serde_json::json!({ "filename": point.path, "model": collection.model });
    let mut columns = vec![
        sdk::FieldData::int64("id", numbers(|point| point.id.0)),
        sdk::FieldData::float_vector("vector", points.iter().map(|point| point.vector.clone()).collect()),
        sdk::FieldData::int64("folder", numbers(|point| point.folder.0)),
        sdk::FieldData::int64("taken_at", numbers(|point| point.taken_at)),
        sdk::FieldData::json("$meta", points.iter().map(dynamic).collect()),
    ];
    if collection.kind == PointKind::Regions {
        columns.push(sdk::FieldData::int64("photo", numbers(|point| point.photo.0)));
    }
    columns
}
