//! A service that draws, in this process, on 127.0.0.1: both routes of the real one, and every way to fail.
//!
//! [`FakeService::start`] takes the name of a scenario (see `scenario.rs`); a prompt that holds another name in
//! square brackets, such as `[429-quota]`, gets that one. It runs on a thread and runtime of its own, so that any test
//! and any window can use it, and it records every request.
#![allow(dead_code, unreachable_pub, reason = "each test binary includes this and uses its own part")]

mod picture;
mod refusal;
mod scenario;
mod script;

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request, State};
use axum::response::Response;
use serde_json::{Map, Value, json};
use tokio::sync::oneshot;

pub use picture::comic_picture;

/// A file of a multipart form, or a data URL.
#[derive(Clone, Debug)]
pub struct SentPicture {
    pub name: String,
    pub media_type: String,
    pub bytes: Bytes,
}

/// A request as it came in.
#[derive(Clone, Debug)]
pub struct Recorded {
    pub method: String,
    pub path: String,
    pub headers: Vec<(String, String)>,
    /// The JSON body, or the form as the JSON that the specification's schema describes.
    pub body: Value,
    /// The files of a form.
    pub pictures: Vec<SentPicture>,
    /// The body's length in bytes.
    pub length: usize,
}

impl Recorded {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// What is sent back, piece by piece.
pub(crate) enum Step {
    Bytes(Bytes),
    Pause(Duration),
    /// Nothing more comes, and the connection stays open.
    Stall,
    /// The connection breaks.
    Break,
}

pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) steps: Vec<Step>,
    /// Answers without reading the body, as a proxy does that refuses its size.
    pub(crate) unread: bool,
}

struct Shared {
    scenario: String,
    recorded: Mutex<Vec<Recorded>>,
    /// How often each scenario was asked for.
    asked: Mutex<HashMap<String, usize>>,
    open: Arc<AtomicUsize>,
}

/// The running service; it stops when this is dropped.
pub struct FakeService {
    address: SocketAddr,
    shared: Arc<Shared>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl FakeService {
    pub fn start(scenario: &str) -> Self {
        Self::start_at(scenario, "127.0.0.1:0")
    }

    /// Serves at a chosen address, for a window that was given it.
    pub fn start_at(scenario: &str, address: &str) -> Self {
        assert!(scenario::is_known(scenario), "no such scenario: {scenario}");
        let listener = std::net::TcpListener::bind(address).unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            scenario: scenario.to_owned(),
            recorded: Mutex::default(),
            asked: Mutex::default(),
            open: Arc::default(),
        });
        let (stop, stopped) = oneshot::channel();
        let app = axum::Router::new()
            .fallback(answer)
            .layer(DefaultBodyLimit::disable())
            .with_state(Arc::clone(&shared));
        let thread = std::thread::spawn(move || {
            let runtime =
                tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
            runtime.block_on(async move {
                let listener = tokio::net::TcpListener::from_std(listener).unwrap();
                let listener =
                    axum::serve::ListenerExt::tap_io(listener, |tcp| tcp.set_nodelay(true).unwrap());
                tokio::select! {
                    served = axum::serve(listener, app).into_future() => served.unwrap(),
                    _ = stopped => {}
                }
            });
            // Stalled answers never end by themselves.
            runtime.shutdown_background();
        });
        Self { address, shared, stop: Some(stop), thread: Some(thread) }
    }

    pub fn url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    pub fn host(&self) -> String {
        self.address.to_string()
    }

    pub fn requests(&self) -> Vec<Recorded> {
        self.shared.recorded.lock().unwrap().clone()
    }

    /// How many drawings were asked for.
    pub fn posts(&self) -> usize {
        self.requests().iter().filter(|request| request.method == "POST").count()
    }

    /// Answers that are being sent now.
    pub fn open_answers(&self) -> usize {
        self.shared.open.load(Ordering::SeqCst)
    }
}

impl Drop for FakeService {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }
}

/// Counts an answer as open until its body is dropped, which happens when it ended or its reader left.
struct OpenAnswer(Arc<AtomicUsize>);

