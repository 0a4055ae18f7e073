//! The image service: asks OpenAI, or a server that speaks like it, to draw.
//!
//! There are two routes. `POST /v1/responses` lets a main model call the image tool, and is the way of
//! api.openai.com; `POST /v1/images/edits` is the portable one. Both are read as a stream with previews, and a plain
//! JSON answer is taken as well. The way of a drawing: [`DrawJob`] -> `request` (the body) -> `send` (attempts, the
//! stream) -> `answer` (events to a [`Drawing`]), or `fault` (what the service says instead) -> `telling` (to a
//! [`DrawError`] that says what to do); `wait` is where a cancel and the idle time end it.
//!
//! The rules this module keeps: the key goes to one host only and into no text; plain http stays on this machine;
//! what may have been billed is never asked again on its own.

mod address;
mod answer;
mod fault;
mod request;
mod send;
mod telling;
mod wait;

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{AUTHORIZATION, HeaderValue};
use serde::Deserialize;
use serde_json::Value;

pub use self::address::is_loopback;
pub use self::request::{INSTRUCTIONS, MOST_PICTURES};

pub use self::answer::read_kept;

use self::address::Address;
use self::fault::Fault;
use self::telling::Telling;
use crate::error::{DrawError, DrawErrorKind, Error, Result};
use crate::platform::keychain::Secret;
use crate::task::CancelToken;
use crate::types::{Quality, Route, Usage};

const ACCEPT: &str = "text/event-stream, application/json";
const USER_AGENT: &str = concat!("fotonovela/", env!("CARGO_PKG_VERSION"));

/// How long the service is waited for.
#[derive(Clone, Copy, Debug)]
pub struct Timing {
    /// For a connection.
    pub connect: Duration,
    /// For the next byte of a drawing, in either direction. A drawing as a whole has no limit: it may take minutes.
    pub idle: Duration,
    /// For the list of models as a whole.
    pub models: Duration,
    /// Before a repetition, where the service does not say; doubles each time.
    pub backoff: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            idle: Duration::from_secs(240),
            models: Duration::from_secs(20),
            backoff: Duration::from_secs(1),
        }
    }
}

/// A picture that is sent.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    /// The neutral file name, such as `photo-1.jpg`.
    pub name: String,
    /// `image/jpeg`, `image/png` or `image/webp`.
    pub media_type: String,
    /// The file.
    pub bytes: Bytes,
}

impl fmt::Debug for Picture {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} ({}, {} bytes)", self.name, self.media_type, self.bytes.len())
    }
}

/// A drawing to ask for. It is complete in itself: the service remembers nothing from one to the next, so a change
/// brings the last drawing as a picture and repeats in its prompt what must stay.
#[derive(Clone, Debug)]
pub struct DrawJob {
    /// How the service is asked.
    pub route: Route,
    /// The main model; not sent on [`Route::Edits`].
    pub text_model: String,
    /// The model that draws.
    pub image_model: String,
    /// The whole text that is sent, but [`INSTRUCTIONS`] on [`Route::Responses`].
    pub prompt: String,
    /// 1 to [`MOST_PICTURES`] pictures, in the order that the prompt counts them.
    pub pictures: Vec<Picture>,
    /// Whether the first picture is changed, rather than a new one drawn.
    pub change: bool,
    /// Width and height in pixels, such as `1024x1536`, or `auto`.
    pub size: String,
    /// How carefully.
    pub quality: Quality,
    /// How many previews are wanted, 0 to 3; fewer may come. With 0, [`Route::Edits`] is not streamed, which is
    /// what basic compatible servers understand.
    pub partial_images: u8,
    /// Random text of this installation, at most 64 characters, by which the service tells who misuses it; not
    /// sent on [`Route::Edits`], which does not know it.
    pub safety_identifier: Option<String>,
}

