//! Reaching a server, and the collection on it.

use std::collections::HashMap;
use std::error::Error as _;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use milvus::v2::error::Error as SdkError;
use milvus::v2::prelude as sdk;
use milvus::v2::prelude::ClientV2;

use super::lite::Lite;
use crate::error::{Result, StoreDifference, StoreFault};
use crate::vectors::PointKind;
use crate::vectors::server::{CALL_TIMEOUT, CONNECT_TIMEOUT, Place, explained, quoted, status_fault};

/// How long the server may take to load what it has on disk.
const LOAD_TIMEOUT: Duration = Duration::from_secs(60);

/// The name that the tutorial of Milvus gives its collection.
pub(super) const ALIAS: &str = "image_embeddings";

/// Where Milvus is.
#[derive(Clone, Debug)]
pub enum MilvusAddress {
    /// A server, as `http(s)://host:port`.
    Server(String),
    /// The folder of a Milvus Lite that is started when it is needed.
    Lite(PathBuf),
}

impl fmt::Display for MilvusAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Server(url) => f.write_str(url),
            Self::Lite(folder) => write!(f, "milvus-lite:{}", folder.display()),
        }
    }
}

/// A client, and the server that was started for it.
pub(super) struct MilvusConnection {
    pub(super) client: ClientV2,
    /// Whether the collection was found, or made, and is loaded.
    pub(super) is_ready: bool,
    /// Whether it has all that belongs to it, also what only others ask for.
    pub(super) is_whole: bool,
    lite: Option<Lite>,
}

impl MilvusConnection {
    /// Connects, and asks for nothing yet. Where there is no store yet, none is made.
    pub(super) async fn open(address: &MilvusAddress, place: &Place) -> Result<Self> {
        let (client, lite) = match address {
            MilvusAddress::Server(url) => {
                let client = match connect(url, place, address).await {
                    Ok(client) => client,
                    Err(error) => return Err(explained(error.into(), url).await),
                };
                (client, None)
            }
            MilvusAddress::Lite(folder) => {
                let lite = Lite::look(folder).await?;
                (connect(lite.url(), place, address).await?, Some(lite))
            }
        };
        Ok(Self { client, is_ready: false, is_whole: false, lite })
    }

    /// Makes all that is missing of the store and of its collection.
    pub(super) async fn make(&mut self, address: &MilvusAddress, place: &Place) -> Result<()> {
        if let (MilvusAddress::Lite(folder), true) =
            (address, self.lite.as_ref().is_some_and(Lite::is_instead))
        {
            let lite = Lite::start(folder).await?;
            self.client = connect(lite.url(), place, address).await?;
            self.lite = Some(lite);
        }
        if !self.is_ready {
            make_collection(&self.client, address, place).await?;
        }
        // Milvus Lite has a collection loaded that lacks its index.
        add_index(&self.client, address, place).await?;
        load(&self.client, address, place).await?;
        add_alias(&self.client, address, place).await?;
        (self.is_ready, self.is_whole) = (true, true);
        Ok(())
    }
}

async fn connect(
    url: &str,
    place: &Place,
    address: &MilvusAddress,
) -> std::result::Result<ClientV2, StoreFault> {
    let mut config = sdk::ConnectConfig::new()
        .uri(url)
        .connect_timeout(CONNECT_TIMEOUT)
        .rpc_timeout(CALL_TIMEOUT)
        .retry(sdk::RetryConfig::new().max_attempts(3).max_retry_timeout(CALL_TIMEOUT))
        .telemetry(sdk::TelemetryConfig::new().enabled(false));
    if let Some(token) = place.token(url).await? {
        config = config.token(token.expose());
    }
    crate::platform::tls::prepare();
    ClientV2::new(&config).await.map_err(|error| fault(address, error))
}

/// Whether the collection is there. One that is gets loaded, and is refused where it does not fit.
pub(super) async fn find_collection(
    client: &ClientV2,
    address: &MilvusAddress,
    place: &Place,
) -> Result<bool> {
    let failed = |error| fault(address, error);
    let request = sdk::HasCollectionRequest::builder().collection_name(&place.name).build();
    if !client.has_collection(request.map_err(failed)?).await.map_err(failed)?.exists() {
        return Ok(false);
    }
    let request = sdk::DescribeCollectionRequest::builder().collection_name(&place.name).build();
    let response = client.describe_collection(request.map_err(failed)?).await.map_err(failed)?;
    if let Some(difference) = difference(response.description(), place) {
        let collection = place.name.clone();
        return Err(StoreFault::Foreign { store: address.to_string(), collection, difference }.into());
    }
    load(client, address, place).await?;
    Ok(true)
}

/// What keeps a collection from being ours.
fn difference(found: &sdk::CollectionDesc, place: &Place) -> Option<StoreDifference> {
    let schema = found.get_schema();
    let field = |name: &str| schema.get_fields().iter().find(|field| field.get_name() == name);
    let is = |name: &str, kind| field(name).is_some_and(|field| field.get_data_type() == kind);
    let dimension = field("vector").map_or(0, |field| field.get_dimension() as usize);
    if !is("id", sdk::DataType::Int64) || !field("id").is_some_and(sdk::FieldSchema::is_primary_key) {
        Some(StoreDifference::Owner)
    } else if !is("vector", sdk::DataType::FloatVector) {
        Some(StoreDifference::Vectors)
    } else if dimension != place.collection.dimension {
        Some(StoreDifference::Dimension { found: dimension, expected: place.collection.dimension })
    } else if !place.number_fields().iter().all(|name| is(name, sdk::DataType::Int64)) {
        Some(StoreDifference::Owner)
    } else if ![place.description().as_str(), ""].contains(&found.get_description()) {
        // Milvus Lite forgets descriptions.
        Some(StoreDifference::Owner)
    } else {
        None
    }
}

