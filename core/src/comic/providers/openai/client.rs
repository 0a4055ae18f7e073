//! The client: what can be asked of the service.

use serde::Deserialize;
use serde_json::Value;

use super::connection::ServiceConnection;
use super::context::ErrorContext;
use super::fault::Fault;
use super::job::{DrawJob, ServiceModel, Timing};
use super::request;
use super::route::Route;
use super::send::Sending;
use crate::comic::order::{DrawProgress, Drawing, Recorder};
use crate::error::{DrawError, DrawErrorKind, Result};
use crate::platform::keychain::Secret;
use crate::task::CancelToken;
use crate::types::{DrawCode, ReasonCode};

/// The only host whose routes and prices are known.
const OPENAI: &str = "api.openai.com";

/// A client of one service with one key.
#[derive(Debug)]
pub struct Client {
    connection: ServiceConnection,
}

impl Client {
    /// A client for the service at `base_url`. Nothing is sent yet.
    ///
    /// # Errors
    /// [`Error::Invalid`] if the address is not valid, or plain http beyond this machine, or the key holds characters
    /// that no key has.
    pub fn new(base_url: &str, key: Option<Secret>) -> Result<Self> {
        Self::with_timing(base_url, key, Timing::default())
    }

    /// [`Client::new`] with other limits.
    ///
    /// # Errors
    /// As [`Client::new`].
    pub fn with_timing(base_url: &str, key: Option<Secret>, timing: Timing) -> Result<Self> {
        Ok(Self { connection: ServiceConnection::new(base_url, key, timing)? })
    }

    /// The host, with the port where it is not the usual one: `api.openai.com`, `127.0.0.1:4010`.
    pub fn host(&self) -> String {
        self.connection.url.host()
    }

    /// Whether this is api.openai.com, the only host whose prices are known.
    pub fn is_openai(&self) -> bool {
        self.host() == OPENAI
    }

    /// The models that the service lists.
    ///
    /// # Errors
    /// [`Error::Draw`] if it cannot be reached, refuses the key or lists none.
    pub async fn models(&self) -> Result<Vec<ServiceModel>> {
        #[derive(Deserialize)]
        struct List {
            data: Vec<ServiceModel>,
        }
        let host = self.host();
        let request = self
            .connection
            .request(reqwest::Method::GET, self.connection.url.endpoint("models"))
            .timeout(self.connection.timing.models);
        let offline = |error: reqwest::Error| {
            let reason = DrawCode::DrawUnreachable.with("host", &*host);
            DrawError::new(DrawErrorKind::Offline, reason).because(&error)
        };
        let response = request.send().await.map_err(offline)?;
        let status = response.status();
        let body = response.bytes().await.map_err(offline)?;
        let (kind, code) = match status.as_u16() {
            200..=299 => match serde_json::from_slice::<List>(&body) {
                Ok(list) => return Ok(list.data),
                Err(_) => (DrawErrorKind::Service, DrawCode::DrawModelsUnreadable),
            },
            401 | 403 => (DrawErrorKind::Key, DrawCode::DrawKeyRefused),
            404 => (DrawErrorKind::Route, DrawCode::DrawModelsAbsent),
            _ => (DrawErrorKind::Service, DrawCode::DrawModelsFailed),
        };
        let reason = code.with("host", host).with("status", u32::from(status.as_u16()));
        Err(DrawError { kind, reason, detail: Some(format!("HTTP {status}")) }.into())
    }

    /// The route to use where the person chose none: [`Route::Responses`] on api.openai.com as long as it lists
    /// `text_model` (or cannot be asked), elsewhere [`Route::Edits`].
    pub async fn choose_route(&self, text_model: &str) -> Route {
        if !self.is_openai() {
            return Route::Edits;
        }
        match self.models().await {
            Ok(models) => openai_route(&models, text_model, &jiff::Zoned::now().date().to_string()),
            Err(error) => {
                tracing::debug!(%error, "the models could not be listed");
                Route::Responses
            }
        }
    }

    /// The request as [`Client::draw`] would send it, for the person to read: pictures by name and size, without
    /// the key.
    pub fn outline(&self, job: &DrawJob) -> Value {
        request::outline(job, self.connection.url.endpoint(request::endpoint(job.route)).as_str())
    }

    /// Asks for a drawing and waits for it; `on_progress` is called with what happens, `record` with all that comes. Cancelling, or dropping the
    /// future, closes the connection. The caller keeps the last preview, should it want one after an error.
    ///
    /// # Errors
    /// A [`DrawError`] for each way in which no picture comes; its kind says whether something may have been billed.
    pub async fn draw(
        &self,
        job: &DrawJob,
        cancel: &CancelToken,
        record: Recorder,
        mut on_progress: impl FnMut(DrawProgress) + Send,
    ) -> std::result::Result<Drawing, DrawError> {
        request::check(job)?;
        let host = self.host();
        if self.is_openai() && self.connection.key.is_none() {
            let context = ErrorContext { host: &host, job, key: None };
            return Err(context.refused(reqwest::StatusCode::UNAUTHORIZED, &Fault::default()));
        }
        let body = request::body(job).await?;
        tracing::info!(host, route = ?job.route, pictures = job.pictures.len(), bytes = body.bytes.len(), "asking for a drawing");
        Sending::new(&self.connection, &host, job, body, cancel, record).run(&mut on_progress).await
    }
}

/// The route on api.openai.com, which lists `models` on the day `today`.
fn openai_route(models: &[ServiceModel], text_model: &str, today: &str) -> Route {
    let lives = |model: &ServiceModel| model.shutdown_date.as_deref().is_none_or(|end| today < end);
    if models.iter().any(|model| model.id == text_model && lives(model)) {
        Route::Responses
    } else {
        Route::Edits
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::error::Error;

    #[test]
    fn responses_while_the_text_model_lives() {
        let model =
            |id: &str, end: Option<&str>| ServiceModel { id: id.into(), shutdown_date: end.map(Into::into) };
        let models = [model("gpt-4o", Some("2027-01-14")), model("gpt-6-luna", None)];
        assert_eq!(openai_route(&models, "gpt-4o", "2027-01-13"), Route::Responses);
        assert_eq!(openai_route(&models, "gpt-4o", "2027-01-14"), Route::Edits);
        assert_eq!(openai_route(&models, "gpt-6-luna", "2027-01-14"), Route::Responses);
        assert_eq!(openai_route(&models, "gpt-4.1", "2026-11-22"), Route::Edits);
    }

    #[test]
    fn a_key_with_a_line_break_is_refused_without_being_shown() {
        let key = Secret::new("sk-one\nsk-two").unwrap();
        let error = Client::new("https://api.openai.com/v1", Some(key)).unwrap_err();
        assert!(matches!(&error, Error::Invalid(reason) if reason.params.is_empty()), "{error}");
    }
}
