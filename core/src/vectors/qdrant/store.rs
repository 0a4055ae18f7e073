//! The store on a Qdrant server.

use std::error::Error as _;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use qdrant_client::qdrant as api;
use qdrant_client::{Payload, Qdrant, QdrantError};
use tokio::sync::{MappedMutexGuard, Mutex, MutexGuard};

use super::wire::{Searches, clause, dense, group_photo, number, number_of};
use crate::error::{Result, StoreDifference, StoreFault};
use crate::types::{PhotoId, PointId};
use crate::vectors::server::{
    CALL_TIMEOUT, CONNECT_TIMEOUT, IDS_PER_CALL, Place, RevisionFile, batches, explained, merged, quoted,
    status_fault,
};
use crate::vectors::{Filter, Hit, Point, PointKind, VectorStore};

/// Says in a collection's metadata whose it is.
const OWNER: &str = "made_by";

/// See the folder's module.
pub struct QdrantStore {
    url: String,
    place: Place,
    mark: RevisionFile,
    /// Made by the first call, and by the first one after a failure: the token may be another by then.
    connection: Mutex<Option<QdrantConnection>>,
    has_failed: AtomicBool,
}

struct QdrantConnection {
    client: Qdrant,
    /// Whether the collection was found, or made.
    is_ready: bool,
    /// Whether it has all that belongs to it.
    is_whole: bool,
}

impl QdrantStore {
    /// A store at `http(s)://host:port` (gRPC) that connects with its first call, and makes the collection with the
    /// first rows.
    pub fn new(url: String, place: Place) -> Self {
        let mark = RevisionFile::open(&place.mark);
        Self { url, place, mark, connection: Mutex::default(), has_failed: AtomicBool::new(false) }
    }

    async fn connect(&self) -> Result<Qdrant> {
        let mut config = Qdrant::from_url(&self.url)
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(CALL_TIMEOUT)
            // It prints what it finds.
            .skip_compatibility_check();
        if let Some(token) = self.place.token(&self.url).await? {
            config.set_api_key(token.expose());
        }
        crate::platform::tls::prepare();
        config.build().map_err(|error| self.fault(error))
    }