impl Drop for OpenAnswer {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

async fn answer(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let reply = match shared.scenario.as_str() {
        // Chosen before the body is read, so only by the name given at the start.
        "413-unread" => {
            shared.recorded.lock().unwrap().push(record_head(&request));
            refusal::too_large()
        }
        _ => reply(&shared, request).await,
    };
    send(&shared, reply)
}

async fn reply(shared: &Shared, request: Request) -> Reply {
    let mut recorded = record_head(&request);
    let is_form = recorded.header("content-type").is_some_and(|kind| kind.starts_with("multipart/form-data"));
    let (parts, body) = request.into_parts();
    // A client that leaves in the middle of its upload gets no answer anyway.
    let Ok(bytes) = to_bytes(body, 1 << 30).await else { return refusal::empty(400) };
    recorded.length = bytes.len();
    if is_form {
        let request = Request::from_parts(parts, Body::from(bytes));
        (recorded.body, recorded.pictures) = read_form(request).await;
    } else {
        recorded.body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
    }
    shared.recorded.lock().unwrap().push(recorded.clone());
    let prompt = scenario::prompt(&recorded.body);
    let tag = scenario::tag_in(&prompt).unwrap_or(&shared.scenario).to_owned();
    let nth = {
        let mut asked = shared.asked.lock().unwrap();
        let count = asked.entry(tag.clone()).or_default();
        *count += 1;
        *count
    };
    if tag == "stall-headers" {
        std::future::pending::<()>().await;
    }
    match (recorded.method.as_str(), recorded.path.as_str()) {
        ("GET", "/v1/models") => scenario::models(&tag),
        ("POST", "/v1/responses" | "/v1/images/edits") => scenario::reply(&tag, &recorded, nth),
        _ => refusal::no_such_endpoint(),
    }
}

fn record_head(request: &Request) -> Recorded {
    let headers = request.headers().iter();
    Recorded {
        method: request.method().to_string(),
        path: request.uri().to_string(),
        headers: headers
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
            .collect(),
        body: Value::Null,
        pictures: Vec::new(),
        length: 0,
    }
}

/// The form as the JSON that its schema describes, and its files.
async fn read_form(request: Request) -> (Value, Vec<SentPicture>) {
    let mut form = Multipart::from_request(request, &()).await.unwrap();
    let (mut object, mut pictures) = (Map::new(), Vec::new());
    while let Some(field) = form.next_field().await.unwrap() {
        let name = field.name().unwrap().to_owned();
        if let Some(file) = field.file_name().map(str::to_owned) {
            assert_eq!(name, "image[]", "files go by the name that the official clients use");
            let media_type = field.content_type().unwrap().to_owned();
            pictures.push(SentPicture { name: file, media_type, bytes: field.bytes().await.unwrap() });
            let files = object.entry("image").or_insert_with(|| json!([]));
            files.as_array_mut().unwrap().push(json!("(binary)"));
        } else {
            let text = field.text().await.unwrap();
            let value = match name.as_str() {
                "stream" => json!(text.parse::<bool>().unwrap()),
                "partial_images" | "n" => json!(text.parse::<u64>().unwrap()),
                _ => json!(text),
            };
            assert!(object.insert(name.clone(), value).is_none(), "{name} was sent twice");
        }
    }
    (Value::Object(object), pictures)
}

fn send(shared: &Shared, reply: Reply) -> Response {
    shared.open.fetch_add(1, Ordering::SeqCst);
    let open = OpenAnswer(Arc::clone(&shared.open));
    let state = (reply.steps.into_iter(), open);
    let stream = futures_util::stream::unfold(state, |(mut steps, open)| async move {
        loop {
            match steps.next()? {
                Step::Bytes(bytes) => return Some((Ok(bytes), (steps, open))),
                Step::Pause(time) => tokio::time::sleep(time).await,
                Step::Stall => std::future::pending().await,
                Step::Break => {
                    // Breaking drops what was not yet written.
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    return Some((Err(std::io::Error::other("broken on purpose")), (steps, open)));
                }
            }
        }
    });
    let mut response = Response::builder().status(reply.status);
    for (name, value) in reply.headers {
        response = response.header(name, value);
    }
    if reply.unread {
        response = response.header("connection", "close");
    }
    response.body(Body::from_stream(stream)).unwrap()
}
