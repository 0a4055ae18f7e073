//! The service as a provider: its routes and prices behind what all services share.

use async_trait::async_trait;
use serde_json::Value;

use super::client::Client;
use super::cost::{self, PriceFactors};
use super::job::DrawJob;
use super::request::{INSTRUCTIONS, MOST_PICTURES};
use super::route::Route;
use crate::comic::order::{DrawOrder, DrawProgress, Drawing, Recorder};
use crate::comic::provider::{Capabilities, ImageProvider, ProviderPlan};
use crate::error::{DrawError, Result};
use crate::platform::keychain::Secret;
use crate::task::CancelToken;
use crate::types::{CostRange, Usage};

/// OpenAI, or a server that speaks like it.
#[derive(Debug)]
pub struct OpenAi {
    client: Client,
}

impl OpenAi {
    /// The service at `base_url`. Nothing is sent yet.
    ///
    /// # Errors
    /// As [`Client::new`].
    pub fn new(base_url: &str, key: Option<Secret>) -> Result<Self> {
        Ok(Self { client: Client::new(base_url, key)? })
    }

    fn estimate(&self, order: &DrawOrder, route: Route) -> Option<CostRange> {
        if !self.client.is_openai() {
            return None;
        }
        cost::estimate(&PriceFactors {
            image_model: &order.image_model,
            text_model: (route == Route::Responses).then_some(order.text_model.as_str()),
            prompt: &order.prompt,
            pictures: &order.sides,
            size: &order.size,
            quality: order.quality,
            partial_images: order.previews,
        })
    }
}

#[async_trait]
impl ImageProvider for OpenAi {
    fn host(&self) -> String {
        self.client.host()
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities { most_pictures: MOST_PICTURES, needs_key: self.client.is_openai() }
    }

    async fn plan(&self, order: DrawOrder) -> Result<ProviderPlan> {
        let route = match &order.route {
            Some(name) => name.parse()?,
            None => self.client.choose_route(&order.text_model).await,
        };
        let prompt = match route {
            Route::Responses => format!("{INSTRUCTIONS}\n\n{}", order.prompt),
            Route::Edits => order.prompt.clone(),
        };
        Ok(ProviderPlan {
            route: route.name().to_owned(),
            text_model: (route == Route::Responses).then(|| order.text_model.clone()),
            prompt,
            estimate: self.estimate(&order, route),
            order,
        })
    }

    fn outline(&self, plan: &ProviderPlan) -> Result<Value> {
        Ok(self.client.outline(&DrawJob::new(&plan.order, plan.route.parse()?)))
    }

    async fn draw(
        &self,
        plan: &ProviderPlan,
        cancel: &CancelToken,
        record: Recorder,
        on_progress: &mut (dyn FnMut(DrawProgress) + Send),
    ) -> std::result::Result<Drawing, DrawError> {
        let route = plan.route.parse().expect("a plan has a route of this service");
        self.client.draw(&DrawJob::new(&plan.order, route), cancel, record, on_progress).await
    }

    fn bill(&self, plan: &ProviderPlan, usage: &Usage) -> Option<f64> {
        if !self.client.is_openai() {
            return None;
        }
        cost::actual(usage, &plan.order.image_model, plan.text_model.as_deref())
    }
}
