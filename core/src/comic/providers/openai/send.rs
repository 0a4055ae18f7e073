//! Sends one drawing and reads its answer, with the rule for when a paid call may be repeated.
//!
//! A request is repeated on its own only where the service cannot have begun to draw: no connection was made, an
//! explicit 429 that is not about credit, or a 503 that says overloaded or asks for a retry. After an accepted
//! request, a timeout or a broken stream it never is, since each repetition may be billed.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use futures_util::{Stream, StreamExt as _};
use reqwest::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use reqwest::{Response, StatusCode};
use sse_stream::SseByteStream;

use super::answer::{ResponseReader, ResponseStep};
use super::connection::{self, ServiceConnection};
use super::context::ErrorContext;
use super::fault::Fault;
use super::job::DrawJob;
use super::request::Body;
use super::wait::{IdleTimeout, Stopped, Traffic};
use crate::comic::order::{DrawProgress, Drawing};
use crate::error::{DrawError, DrawErrorKind};
use crate::task::CancelToken;
use crate::types::{DrawCode, ReasonCode};

/// Repetitions after a refusal that allows them, and after a failed connection.
const RETRIES: u32 = 3;
const CONNECT_RETRIES: u32 = 1;
/// A service that asks for a longer pause is not waited for.
const LONGEST_PAUSE: Duration = Duration::from_secs(120);
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
}

impl<'a> Sending<'a> {
    pub(super) fn new(
        connection: &'a ServiceConnection,
        host: &'a str,
        job: &'a DrawJob,
        body: Body,
        cancel: &'a CancelToken,
    ) -> Self {
        let context = ErrorContext { host, job, key: connection.key.as_ref() };
        let url = connection.url.endpoint(super::request::endpoint(job.route));
        Self { connection, context, cancel, url, body }
    }

    /// Sends until the service accepts, then reads the answer to its end.
    pub(super) async fn run(
        &self,
        on_progress: &mut (dyn FnMut(DrawProgress) + Send),
    ) -> Result<Drawing, DrawError> {
        let (response, traffic) = self.accepted(on_progress).await?;
        let content_type = header(response.headers(), CONTENT_TYPE.as_str()).to_ascii_lowercase();
        let incoming = incoming(response, traffic);
        if content_type.starts_with("text/event-stream") {
            self.read_events(incoming, on_progress).await
        } else if content_type.starts_with("text/html") {
            Err(self.web_page())
        } else {
            self.read_whole(incoming).await
        }
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
        let mut chunks = pin!(incoming(response, traffic).stream);
        let mut body = Vec::new();
        // What came of a refusal that breaks off is enough.
        while let Some(Ok(chunk)) =
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
        incoming: Incoming<impl Stream<Item = std::io::Result<Bytes>>>,
        on_progress: &mut (dyn FnMut(DrawProgress) + Send),
    ) -> Result<Drawing, DrawError> {
        let idle_timeout = self.idle_timeout(incoming.traffic);
        let mut events = pin!(SseByteStream::new(incoming.stream));
        let mut answer = ResponseReader::new(self.context);
        // A picture that came was paid for: nothing that follows may lose it.
        let broken = loop {
            match idle_timeout.wait(events.next(), || {}).await {
                Ok(Some(Ok(event))) => {
                    incoming.pending.store(0, Ordering::Relaxed);
                    match answer.take(event.event.as_deref(), event.data.as_deref().unwrap_or_default()) {
                        Ok(ResponseStep::Silent) => {}
                        Ok(ResponseStep::Progress(progress)) => on_progress(progress),
                        Ok(ResponseStep::Done(drawing)) => return Ok(drawing),
                        Err(error) => break error,
                    }
                }
                Ok(Some(Err(error))) => break self.cut(Some(&error)),
                Ok(None) => break self.cut(None),
                Err(Stopped::Cancelled) => return Err(self.stopped(Stopped::Cancelled)),
                Err(stopped) => break self.stopped(stopped),
            }
        };
        answer.into_drawing().ok_or(broken)
    }

