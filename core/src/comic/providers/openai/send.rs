//! Sends one drawing and reads its answer, with the rule for when a paid call may be repeated.
//!
//! A request is repeated on its own only where the service cannot have begun to draw: no connection was made, an
//! explicit 429 that is not about credit, or a 503 that says overloaded or asks for a retry. After an accepted
//! request, a timeout or a broken stream it never is, since each repetition may be billed.

use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use futures_util::{Stream, StreamExt as _};
use reqwest::Response;
use reqwest::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE};
use sse_stream::SseByteStream;

use super::answer::{ResponseReader, ResponseStep};
use super::body::{AnswerForm, only_utf8};
use super::connection::{self, ServiceConnection};
use super::context::ErrorContext;
use super::fault::Fault;
use super::job::DrawJob;
use super::pause::pause;
use super::request::Body;
use super::wait::{IdleTimeout, Stopped, Traffic};
use crate::comic::order::{DrawProgress, Drawing, Recorder};
use crate::error::{DrawError, DrawErrorKind};
use crate::task::CancelToken;
use crate::types::{DrawCode, ReasonCode};

/// Repetitions after a refusal that allows them, and after a failed connection.
const RETRIES: u32 = 3;
const CONNECT_RETRIES: u32 = 1;
/// Largest event, and largest answer that is not streamed.
const LARGEST_EVENT: usize = 64 << 20;
/// As much of a refusal is read.
const LARGEST_REFUSAL: usize = 1 << 20;
const UPLOAD_CHUNK: usize = 64 << 10;

/// One drawing on its way.
pub(super) struct Sending<'a> {
    connection: &'a ServiceConnection,
    context: ErrorContext<'a>,
    cancel: &'a CancelToken,
    url: reqwest::Url,
    body: Body,
    record: Recorder,
}

/// An attempt that brought no answer.
enum Broken {
    /// Nothing was sent.
    Unconnected(reqwest::Error),
    Other(DrawError),
}

impl From<DrawError> for Broken {
    fn from(error: DrawError) -> Self {
        Self::Other(error)
    }
}

/// An answer as it comes in, and what has been counted of it.
struct Incoming<S> {
    stream: S,
    traffic: Traffic,
    /// Bytes since the last complete event.
    pending: Arc<AtomicUsize>,
    /// Why the stream ended early.
    failure: Arc<OnceLock<std::io::Error>>,
}

/// How an answer is being waited for.
struct Reading<'a> {
    idle_timeout: IdleTimeout<'a>,
    pending: Arc<AtomicUsize>,
    failure: Arc<OnceLock<std::io::Error>>,
}

impl<'a> Sending<'a> {
    pub(super) fn new(
        connection: &'a ServiceConnection,
        host: &'a str,
        job: &'a DrawJob,
        body: Body,
        cancel: &'a CancelToken,
        record: Recorder,
    ) -> Self {
        let context = ErrorContext { host, job, key: connection.key.as_ref() };
        let url = connection.url.endpoint(super::request::endpoint(job.route));
        Self { connection, context, cancel, url, body, record }
    }

    /// Sends until the service accepts, then reads the answer to its end.
    pub(super) async fn run(
        &self,
        on_progress: &mut (dyn FnMut(DrawProgress) + Send),
    ) -> Result<Drawing, DrawError> {
        let (response, traffic) = self.accepted(on_progress).await?;
        let mut answer = ResponseReader::new(self.context);
        let read = self.read(self.incoming(response, traffic), &mut answer, on_progress).await;
        match answer.take_link() {
            Some(link) if read.is_err() => self.fetch(&link, &mut answer).await,
            _ => read,
        }
    }