    /// The client, made anew after a failure, and the collection looked for until it is there.
    async fn reach(&self) -> Result<MappedMutexGuard<'_, QdrantConnection>> {
        let mut held = self.connection.lock().await;
        if self.has_failed.swap(false, Ordering::AcqRel) {
            *held = None;
        }
        if held.is_none() {
            let client = self.connect().await?;
            *held = Some(QdrantConnection { client, is_ready: false, is_whole: false });
        }
        let mut connection = MutexGuard::map(held, |held| held.as_mut().expect("it was made above"));
        if !connection.is_ready {
            connection.is_ready = match self.find_collection(&connection.client).await {
                Err(error) => return Err(explained(error, &self.url).await),
                Ok(is_there) => is_there,
            };
        }
        Ok(connection)
    }

    /// The client, once there is a collection to ask.
    async fn reader(&self) -> Result<Option<Qdrant>> {
        let connection = self.reach().await?;
        Ok(connection.is_ready.then(|| connection.client.clone()))
    }

    /// The client, with a collection to write to.
    async fn writer(&self) -> Result<Qdrant> {
        let mut connection = self.reach().await?;
        if !connection.is_whole {
            if !connection.is_ready {
                self.make_collection(&connection.client).await?;
            }
            // Also those that one lacks which was being made when the program ended.
            self.make_indexes(&connection.client).await?;
            (connection.is_ready, connection.is_whole) = (true, true);
        }
        Ok(connection.client.clone())
    }

    /// Whether the collection is there. One that does not fit is refused.
    async fn find_collection(&self, client: &Qdrant) -> Result<bool> {
        if !client.collection_exists(&self.place.name).await.map_err(|error| self.fault(error))? {
            return Ok(false);
        }
        let found = client.collection_info(&self.place.name).await.map_err(|error| self.fault(error))?;
        if let Some(difference) =
            self.difference(found.result.and_then(|info| info.config).unwrap_or_default())
        {
            let (store, collection) = (format!("qdrant+{}", self.url), self.place.name.clone());
            return Err(StoreFault::Foreign { store, collection, difference }.into());
        }
        Ok(true)
    }

    /// What keeps a collection from being ours.
    fn difference(&self, config: api::CollectionConfig) -> Option<StoreDifference> {
        use api::vectors_config::Config;
        let dimension = self.place.collection.dimension;
        let vectors =
            config.params.and_then(|params| params.vectors_config).and_then(|vectors| vectors.config);
        let owner = config.metadata.get(OWNER).and_then(|value| value.as_str().cloned());
        match vectors {
            Some(Config::Params(vectors)) if vectors.size as usize != dimension => {
                Some(StoreDifference::Dimension { found: vectors.size as usize, expected: dimension })
            }
            Some(Config::Params(vectors)) if vectors.distance() != api::Distance::Cosine => {
                Some(StoreDifference::Metric)
            }
            Some(Config::Params(_)) if owner.as_deref() == Some(&self.place.description()) => None,
            Some(Config::Params(_)) => Some(StoreDifference::Owner),
            _ => Some(StoreDifference::Vectors),
        }
    }

    async fn make_collection(&self, client: &Qdrant) -> Result<()> {
        let vectors =
            api::VectorParamsBuilder::new(self.place.collection.dimension as u64, api::Distance::Cosine);
        let mut request: api::CreateCollection =
            api::CreateCollectionBuilder::new(&self.place.name).vectors_config(vectors).build();
        request.metadata.insert(OWNER.into(), self.place.description().into());
        client.create_collection(request).await.map_err(|error| self.fault(error))?;
        Ok(())
    }

    /// Makes those that are not there.
    async fn make_indexes(&self, client: &Qdrant) -> Result<()> {
        for field in self.place.number_fields() {
            let index = api::CreateFieldIndexCollectionBuilder::new(
                &self.place.name,
                *field,
                api::FieldType::Integer,
            );
            client.create_field_index(index.wait(true)).await.map_err(|error| self.fault(error))?;
        }
        Ok(())
    }

    fn row(&self, point: &Point) -> api::PointStruct {
        let mut payload = Payload::new();
        payload.insert("filename", point.path.clone());
        if self.place.collection.kind == PointKind::Regions {
            payload.insert("photo", point.photo.0);
        }
        payload.insert("folder", point.folder.0);
        payload.insert("taken_at", point.taken_at);
        payload.insert("model", self.place.collection.model.clone());
        api::PointStruct::new(number(point.id), point.vector.clone(), payload)
    }

    async fn search_photos(
        &self,
        client: &Qdrant,
        queries: &[Vec<f32>],
        searches: &Searches,
    ) -> Result<Vec<Vec<Hit>>> {
        let mut found = Vec::new();
        for queries in queries.chunks(self.place.searches_per_call(searches.limit)) {
            let request = |query: &Vec<f32>| {
                api::SearchPointsBuilder::new(&self.place.name, query.as_slice(), searches.limit as u64)
                    .filter(searches.filter.clone())
                    .params(searches.parameters())
                    .build()
            };
            let points = self.points(client, queries.iter().map(request).collect()).await?;
            let hit = |point: api::ScoredPoint| {
                let id = number_of(point.id)?;
                Some(self.place.collection.hit(id, PhotoId(id.0), point.score))
            };
            found.extend(points.into_iter().map(|found| found.into_iter().filter_map(hit).collect()));
        }
        Ok(found)
    }

    /// What these searches find, in one call. One alone goes by the call that every server and proxy knows.
    async fn points(
        &self,
        client: &Qdrant,
        mut searches: Vec<api::SearchPoints>,
    ) -> Result<Vec<Vec<api::ScoredPoint>>> {
        if searches.len() == 1 {
            let response =
                client.search_points(searches.remove(0)).await.map_err(|error| self.fault(error))?;
            return Ok(vec![response.result]);
        }
        let request = api::SearchBatchPointsBuilder::new(&self.place.name, searches);
        let response = client.search_batch_points(request).await.map_err(|error| self.fault(error))?;
        Ok(response.result.into_iter().map(|found| found.result).collect())
    }

    /// Qdrant keeps the best region of each photo itself, for one query at a time.
    async fn search_regions(
        &self,
        client: &Qdrant,
        queries: &[Vec<f32>],
        searches: &Searches,
    ) -> Result<Vec<Vec<Hit>>> {
        let mut found = Vec::new();
        for query in queries {
            let limit = u32::try_from(searches.limit).unwrap_or(u32::MAX);
            let request =
                api::SearchPointGroupsBuilder::new(&self.place.name, query.as_slice(), limit, "photo", 1)
                    .filter(searches.filter.clone())
                    .params(searches.parameters());
            let response = client.search_groups(request).await.map_err(|error| self.fault(error))?;
            let groups = response.result.unwrap_or_default().groups;
            let hit = |group: api::PointGroup| {
                let photo = group_photo(group.id)?;
                let point = group.hits.into_iter().next()?;
                Some(self.place.collection.hit(number_of(point.id)?, photo, point.score))
            };
            found.push(groups.into_iter().filter_map(hit).collect());
        }
        Ok(found)
    }

    fn clause(&self, filter: &Filter) -> api::Filter {
        clause(filter, self.place.collection.kind)
    }

    /// The client's error in our words. Its metadata might hold the token, and is left out.
    fn fault(&self, error: QdrantError) -> crate::error::Error {
        self.has_failed.store(true, Ordering::Release);
        let store = format!("qdrant+{}", self.url);
        let fault = match error {
            QdrantError::ResponseError { status } | QdrantError::ResourceExhaustedError { status, .. } => {
                let reason = status.message().to_owned();
                let code = status.code() as i32;
                // What a server writes has no source; the words are the client's own for a connection that was not made.
                let is_broken =
                    status.source().is_some() || (code == 13 && reason.starts_with("Failed to connect"));
                status_fault(store, code, reason, is_broken)
            }
            other => StoreFault::Failed { store, reason: quoted(&other.to_string()) },
        };
        fault.into()
    }
}

