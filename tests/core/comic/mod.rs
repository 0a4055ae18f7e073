//! The client of the image service against a fake of it in this process, and the key ring.
//!
//! Every request is checked against OpenAI's published schema, and every drawing for traces of the key.

#[path = "../../fake_service/mod.rs"]
mod fake_service;

mod contract;
mod draw;
mod keys;
mod network;
mod odd;
mod refusals;

use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use fotonovela_core::comic::order::{DrawProgress, Drawing, Picture};
use fotonovela_core::comic::providers::openai::{Client, DrawJob, Route, Timing};
use fotonovela_core::error::DrawError;
use fotonovela_core::platform::keychain::Secret;
use fotonovela_core::task::CancelToken;
use fotonovela_core::types::Quality;

use fake_service::FakeService;

const KEY: &str = "sk-test-0123456789-never-to-be-seen";
const ROUTES: [Route; 2] = [Route::Responses, Route::Edits];

fn key() -> Option<Secret> {
    Secret::new(KEY)
}

fn timing() -> Timing {
    Timing {
        connect: Duration::from_secs(5),
        idle: Duration::from_secs(20),
        models: Duration::from_secs(20),
        backoff: Duration::from_millis(10),
    }
}

fn job(route: Route) -> DrawJob {
    let picture = |name: &str, seed: &str| Picture {
        name: name.into(),
        media_type: "image/png".into(),
        bytes: fake_service::comic_picture(64, 48, seed, 0).into(),
    };
    DrawJob {
        route,
        text_model: "gpt-4o".into(),
        image_model: "gpt-image-2.6-flare".into(),
        prompt: "Image 1: Cola, a Border Collie. Draw “Cola & the mouse” — four panels 🐕.".into(),
        pictures: vec![picture("photo-1.png", "a"), picture("photo-2.png", "b")],
        change: false,
        size: "256x384".into(),
        quality: Quality::Medium,
        partial_images: 2,
        safety_identifier: Some("0123456789abcdef".repeat(4)),
    }
}

/// What came of one drawing.
struct Outcome {
    result: Result<Drawing, DrawError>,
    progress: Vec<DrawProgress>,
    took: Duration,
}

impl Outcome {
    fn partials(&self) -> usize {
        self.progress.iter().filter(|progress| matches!(progress, DrawProgress::Partial { .. })).count()
    }

    fn count(&self, wanted: &DrawProgress) -> usize {
        self.progress.iter().filter(|progress| *progress == wanted).count()
    }

    fn error(&self) -> &DrawError {
        self.result.as_ref().unwrap_err()
    }
}

/// Draws against `service` and checks what must hold for every drawing.
fn draw(service: &FakeService, job: &DrawJob) -> Outcome {
    let client = Client::with_timing(&service.url(), key(), timing()).unwrap();
    let outcome = draw_with(&client, job, &CancelToken::default(), |_| {});
    for request in service.requests() {
        contract::check(&request);
        assert_eq!(request.header("authorization"), Some(format!("Bearer {KEY}").as_str()));
    }
    outcome
}

fn draw_with(
    client: &Client,
    job: &DrawJob,
    cancel: &CancelToken,
    mut on_progress: impl FnMut(&DrawProgress) + Send,
) -> Outcome {
    let mut progress = Vec::new();
    let (log, outcome) = logged(|| {
        let begun = Instant::now();
        let result =
            runtime().block_on(client.draw(job, cancel, std::sync::Arc::new(|_: &[u8]| {}), |step| {
                on_progress(&step);
                progress.push(step);
            }));
        let took = begun.elapsed();
        Outcome { result, progress, took }
    });
    assert!(log.contains("asking for a drawing") || outcome.result.is_err(), "nothing was logged: {log}");
    assert_no_key(&log);
    assert_no_key(&format!("{client:?} {job:?} {:?} {:?}", outcome.result, outcome.progress));
    if let Err(error) = &outcome.result {
        let report = fotonovela_core::error::Error::from(error.clone()).report();
        assert_no_key(&format!("{error} {} {}", report.reason, report.detail));
        assert!(
            !report.detail.contains("data:image") && !report.detail.contains(&job.prompt),
            "{}",
            report.detail
        );
        assert!(error.reason.to_string().len() < 700, "too long: {error}");
    }
    outcome
}

fn assert_no_key(text: &str) {
    assert!(!text.contains(KEY) && !text.contains("never-to-be-seen"), "the key was shown: {text}");
}

/// A runtime on this thread alone, so that its log can be caught.
fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Everything that `action` logged on this thread, at every level.
fn logged<T>(action: impl FnOnce() -> T) -> (String, T) {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    let value = tracing::subscriber::with_default(subscriber, action);
    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    (text, value)
}
