//! A small Qdrant behind the service traits of its client: collections in memory, all rows compared. It proves what goes
//! over the wire, not how Qdrant behaves.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use qdrant_client::qdrant as api;
use qdrant_client::qdrant::collections_server::{Collections, CollectionsServer};
use qdrant_client::qdrant::condition::ConditionOneOf;
use qdrant_client::qdrant::points_server::{Points, PointsServer};
use qdrant_client::qdrant::qdrant_server::{Qdrant as Root, QdrantServer};
use tokio::runtime::Runtime;
use tonic::transport::Identity;
use tonic::transport::server::{ServerTlsConfig, TcpIncoming};
use tonic::{Request, Response, Status};

use crate::authority::Authority;

type Payload = HashMap<String, api::Value>;
type Answer<T> = Result<Response<T>, Status>;

#[derive(Default)]
struct Collection {
    config: api::CollectionConfig,
    indexes: BTreeSet<String>,
    rows: BTreeMap<u64, (Vec<f32>, Payload)>,
}

#[derive(Clone, Default)]
struct State {
    collections: Arc<Mutex<HashMap<String, Collection>>>,
    /// Milliseconds that each call with rows takes.
    delay: Arc<AtomicU64>,
    /// Rows that came, again and again too.
    received: Arc<AtomicUsize>,
    /// Whether it cannot make an index.
    refuses_indexes: Arc<AtomicBool>,
}

/// A running server.
pub(crate) struct Qdrant {
    state: State,
    pub(crate) port: u16,
    runtime: Option<Runtime>,
}

impl Qdrant {
    /// Starts one that wants this token.
    pub(crate) fn start(token: &'static str) -> Self {
        Self::start_with(token, None)
    }

    /// One with the certificate of this authority.
    pub(crate) fn start_with_tls(token: &'static str, authority: &Authority) -> Self {
        let read = |path| std::fs::read(path).unwrap();
        let identity = Identity::from_pem(read(authority.server()), read(authority.key()));
        Self::start_with(token, Some(ServerTlsConfig::new().identity(identity)))
    }

    fn start_with(token: &'static str, tls: Option<ServerTlsConfig>) -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let state = State::default();
        let guard = move |request: Request<()>| match request.metadata().get("api-key") {
            Some(key) if key == token => Ok(request),
            _ => Err(Status::unauthenticated("Must provide an API key or an Authorization bearer token")),
        };
        let entered = runtime.enter();
        let incoming = TcpIncoming::bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let port = incoming.local_addr().unwrap().port();
        drop(entered);
        let mut server = tonic::transport::Server::builder();
        if let Some(tls) = tls {
            server = server.tls_config(tls).unwrap();
        }
        let server = server
            .add_service(QdrantServer::with_interceptor(state.clone(), guard))
            .add_service(CollectionsServer::with_interceptor(state.clone(), guard))
            .add_service(PointsServer::with_interceptor(state.clone(), guard))
            .serve_with_incoming(incoming);
        runtime.spawn(server);
        Self { state, port, runtime: Some(runtime) }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// From now on each call with rows takes so long.
    pub(crate) fn slow_down(&self, delay: Duration) {
        self.state.delay.store(delay.as_millis() as u64, Ordering::Relaxed);
    }

    /// How many rows came, again and again too.
    pub(crate) fn received(&self) -> usize {
        self.state.received.load(Ordering::Relaxed)
    }

    /// Whether it makes an index from now on.
    pub(crate) fn refuse_indexes(&self, refuses: bool) {
        self.state.refuses_indexes.store(refuses, Ordering::Relaxed);
    }

    /// The fields that a collection has an index of; `None`: there is no such collection.
    pub(crate) fn indexes(&self, collection: &str) -> Option<Vec<String>> {
        self.state.all().get(collection).map(|found| found.indexes.iter().cloned().collect())
    }

    /// Names of the collections.
    pub(crate) fn collections(&self) -> Vec<String> {
        self.state.all().keys().cloned().collect()
    }

    /// Loses all that it holds.
    pub(crate) fn lose_all(&self) {
        self.state.all().clear();
    }

    /// What is kept beside the vector of a point.
    pub(crate) fn payload(&self, collection: &str, id: u64) -> Payload {
        self.state.all()[collection].rows[&id].1.clone()
    }
}

impl Drop for Qdrant {
    fn drop(&mut self) {
        // Tests drop it in async code, which may not wait.
        self.runtime.take().into_iter().for_each(Runtime::shutdown_background);
    }
}

impl State {
    fn all(&self) -> MutexGuard<'_, HashMap<String, Collection>> {
        self.collections.lock().unwrap()
    }