    async fn read_whole(
        &self,
        incoming: Incoming<impl Stream<Item = std::io::Result<Bytes>>>,
    ) -> Result<Drawing, DrawError> {
        let idle_timeout = self.idle_timeout(incoming.traffic);
        let mut chunks = pin!(incoming.stream);
        let mut body = Vec::new();
        while let Some(chunk) =
            idle_timeout.wait(chunks.next(), || {}).await.map_err(|stopped| self.stopped(stopped))?
        {
            body.extend_from_slice(&chunk.map_err(|error| self.cut(Some(&error)))?);
        }
        // Text that is no UTF-8 is no JSON either; the answer says so.
        ResponseReader::new(self.context).take_whole(&String::from_utf8_lossy(&body))
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

/// How long to wait before asking again; `None` if it must not be asked again.
fn pause(status: StatusCode, headers: &HeaderMap, fault: &Fault, backoff: Duration) -> Option<Duration> {
    let should = header(headers, "x-should-retry");
    let overloaded = [&fault.code, &fault.kind].into_iter().any(|name| name == "server_is_overloaded");
    let may = match status {
        StatusCode::TOO_MANY_REQUESTS => !fault.is_quota() && should != "false",
        StatusCode::SERVICE_UNAVAILABLE => overloaded || should == "true",
        _ => false,
    };
    let asked = seconds(header(headers, "retry-after-ms"), 1e-3)
        .or_else(|| seconds(header(headers, RETRY_AFTER.as_str()), 1.0))
        .or_else(|| until(header(headers, RETRY_AFTER.as_str())));
    Some(asked.unwrap_or(backoff)).filter(|&pause| may && pause <= LONGEST_PAUSE)
}

fn seconds(number: &str, unit: f64) -> Option<Duration> {
    Duration::try_from_secs_f64(number.parse::<f64>().ok()? * unit).ok()
}

/// The time from now to an HTTP date.
fn until(date: &str) -> Option<Duration> {
    let date = SystemTime::from(jiff::fmt::rfc2822::parse(date).ok()?.timestamp());
    Some(date.duration_since(SystemTime::now()).unwrap_or_default())
}

fn header<'h>(headers: &'h HeaderMap, name: &str) -> &'h str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// `body` in pieces, so that the upload can be followed.
fn chunks(mut body: Bytes) -> impl Stream<Item = std::io::Result<Bytes>> {
    let pieces = std::iter::from_fn(move || {
        let piece = body.split_to(UPLOAD_CHUNK.min(body.len()));
        (!piece.is_empty()).then_some(Ok(piece))
    });
    futures_util::stream::iter(pieces)
}

/// The body of `response`, counted, and broken off where an event gets too large.
fn incoming(response: Response, traffic: Traffic) -> Incoming<impl Stream<Item = std::io::Result<Bytes>>> {
    let pending = Arc::new(AtomicUsize::new(0));
    let (counted, event) = (traffic.clone(), Arc::clone(&pending));
    let stream = response.bytes_stream().map(move |chunk| {
        let chunk = chunk.map_err(std::io::Error::other)?;
        counted.add_received(chunk.len());
        if event.fetch_add(chunk.len(), Ordering::Relaxed) + chunk.len() > LARGEST_EVENT {
            return Err(std::io::Error::other("the answer is larger than 64 MiB"));
        }
        Ok(chunk)
    });
    Incoming { stream, traffic, pending }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    const BACKOFF: Duration = Duration::from_secs(1);

    fn asked(status: u16, code: &str, headers: &[(&'static str, &'static str)]) -> Option<Duration> {
        let fault = Fault { code: code.into(), ..Fault::default() };
        let headers =
            headers.iter().map(|&(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
        pause(StatusCode::from_u16(status).unwrap(), &headers, &fault, BACKOFF)
    }

    #[test]
    fn only_three_refusals_are_asked_again() {
        assert_eq!(asked(429, "rate_limit_exceeded", &[]), Some(BACKOFF));
        assert_eq!(asked(429, "insufficient_quota", &[("retry-after", "1")]), None);
        assert_eq!(asked(429, "", &[("x-should-retry", "false")]), None);
        assert_eq!(asked(503, "server_is_overloaded", &[]), Some(BACKOFF));
        assert_eq!(asked(503, "", &[("x-should-retry", "true")]), Some(BACKOFF));
        assert_eq!(asked(503, "", &[]), None);
        for status in [400, 401, 403, 404, 408, 409, 413, 500, 502, 504, 529] {
            assert_eq!(
                asked(status, "", &[("x-should-retry", "true"), ("retry-after", "1")]),
                None,
                "{status}"
            );
        }
    }

    #[test]
    fn the_pause_is_what_the_service_asks_for() {
        let pause = |headers: &[_]| asked(429, "slow_down", headers);
        assert_eq!(pause(&[("retry-after", "7")]), Some(Duration::from_secs(7)));
        assert_eq!(
            pause(&[("retry-after", "7"), ("retry-after-ms", "1500")]),
            Some(Duration::from_millis(1500))
        );
        assert_eq!(pause(&[("retry-after", "120")]), Some(LONGEST_PAUSE));
        assert_eq!(pause(&[("retry-after", "121")]), None);
        assert_eq!(pause(&[("retry-after", "soon")]), Some(BACKOFF));
        assert_eq!(pause(&[("retry-after", "-1")]), Some(BACKOFF));
        assert_eq!(pause(&[("retry-after", "NaN")]), Some(BACKOFF));
        assert_eq!(pause(&[("retry-after", "Sun, 06 Nov 1994 08:49:37 GMT")]), Some(Duration::ZERO));
        assert_eq!(pause(&[("retry-after", "Wed, 06 Nov 2999 08:49:37 GMT")]), None);
    }
}