    /// Reads an answer as what it is, whatever its content type says.
    async fn read(
        &self,
        incoming: Incoming<impl Stream<Item = Bytes>>,
        answer: &mut ResponseReader<'_>,
        on_progress: &mut (dyn FnMut(DrawProgress) + Send),
    ) -> Result<Drawing, DrawError> {
        let Incoming { stream, traffic, pending, failure } = incoming;
        let idle_timeout = self.idle_timeout(traffic);
        let mut chunks = Box::pin(stream);
        let mut begun = Vec::new();
        let form = loop {
            let next = idle_timeout.wait(chunks.next(), || {}).await;
            match next.map_err(|stopped| self.stopped(stopped))? {
                Some(chunk) => begun.extend_from_slice(&chunk),
                None => break AnswerForm::of(&begun).unwrap_or(AnswerForm::Json),
            }
            if let Some(form) = AnswerForm::of(&begun) {
                break form;
            }
        };
        let first = futures_util::stream::iter([Bytes::from(begun)]);
        let rest = first.chain(chunks);
        let reading = Reading { idle_timeout, pending, failure };
        match form {
            AnswerForm::Events => self.read_events(rest, &reading, answer, on_progress).await,
            AnswerForm::Page => Err(self.web_page()),
            AnswerForm::Json | AnswerForm::Picture => {
                let body = self.read_body(rest, &reading).await?;
                let read = match form {
                    AnswerForm::Picture => answer.fetched(body),
                    // Text that is no UTF-8 is no JSON either; the answer says so.
                    _ => answer.take_whole(&String::from_utf8_lossy(&body)),
                };
                // Without a picture, the cut is what went wrong.
                read.map_err(|error| reading.failure.get().map_or(error, |failure| self.cut(Some(failure))))
            }
        }
    }

    /// Fetches the picture from where an answer says that it is. The same host was asked already; another one is not
    /// asked without the person, who is told the address.
    async fn fetch(&self, link: &str, answer: &mut ResponseReader<'_>) -> Result<Drawing, DrawError> {
        let elsewhere = || {
            let reason = DrawCode::DrawLink.with("host", self.context.host);
            DrawError::new(DrawErrorKind::Service, reason.with("link", self.context.quote(link)))
        };
        let url = self.url.join(link).map_err(|_| elsewhere())?;
        if url.origin() != self.url.origin() {
            return Err(elsewhere());
        }
        let request = self.connection.request(reqwest::Method::GET, url);
        let traffic = Traffic::default();
        let sent = self.idle_timeout(traffic.clone()).wait(request.send(), || {}).await;
        let response =
            sent.map_err(|stopped| self.stopped(stopped))?.map_err(|error| elsewhere().because(&error))?;
        if !response.status().is_success() {
            return Err(elsewhere());
        }
        let Incoming { stream, traffic, pending, failure } = self.incoming(response, traffic);
        let reading = Reading { idle_timeout: self.idle_timeout(traffic), pending, failure };
        let body = self.read_body(Box::pin(stream), &reading).await?;
        answer.fetched(body)
    }

    async fn accepted(
        &self,
        on_progress: &mut (dyn FnMut(DrawProgress) + Send),
    ) -> Result<(Response, Traffic), DrawError> {
        let mut attempt = 0;
        loop {
            let traffic = Traffic::default();
            let pause = match self.attempt(&traffic, on_progress).await {
                Ok(response) if response.status().is_success() => return Ok((response, traffic)),
                Ok(response) => {
                    let (status, headers) = (response.status(), response.headers().clone());
                    let fault = self.refusal(response, traffic).await?;
                    let pause =
                        pause(status, &headers, &fault, self.connection.timing.backoff * 2_u32.pow(attempt));
                    pause.filter(|_| attempt < RETRIES).ok_or_else(|| self.context.refused(status, &fault))?
                }
                // A timeout has already been waited for.
                Err(Broken::Unconnected(error)) if attempt < CONNECT_RETRIES && !error.is_timeout() => {
                    tracing::debug!(host = self.context.host, "not connected; trying once more");
                    self.connection.timing.backoff
                }
                Err(Broken::Unconnected(error)) => return Err(self.unreachable(&error)),
                Err(Broken::Other(error)) => return Err(error),
            };
            attempt += 1;
            tracing::info!(
                host = self.context.host,
                ?pause,
                attempt,
                "the request was not accepted; asking again"
            );
            on_progress(DrawProgress::Retrying { after: pause });
            self.idle_timeout(Traffic::default())
                .sleep(pause)
                .await
                .map_err(|stopped| self.stopped(stopped))?;
        }
    }