    fn with<T>(&self, name: &str, work: impl FnOnce(&mut Collection) -> T) -> Result<T, Status> {
        let mut all = self.all();
        let collection = all.get_mut(name);
        Ok(work(collection.ok_or_else(|| Status::not_found(format!("Collection `{name}` doesn't exist!")))?))
    }
}

impl State {
    /// What a search wants.
    fn best(&self, search: api::SearchPoints) -> Result<Vec<api::ScoredPoint>, Status> {
        let filter = search.filter.unwrap_or_default();
        let scored = self.scored(&search.collection_name, &search.vector, &filter)?;
        Ok(scored.into_iter().take(search.limit as usize).map(|(_, point)| point).collect())
    }

    /// The rows that pass, with their payload, best first.
    fn scored(
        &self,
        collection: &str,
        query: &[f32],
        filter: &api::Filter,
    ) -> Result<Vec<(Payload, api::ScoredPoint)>, Status> {
        let mut scored: Vec<_> = self.with(collection, |collection| {
            let passing = collection.rows.iter().filter(|(id, row)| passes(filter, **id, &row.1));
            let scored = passing.map(|(id, (vector, payload))| {
                let score = vector.iter().zip(query).map(|(a, b)| a * b).sum();
                (payload.clone(), api::ScoredPoint { id: Some((*id).into()), score, ..Default::default() })
            });
            scored.collect()
        })?;
        scored.sort_by(|a, b| b.1.score.total_cmp(&a.1.score));
        Ok(scored)
    }
}

fn number(id: Option<&api::PointId>) -> u64 {
    match id.unwrap().point_id_options {
        Some(api::point_id::PointIdOptions::Num(number)) => number,
        _ => panic!("ids are numbers"),
    }
}