#[async_trait]
impl VectorStore for QdrantStore {
    async fn upsert(&self, points: &[Point]) -> Result<()> {
        points.iter().try_for_each(|point| self.place.collection.check(&point.vector))?;
        if points.is_empty() {
            return Ok(());
        }
        let client = self.writer().await?;
        for batch in batches(points) {
            let rows: Vec<_> = batch.iter().map(|point| self.row(point)).collect();
            let request = api::UpsertPointsBuilder::new(&self.place.name, rows).wait(true);
            client.upsert_points(request).await.map_err(|error| self.fault(error))?;
        }
        Ok(())
    }

    async fn delete(&self, ids: &[PointId]) -> Result<()> {
        if ids.is_empty() {
            return Ok(());
        }
        let Some(client) = self.reader().await? else { return Ok(()) };
        for ids in ids.chunks(IDS_PER_CALL) {
            let ids = api::PointsIdsList { ids: ids.iter().map(|id| number(*id).into()).collect() };
            let request = api::DeletePointsBuilder::new(&self.place.name).points(ids).wait(true);
            client.delete_points(request).await.map_err(|error| self.fault(error))?;
        }
        Ok(())
    }

    async fn search_many(
        &self,
        queries: &[Vec<f32>],
        limit: usize,
        filter: &Filter,
        exact: bool,
    ) -> Result<Vec<Vec<Hit>>> {
        queries.iter().try_for_each(|query| self.place.collection.check(query))?;
        if limit == 0 || queries.is_empty() {
            return Ok(vec![Vec::new(); queries.len()]);
        }
        let Some(client) = self.reader().await? else {
            return self.mark.nothing_found(&format_args!("qdrant+{}", self.url), queries.len());
        };
        let mut parts = Vec::new();
        for filter in filter.split(IDS_PER_CALL) {
            let searches = Searches { limit, filter: self.clause(&filter), exact };
            parts.push(match self.place.collection.kind {
                PointKind::Photos => self.search_photos(&client, queries, &searches).await?,
                PointKind::Regions => self.search_regions(&client, queries, &searches).await?,
            });
        }
        Ok(merged(parts, limit))
    }

    async fn get(&self, ids: &[PointId]) -> Result<Vec<(PointId, Vec<f32>)>> {
        let Some(client) = self.reader().await? else { return Ok(Vec::new()) };
        let mut found = Vec::new();
        for ids in ids.chunks(self.place.vectors_per_answer()) {
            let ids: Vec<api::PointId> = ids.iter().map(|id| number(*id).into()).collect();
            let request = api::GetPointsBuilder::new(&self.place.name, ids).with_vectors(true);
            let response = client.get_points(request).await.map_err(|error| self.fault(error))?;
            found.extend(
                response
                    .result
                    .into_iter()
                    .filter_map(|point| Some((number_of(point.id)?, dense(point.vectors?)?))),
            );
        }
        Ok(found)
    }

    async fn count(&self) -> Result<usize> {
        let request = api::CountPointsBuilder::new(&self.place.name).exact(true);
        let Some(client) = self.reader().await? else { return Ok(0) };
        let response = client.count(request).await.map_err(|error| self.fault(error))?;
        Ok(response.result.map_or(0, |result| result.count as usize))
    }

    async fn revision(&self) -> Result<i64> {
        self.mark.of_collection(self.reach().await?.is_ready)
    }

    async fn progress(&self, revision: i64) -> Result<()> {
        if self.reach().await?.is_ready { self.mark.set(revision) } else { Ok(()) }
    }

    /// Calls that wait are in the server's log when they answer.
    async fn flush(&self, revision: i64) -> Result<()> {
        self.progress(revision).await
    }

    async fn clear(&self) -> Result<()> {
        let mut connection = self.reach().await?;
        self.mark.set(0)?;
        if connection.is_ready {
            (connection.is_ready, connection.is_whole) = (false, false);
            let deleted = connection.client.delete_collection(&self.place.name).await;
            deleted.map_err(|error| self.fault(error))?;
        }
        Ok(())
    }

    async fn health(&self) -> Result<String> {
        let client = self.reach().await?.client.clone();
        let reply = client.health_check().await.map_err(|error| self.fault(error))?;
        Ok(format!("qdrant {}", reply.version))
    }
}