    /// Sends the request once; an answer with any status is `Ok`.
    async fn attempt(
        &self,
        traffic: &Traffic,
        on_progress: &mut (dyn FnMut(DrawProgress) + Send),
    ) -> Result<Response, Broken> {
        let length = self.body.bytes.len();
        let counted = traffic.clone();
        let chunks = chunks(self.body.bytes.clone()).inspect(move |chunk| {
            counted.add_sent(chunk.as_ref().map_or(0, Bytes::len));
        });
        let request = self
            .connection
            .request(reqwest::Method::POST, self.url.clone())
            .header(ACCEPT, connection::ACCEPT)
            .header(CONTENT_TYPE, &self.body.content_type)
            .header(CONTENT_LENGTH, length)
            .body(reqwest::Body::wrap_stream(chunks));
        let mut is_sent = false;
        let whole = || traffic.sent() == length as u64;
        let tick = || {
            if !is_sent && whole() {
                is_sent = true;
                on_progress(DrawProgress::Sent);
            }
        };
        let response = match self.idle_timeout(traffic.clone()).wait(request.send(), tick).await {
            Ok(Ok(response)) => response,
            Ok(Err(error)) if error.is_connect() => return Err(Broken::Unconnected(error)),
            Ok(Err(error)) if whole() => return Err(self.cut(Some(&error)).into()),
            Ok(Err(error)) => return Err(self.half_sent().because(&error).into()),
            Err(Stopped::Idle) if !whole() => return Err(self.half_sent().into()),
            Err(stopped) => return Err(self.stopped(stopped).into()),
        };
        if response.status().is_success() && !is_sent {
            on_progress(DrawProgress::Sent);
        }
        Ok(response)
    }

    async fn refusal(&self, response: Response, traffic: Traffic) -> Result<Fault, DrawError> {
        let idle_timeout = self.idle_timeout(traffic.clone());
        let mut chunks = pin!(self.incoming(response, traffic).stream);
        let mut body = Vec::new();
        // What came of a refusal that breaks off is enough.
        while let Some(chunk) =
            idle_timeout.wait(chunks.next(), || {}).await.map_err(|stopped| self.stopped(stopped))?
        {
            body.extend_from_slice(&chunk);
            if body.len() > LARGEST_REFUSAL {
                break;
            }
        }
        Ok(Fault::read_body(&body))
    }

    async fn read_events(
        &self,
        chunks: impl Stream<Item = Bytes> + Unpin,
        reading: &Reading<'_>,
        answer: &mut ResponseReader<'_>,
        on_progress: &mut (dyn FnMut(DrawProgress) + Send),
    ) -> Result<Drawing, DrawError> {
        let mut invalid = Vec::new();
        // The last event may lack the line that ends it.
        let text = chunks.map(Some).chain(futures_util::stream::iter([None]));
        let text = text.map(move |chunk| match chunk {
            Some(chunk) => Ok::<_, std::io::Error>(only_utf8(&mut invalid, &chunk)),
            None => Ok(Bytes::from_static(b"\n\n")),
        });
        let mut events = pin!(SseByteStream::new(text));
        // A picture that came was paid for: nothing that follows may lose it.
        let broken = loop {
            match reading.idle_timeout.wait(events.next(), || {}).await {
                Ok(Some(Ok(event))) => {
                    reading.pending.store(0, Ordering::Relaxed);
                    match answer.take(event.event.as_deref(), event.data.as_deref().unwrap_or_default()) {
                        Ok(ResponseStep::Silent) => {}
                        Ok(ResponseStep::Progress(progress)) => on_progress(progress),
                        Ok(ResponseStep::Done(drawing)) => return Ok(drawing),
                        Err(error) => break error,
                    }
                }
                Ok(Some(Err(error))) => break self.cut(Some(&error)),
                Ok(None) => break self.cut_after(reading),
                Err(Stopped::Cancelled) => return Err(self.stopped(Stopped::Cancelled)),
                Err(stopped) => break self.stopped(stopped),
            }
        };
        answer.take_drawing().ok_or(broken)
    }