/// What happens on the way to a [`Drawing`], in this order but for `Retrying`.
#[derive(Clone, PartialEq, Eq)]
pub enum DrawProgress {
    /// The service asked to wait; the request will be sent again.
    Retrying {
        /// The pause.
        after: Duration,
    },
    /// The request has left this machine: from here on it may be billed.
    Sent,
    /// The service began to work.
    Drawing,
    /// A preview, each better than the last.
    Partial {
        /// A PNG, JPEG or WebP.
        bytes: Vec<u8>,
    },
}

impl fmt::Debug for DrawProgress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Retrying { after } => write!(formatter, "Retrying {{ after: {after:?} }}"),
            Self::Sent => formatter.write_str("Sent"),
            Self::Drawing => formatter.write_str("Drawing"),
            Self::Partial { bytes } => write!(formatter, "Partial {{ {} bytes }}", bytes.len()),
        }
    }
}

/// A finished picture.
#[derive(Clone, PartialEq, Eq)]
pub struct Drawing {
    /// The file as the service made it, with its marks of origin (C2PA).
    pub bytes: Vec<u8>,
    /// `image/png`, `image/jpeg` or `image/webp`, as the bytes say.
    pub media_type: &'static str,
    /// Tokens as the service counted them.
    pub usage: Option<Usage>,
    /// The service's name for the answer, on [`Route::Responses`].
    pub response_id: Option<String>,
    /// What the main model made of the prompt.
    pub revised_prompt: Option<String>,
}

impl fmt::Debug for Drawing {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Drawing")
            .field("bytes", &self.bytes.len())
            .field("media_type", &self.media_type)
            .field("usage", &self.usage)
            .field("response_id", &self.response_id)
            .finish_non_exhaustive()
    }
}

/// A model that the service lists.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ModelInfo {
    /// Its name.
    pub id: String,
    /// The day it ends, `YYYY-MM-DD`, if that is announced.
    #[serde(default)]
    pub shutdown_date: Option<String>,
}

/// A connection to one service with one key.
pub struct Client {
    http: reqwest::Client,
    address: Address,
    key: Option<Secret>,
    authorization: Option<HeaderValue>,
    timing: Timing,
}

impl fmt::Debug for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Client")
            .field("host", &self.host())
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}

impl Client {
    /// A client for the service at `base_url`. Nothing is sent yet.
    ///
    /// # Errors
    /// [`Error::Invalid`] if the address is none, or plain http beyond this machine, or the key holds characters
    /// that no key has.
    pub fn new(base_url: &str, key: Option<Secret>) -> Result<Self> {
        Self::with_timing(base_url, key, Timing::default())
    }

    /// [`Client::new`] with other limits.
    ///
    /// # Errors
    /// As [`Client::new`].
    pub fn with_timing(base_url: &str, key: Option<Secret>, timing: Timing) -> Result<Self> {
        let address = Address::parse(base_url)?;
        let authorization = key.as_ref().map(authorization).transpose()?;
        crate::platform::tls::prepare();
        let builder = reqwest::Client::builder()
            .user_agent(USER_AGENT)
            .connect_timeout(timing.connect)
            // Following could carry the key and the photos to another host.
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            // A kept connection may turn out to be closed only after a paid request went into it.
            .pool_max_idle_per_host(0);
        let builder = if address.is_loopback() { builder.no_proxy() } else { builder };
        let http = builder.build().map_err(|error| {
            Error::Invalid(format!("no secure connection can be made on this system ({error}). Check that its certificates are installed (ca-certificates)"))
        })?;
        Ok(Self { http, address, key, authorization, timing })
    }

    /// The host, with the port where it is not the usual one: `api.openai.com`, `127.0.0.1:4010`.
    pub fn host(&self) -> String {
        self.address.host()
    }

    /// Whether this is api.openai.com, the only host whose prices are known.
    pub fn is_openai(&self) -> bool {
        self.address.is_openai()
    }