fn passes(filter: &api::Filter, id: u64, payload: &Payload) -> bool {
    let holds = |condition: &api::Condition| match condition.condition_one_of.as_ref().unwrap() {
        ConditionOneOf::Filter(filter) => passes(filter, id, payload),
        ConditionOneOf::HasId(ids) => ids.has_id.iter().any(|other| number(Some(other)) == id),
        ConditionOneOf::Field(field) => {
            let value = payload[&field.key].as_integer().unwrap();
            let in_range = |range: &api::Range| {
                range.gte.is_none_or(|least| value as f64 >= least)
                    && range.lt.is_none_or(|end| (value as f64) < end)
            };
            match field.r#match.as_ref().and_then(|wanted| wanted.match_value.as_ref()) {
                Some(api::r#match::MatchValue::Integer(wanted)) => value == *wanted,
                Some(api::r#match::MatchValue::Integers(wanted)) => wanted.integers.contains(&value),
                None => field.range.as_ref().is_some_and(in_range),
                Some(other) => panic!("{other:?} is not asked for"),
            }
        }
        other => panic!("{other:?} is not asked for"),
    };
    filter.must.iter().all(holds)
        && (filter.should.is_empty() || filter.should.iter().any(holds))
        && !filter.must_not.iter().any(holds)
}

/// Writes the trait with the methods that are served, and lets the others answer that they are not.
macro_rules! serve {
    ($trait:ident { $($served:item)* } unserved { $($name:ident($asked:ident) -> $given:ident;)* }) => {
        #[tonic::async_trait]
        impl $trait for State {
            $($served)*
            $(async fn $name(&self, _: Request<api::$asked>) -> Answer<api::$given> {
                Err(Status::unimplemented(stringify!($name)))
            })*
        }
    };
}

#[tonic::async_trait]
impl Root for State {
    async fn health_check(&self, _: Request<api::HealthCheckRequest>) -> Answer<api::HealthCheckReply> {
        Ok(Response::new(api::HealthCheckReply { version: "1.16.0-test".into(), ..Default::default() }))
    }
}

serve! {
    Collections {
        async fn get(&self, request: Request<api::GetCollectionInfoRequest>) -> Answer<api::GetCollectionInfoResponse> {
            let config = self.with(&request.get_ref().collection_name, |collection| collection.config.clone())?;
            let info = api::CollectionInfo { config: Some(config), ..Default::default() };
            Ok(Response::new(api::GetCollectionInfoResponse { result: Some(info), time: 0.0 }))
        }

        async fn create(&self, request: Request<api::CreateCollection>) -> Answer<api::CollectionOperationResponse> {
            let request = request.into_inner();
            let params = api::CollectionParams { vectors_config: request.vectors_config, ..Default::default() };
            let config =
                api::CollectionConfig { params: Some(params), metadata: request.metadata, ..Default::default() };
            let collection = Collection { config, ..Collection::default() };
            if self.all().insert(request.collection_name, collection).is_some() {
                return Err(Status::already_exists("Collection already exists!"));
            }
            Ok(Response::new(api::CollectionOperationResponse { result: true, time: 0.0 }))
        }

        async fn delete(&self, request: Request<api::DeleteCollection>) -> Answer<api::CollectionOperationResponse> {
            let result = self.all().remove(&request.get_ref().collection_name).is_some();
            Ok(Response::new(api::CollectionOperationResponse { result, time: 0.0 }))
        }

        async fn collection_exists(
            &self,
            request: Request<api::CollectionExistsRequest>,
        ) -> Answer<api::CollectionExistsResponse> {
            let exists = self.all().contains_key(&request.get_ref().collection_name);
            let result = Some(api::CollectionExists { exists });
            Ok(Response::new(api::CollectionExistsResponse { result, time: 0.0 }))
        }
    }
    unserved {
        list(ListCollectionsRequest) -> ListCollectionsResponse;
        update(UpdateCollection) -> CollectionOperationResponse;
        update_aliases(ChangeAliases) -> CollectionOperationResponse;
        list_collection_aliases(ListCollectionAliasesRequest) -> ListAliasesResponse;
        list_aliases(ListAliasesRequest) -> ListAliasesResponse;
        collection_cluster_info(CollectionClusterInfoRequest) -> CollectionClusterInfoResponse;
        update_collection_cluster_setup(UpdateCollectionClusterSetupRequest) -> UpdateCollectionClusterSetupResponse;
        create_shard_key(CreateShardKeyRequest) -> CreateShardKeyResponse;
        delete_shard_key(DeleteShardKeyRequest) -> DeleteShardKeyResponse;
        list_shard_keys(ListShardKeysRequest) -> ListShardKeysResponse;
    }
}

serve! {
    Points {
        async fn upsert(&self, request: Request<api::UpsertPoints>) -> Answer<api::PointsOperationResponse> {
            let request = request.into_inner();
            assert_eq!(request.wait, Some(true), "an answer before the rows are there would not do");
            tokio::time::sleep(Duration::from_millis(self.delay.load(Ordering::Relaxed))).await;
            self.received.fetch_add(request.points.len(), Ordering::Relaxed);
            self.with(&request.collection_name, |collection| {
                for point in request.points {
                    let vector = dense(point.vectors);
                    collection.rows.insert(number(point.id.as_ref()), (vector, point.payload));
                }
            })?;
            Ok(Response::new(api::PointsOperationResponse::default()))
        }

        async fn delete(&self, request: Request<api::DeletePoints>) -> Answer<api::PointsOperationResponse> {
            let request = request.into_inner();
            let Some(api::points_selector::PointsSelectorOneOf::Points(list)) =
                request.points.and_then(|selector| selector.points_selector_one_of)
            else {
                return Err(Status::invalid_argument("no ids"));
            };
            self.with(&request.collection_name, |collection| {
                list.ids.iter().for_each(|id| drop(collection.rows.remove(&number(Some(id)))));
            })?;
            Ok(Response::new(api::PointsOperationResponse::default()))
        }

        async fn get(&self, request: Request<api::GetPoints>) -> Answer<api::GetResponse> {
            let request = request.into_inner();
            let result = self.with(&request.collection_name, |collection| {
                let found = |id: &api::PointId| {
                    let (vector, _) = collection.rows.get(&number(Some(id)))?;
                    Some(api::RetrievedPoint { id: Some(id.clone()), vectors: Some(output(vector)), ..Default::default() })
                };
                request.ids.iter().filter_map(found).collect()
            })?;
            Ok(Response::new(api::GetResponse { result, ..Default::default() }))
        }

        async fn create_field_index(
            &self,
            request: Request<api::CreateFieldIndexCollection>,
        ) -> Answer<api::PointsOperationResponse> {
            let request = request.into_inner();
            if self.refuses_indexes.load(Ordering::Relaxed) {
                return Err(Status::internal("no space for an index"));
            }
            self.with(&request.collection_name, |collection| collection.indexes.insert(request.field_name))?;
            Ok(Response::new(api::PointsOperationResponse::default()))
        }

        async fn search(&self, request: Request<api::SearchPoints>) -> Answer<api::SearchResponse> {
            let result = self.best(request.into_inner())?;
            Ok(Response::new(api::SearchResponse { result, ..Default::default() }))
        }

        async fn search_batch(&self, request: Request<api::SearchBatchPoints>) -> Answer<api::SearchBatchResponse> {
            let search = |search: api::SearchPoints| Ok(api::BatchResult { result: self.best(search)? });
            let result = request.into_inner().search_points.into_iter().map(search).collect::<Result<_, Status>>()?;
            Ok(Response::new(api::SearchBatchResponse { result, ..Default::default() }))
        }

        async fn search_groups(
            &self,
            request: Request<api::SearchPointGroups>,
        ) -> Answer<api::SearchGroupsResponse> {
            let request = request.into_inner();
            let filter = request.filter.unwrap_or_default();
            let mut groups: Vec<api::PointGroup> = Vec::new();
            for (payload, point) in self.scored(&request.collection_name, &request.vector, &filter)? {
                let value = payload[&request.group_by].as_integer().unwrap();
                let id = api::GroupId { kind: Some(api::group_id::Kind::IntegerValue(value)) };
                match groups.iter_mut().find(|group| group.id.as_ref() == Some(&id)) {
                    Some(group) => group.hits.push(point),
                    None => groups.push(api::PointGroup { id: Some(id), hits: vec![point], lookup: None }),
                }
            }
            groups.truncate(request.limit as usize);
            groups.iter_mut().for_each(|group| group.hits.truncate(request.group_size as usize));
            let result = Some(api::GroupsResult { groups });
            Ok(Response::new(api::SearchGroupsResponse { result, ..Default::default() }))
        }

        async fn count(&self, request: Request<api::CountPoints>) -> Answer<api::CountResponse> {
            let count = self.with(&request.get_ref().collection_name, |collection| collection.rows.len() as u64)?;
            let result = Some(api::CountResult { count });
            Ok(Response::new(api::CountResponse { result, ..Default::default() }))
        }
    }
    unserved {
        update_vectors(UpdatePointVectors) -> PointsOperationResponse;
        delete_vectors(DeletePointVectors) -> PointsOperationResponse;
        set_payload(SetPayloadPoints) -> PointsOperationResponse;
        overwrite_payload(SetPayloadPoints) -> PointsOperationResponse;
        delete_payload(DeletePayloadPoints) -> PointsOperationResponse;
        clear_payload(ClearPayloadPoints) -> PointsOperationResponse;
        delete_field_index(DeleteFieldIndexCollection) -> PointsOperationResponse;
        create_vector_name(CreateVectorNameRequest) -> PointsOperationResponse;
        delete_vector_name(DeleteVectorNameRequest) -> PointsOperationResponse;
        scroll(ScrollPoints) -> ScrollResponse;
        recommend(RecommendPoints) -> RecommendResponse;
        recommend_batch(RecommendBatchPoints) -> RecommendBatchResponse;
        recommend_groups(RecommendPointGroups) -> RecommendGroupsResponse;
        discover(DiscoverPoints) -> DiscoverResponse;
        discover_batch(DiscoverBatchPoints) -> DiscoverBatchResponse;
        update_batch(UpdateBatchPoints) -> UpdateBatchResponse;
        query(QueryPoints) -> QueryResponse;
        query_batch(QueryBatchPoints) -> QueryBatchResponse;
        query_groups(QueryPointGroups) -> QueryGroupsResponse;
        facet(FacetCounts) -> FacetResponse;
        search_matrix_pairs(SearchMatrixPoints) -> SearchMatrixPairsResponse;
        search_matrix_offsets(SearchMatrixPoints) -> SearchMatrixOffsetsResponse;
    }
}

fn dense(vectors: Option<api::Vectors>) -> Vec<f32> {
    let Some(api::vectors::VectorsOptions::Vector(vector)) =
        vectors.and_then(|vectors| vectors.vectors_options)
    else {
        panic!("vectors have no names");
    };
    match vector.vector {
        Some(api::vector::Vector::Dense(dense)) => dense.data,
        _ => panic!("vectors are dense"),
    }
}

fn output(vector: &[f32]) -> api::VectorsOutput {
    let dense = api::vector_output::Vector::Dense(api::DenseVector { data: vector.to_vec() });
    let vector = api::VectorOutput { vector: Some(dense), ..Default::default() };
    api::VectorsOutput { vectors_options: Some(api::vectors_output::VectorsOptions::Vector(vector)) }
}