    /// All that comes, also of an answer that is cut; whether it is enough is for the reader to say.
    async fn read_body(
        &self,
        mut chunks: impl Stream<Item = Bytes> + Unpin,
        reading: &Reading<'_>,
    ) -> Result<Vec<u8>, DrawError> {
        let mut body = Vec::new();
        while let Some(chunk) =
            reading.idle_timeout.wait(chunks.next(), || {}).await.map_err(|stopped| self.stopped(stopped))?
        {
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }

    fn cut_after(&self, reading: &Reading<'_>) -> DrawError {
        self.cut(reading.failure.get().map(|failure| failure as _))
    }

    /// The body of `response`, recorded and counted, which ends where it is cut or where an event gets too large.
    fn incoming(&self, response: Response, traffic: Traffic) -> Incoming<impl Stream<Item = Bytes> + use<>> {
        let (pending, failure) = (Arc::new(AtomicUsize::new(0)), Arc::new(OnceLock::new()));
        let (counted, event, failed) = (traffic.clone(), Arc::clone(&pending), Arc::clone(&failure));
        let record = Arc::clone(&self.record);
        let stream = response.bytes_stream().map(move |chunk| {
            let chunk = chunk.map_err(|error| failed.set(std::io::Error::other(error))).ok()?;
            counted.add_received(chunk.len());
            record(&chunk);
            if event.fetch_add(chunk.len(), Ordering::Relaxed) + chunk.len() > LARGEST_EVENT {
                let _ = failed.set(std::io::Error::other("the answer is larger than 64 MiB"));
                return None;
            }
            Some(chunk)
        });
        let stream = stream.take_while(|chunk| std::future::ready(chunk.is_some()));
        let stream = stream.filter_map(std::future::ready);
        Incoming { stream, traffic, pending, failure }
    }

    fn idle_timeout(&self, traffic: Traffic) -> IdleTimeout<'_> {
        IdleTimeout { cancel: self.cancel, idle: self.connection.timing.idle, traffic }
    }

    fn unreachable(&self, error: &reqwest::Error) -> DrawError {
        self.context.new_error(DrawErrorKind::Offline, DrawCode::DrawUnsent).because(error)
    }

    fn half_sent(&self) -> DrawError {
        self.context.new_error(DrawErrorKind::Offline, DrawCode::DrawHalfSent)
    }

    fn cut(&self, cause: Option<&(dyn std::error::Error + 'static)>) -> DrawError {
        let error = self.context.new_error(DrawErrorKind::Cut, DrawCode::DrawCut);
        match cause {
            Some(cause) => error.because(cause),
            None => DrawError { detail: Some("the stream ended without its last event".into()), ..error },
        }
    }

    fn stopped(&self, stopped: Stopped) -> DrawError {
        match stopped {
            Stopped::Cancelled => self.context.new_error(DrawErrorKind::Cancelled, DrawCode::DrawCancelled),
            Stopped::Idle => {
                let seconds = self.connection.timing.idle.as_secs_f32().to_string();
                let reason = DrawCode::DrawIdle.with("host", self.context.host).with("seconds", seconds);
                DrawError::new(DrawErrorKind::Cut, reason)
            }
        }
    }

    fn web_page(&self) -> DrawError {
        self.context.new_error(DrawErrorKind::Service, DrawCode::DrawWebPage)
    }
}

/// `body` in pieces, so that the upload can be followed.
fn chunks(mut body: Bytes) -> impl Stream<Item = std::io::Result<Bytes>> {
    let pieces = std::iter::from_fn(move || {
        let piece = body.split_to(UPLOAD_CHUNK.min(body.len()));
        (!piece.is_empty()).then_some(Ok(piece))
    });
    futures_util::stream::iter(pieces)
}
