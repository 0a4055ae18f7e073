//! What a service that draws is, whichever it is. Its routes, prices and bodies are its own.

use async_trait::async_trait;
use serde_json::Value;

use super::order::{DrawOrder, DrawProgress, Drawing, Recorder};
use crate::error::{DrawError, Result};
use crate::task::CancelToken;
use crate::types::{CostRange, Usage};

/// What a service can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capabilities {
    /// Pictures of one order at most.
    pub most_pictures: usize,
    /// Whether nothing is drawn without a key.
    pub needs_key: bool,
}

/// An order as one service will be asked for it.
#[derive(Clone, Debug)]
pub struct ProviderPlan {
    /// What is ordered.
    pub order: DrawOrder,
    /// How the service will be asked, by a name of its own.
    pub route: String,
    /// The main model, where the route has one.
    pub text_model: Option<String>,
    /// The whole text that will be sent.
    pub prompt: String,
    /// What it will cost; `None` where no price is known.
    pub estimate: Option<CostRange>,
}

/// A service that draws.
#[async_trait]
pub trait ImageProvider: Send + Sync {
    /// The host, with the port where it is not the usual one: `api.openai.com`, `127.0.0.1:4010`.
    fn host(&self) -> String;

    /// What it can do.
    fn capabilities(&self) -> Capabilities;

    /// Says how it will be asked for an order. Sends no picture; it may ask which models there are.
    ///
    /// # Errors
    /// [`crate::error::Error::Invalid`] for a route that it does not have.
    async fn plan(&self, order: DrawOrder) -> Result<ProviderPlan>;

    /// The request of a plan for people to read: pictures by name and size, no key.
    ///
    /// # Errors
    /// As [`Self::plan`].
    fn outline(&self, plan: &ProviderPlan) -> Result<Value>;

    /// Sends a plan and waits for the drawing. All that comes is given to `record` before it is read. Cancelling, or dropping the future, closes the connection. The caller keeps
    /// the last preview, should it want one after an error.
    ///
    /// # Errors
    /// One for each way in which no picture comes; its kind says whether something may have been billed.
    async fn draw(
        &self,
        plan: &ProviderPlan,
        cancel: &CancelToken,
        record: Recorder,
        on_progress: &mut (dyn FnMut(DrawProgress) + Send),
    ) -> std::result::Result<Drawing, DrawError>;

    /// The price of counted tokens in US dollars; `None` where no price is known.
    fn bill(&self, plan: &ProviderPlan, usage: &Usage) -> Option<f64>;
}