    /// The models that the service lists.
    ///
    /// # Errors
    /// [`Error::Draw`] if it cannot be reached, refuses the key or lists none.
    pub async fn models(&self) -> Result<Vec<ModelInfo>> {
        #[derive(Deserialize)]
        struct List {
            data: Vec<ModelInfo>,
        }
        let host = self.host();
        let request =
            self.request(reqwest::Method::GET, self.address.endpoint("models")).timeout(self.timing.models);
        let offline = |error: reqwest::Error| {
            let message =
                format!("{host} cannot be reached. Check the network and the address in the settings");
            DrawError::new(DrawErrorKind::Offline, message).because(&error)
        };
        let response = request.send().await.map_err(offline)?;
        let status = response.status();
        let body = response.bytes().await.map_err(offline)?;
        let (kind, message) = match status.as_u16() {
            200..=299 => match serde_json::from_slice::<List>(&body) {
                Ok(list) => return Ok(list.data),
                Err(_) => (
                    DrawErrorKind::Service,
                    format!("{host} gave no list of models. Check the address in the settings"),
                ),
            },
            401 | 403 => (DrawErrorKind::Key, format!("{host} refused the key. Check it in the settings")),
            404 => {
                (DrawErrorKind::Route, format!("{host} lists no models. Check the address in the settings"))
            }
            _ => (
                DrawErrorKind::Service,
                format!("{host} did not list its models ({}). Try again later", status.as_u16()),
            ),
        };
        Err(DrawError { kind, message, detail: Some(format!("HTTP {status}")) }.into())
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
        request::outline(job, self.address.endpoint(request::endpoint(job.route)).as_str())
    }

    /// Asks for a drawing and waits for it; `on_progress` is told what happens. Cancelling, or dropping the
    /// future, closes the connection. The caller keeps the last preview, should it want one after an error.
    ///
    /// # Errors
    /// A [`DrawError`] for each way in which no picture comes; its kind says whether something may have been billed.
    pub async fn draw(
        &self,
        job: &DrawJob,
        cancel: &CancelToken,
        mut on_progress: impl FnMut(DrawProgress) + Send,
    ) -> std::result::Result<Drawing, DrawError> {
        request::check(job)?;
        let host = self.host();
        if self.is_openai() && self.key.is_none() {
            let telling = Telling { host: &host, job, key: None };
            return Err(telling.refused(reqwest::StatusCode::UNAUTHORIZED, &Fault::default()));
        }
        let body = request::body(job).await?;
        tracing::info!(host, route = ?job.route, pictures = job.pictures.len(), bytes = body.bytes.len(), "asking for a drawing");
        send::Sending::new(self, &host, job, body, cancel).run(&mut on_progress).await
    }

    fn request(&self, method: reqwest::Method, url: reqwest::Url) -> reqwest::RequestBuilder {
        let request = self.http.request(method, url);
        match &self.authorization {
            Some(value) => request.header(AUTHORIZATION, value),
            None => request,
        }
    }
}

fn authorization(key: &Secret) -> Result<HeaderValue> {
    let unusable = |_| Error::Invalid("the key holds characters that no key has. Copy it again".into());
    let mut value = HeaderValue::from_str(&format!("Bearer {}", key.expose())).map_err(unusable)?;
    value.set_sensitive(true);
    Ok(value)
}

/// The route on api.openai.com, which lists `models` on the day `today`.
fn openai_route(models: &[ModelInfo], text_model: &str, today: &str) -> Route {
    let lives = |model: &ModelInfo| model.shutdown_date.as_deref().is_none_or(|end| today < end);
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

    #[test]
    fn responses_while_the_text_model_lives() {
        let model =
            |id: &str, end: Option<&str>| ModelInfo { id: id.into(), shutdown_date: end.map(Into::into) };
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
        assert!(matches!(&error, Error::Invalid(reason) if !reason.contains("sk-")), "{error}");
    }
}