/// Makes the collection.
async fn make_collection(client: &ClientV2, address: &MilvusAddress, place: &Place) -> Result<()> {
    let failed = |error| fault(address, error);
    let number = |name: &str| sdk::FieldSchema::new().name(name).data_type(sdk::DataType::Int64);
    let dimension =
        u32::try_from(place.collection.dimension).expect("a vector is shorter than four billion numbers");
    let vector =
        sdk::FieldSchema::new().name("vector").data_type(sdk::DataType::FloatVector).dimension(dimension);
    let schema = sdk::CollectionSchema::new()
        .description(place.description())
        .enable_dynamic_field(true)
        .add_field(number("id").primary_key(true))
        .add_field(vector);
    let schema = place.number_fields().iter().fold(schema, |schema, name| schema.add_field(number(name)));
    let request = sdk::CreateCollectionRequest::builder()
        .collection_name(&place.name)
        .description(place.description())
        .schema(schema)
        .build()
        .map_err(failed)?;
    client.create_collection(request).await.map_err(failed)?;
    Ok(())
}

/// Adds the index, without which nothing can be loaded.
async fn add_index(client: &ClientV2, address: &MilvusAddress, place: &Place) -> Result<()> {
    let failed = |error| fault(address, error);
    let request = sdk::CreateIndexRequest::builder()
        .collection_name(&place.name)
        .index_param(
            sdk::IndexParam::new()
                .field_name("vector")
                .index_name("vector")
                .index_type(sdk::IndexType::Flat)
                .metric_type(sdk::MetricType::Cosine)
                .extra_params(HashMap::new()),
        )
        .sync(false)
        .build()
        .map_err(failed)?;
    // Refused where there is an index of another kind: who runs the server may have chosen one.
    if let Err(error) = client.create_index(request).await {
        tracing::info!(%error, "the index is left as it is");
    }
    Ok(())
}

/// Has a collection loaded: it answers nothing before. One that was being made when the program ended may lack its index.
async fn load(client: &ClientV2, address: &MilvusAddress, place: &Place) -> Result<()> {
    let failed = |error| fault(address, error);
    let request = sdk::GetLoadStateRequest::builder().collection_name(&place.name).build().map_err(failed)?;
    let state = client.get_load_state(request).await;
    // Who runs the server may have it loaded with replicas, and a request to load asks for one.
    if state.is_ok_and(|answer| answer.state() == sdk::LoadState::Loaded) {
        return Ok(());
    }
    add_index(client, address, place).await?;
    let request = sdk::LoadCollectionRequest::builder()
        .collection_name(&place.name)
        .timeout_ms(i64::try_from(LOAD_TIMEOUT.as_millis()).unwrap_or(i64::MAX))
        .build()
        .map_err(failed)?;
    client.load_collection(request).await.map_err(failed)?;
    Ok(())
}

/// Adds the alias, which is what the tutorial reads: one row for each photo.
async fn add_alias(client: &ClientV2, address: &MilvusAddress, place: &Place) -> Result<()> {
    let failed = |error| fault(address, error);
    if place.collection.kind == PointKind::Regions {
        return Ok(());
    }
    let request = sdk::CreateAliasRequest::builder().collection_name(&place.name).alias(ALIAS).build();
    if let Err(error) = client.create_alias(request.map_err(failed)?).await {
        tracing::debug!(%error, "the alias is taken");
    }
    Ok(())
}

/// Drops the collection with its alias, which keeps it from being dropped on some servers.
pub(super) async fn drop_collection(client: &ClientV2, address: &MilvusAddress, place: &Place) -> Result<()> {
    let failed = |error| fault(address, error);
    let request = sdk::DescribeAliasRequest::builder().alias(ALIAS).build().map_err(failed)?;
    if let Ok(alias) = client.describe_alias(request).await
        && alias.collection_name() == place.name
    {
        let request = sdk::DropAliasRequest::builder().alias(ALIAS).build().map_err(failed)?;
        client.drop_alias(request).await.map_err(failed)?;
    }
    let request = sdk::DropCollectionRequest::builder().collection_name(&place.name).build();
    client.drop_collection(request.map_err(failed)?).await.map_err(failed)?;
    Ok(())
}

/// The SDK's error in our words.
pub(super) fn fault(address: &MilvusAddress, error: SdkError) -> StoreFault {
    let store = address.to_string();
    match error {
        SdkError::RetryExhausted { source, .. } => fault(address, *source),
        SdkError::Grpc(status) => {
            let reason = status.message().to_owned();
            // The code's type is of the SDK's own tonic, which is not ours. What a server writes has no source.
            status_fault(store, i32::from(status.code()), reason, status.source().is_some())
        }
        SdkError::Timeout(reason) | SdkError::Cancelled(reason) => {
            StoreFault::Away { store, reason: quoted(&reason) }
        }
        other => StoreFault::Failed { store, reason: quoted(&other.to_string()) },
    }
}
