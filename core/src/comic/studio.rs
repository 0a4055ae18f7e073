//! Comics from request to kept version: plan (nothing is sent), draw (just the plan is sent), keep. Joins comic,
//! catalog and the files of the library.

use std::collections::{BTreeMap, VecDeque};
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use crate::catalog::Catalog;
use crate::comic::export::{check_place, export};
use crate::comic::folder::ComicFolder;
use crate::comic::order::{DrawProgress, Drawing, Picture, Recorder};
use crate::comic::prepare::{Prepared, drawing};
use crate::comic::provider::ImageProvider;
use crate::comic::providers;
use crate::decoder::Decoders;
use crate::error::{DrawError, DrawErrorKind, Error, Result};
use crate::platform::keychain::KeyRing;
use crate::settings::Settings;
use crate::task::CancelToken;
use crate::types::{
    Comic, ComicId, ComicPlan, ComicProgress, ComicRequest, DrawCode, Event, EventSink, FaultCode, KeyState,
    LedgerEntry, NoticeCode, Reason, ReasonCode, RequestId, RequestState, TaskId, VersionId,
};

pub use super::plan::Source;

use super::plan::{PreparedPlan, check, new_request, order, planned, prepare_all};

/// Previews for somebody who watches: each costs about $0.003 and shows where a long drawing is going.
pub const PREVIEWS: u8 = 2;
/// Plans and drawings kept in memory; older ones are forgotten.
const KEPT: usize = 8;

/// What came of a drawing.
#[derive(Clone, Debug)]
pub struct Kept {
    /// The comic and its new version; `None` if the library could not take it, and it is elsewhere.
    pub version: Option<(ComicId, VersionId)>,
    /// The picture as the service made it.
    pub drawing: Drawing,
    /// The price after the service's count.
    pub cost_usd: Option<f64>,
    /// What the person should know about where it is.
    pub note: Option<Reason>,
}

/// Plans, draws and keeps comics.
pub struct Studio {
    pub(super) catalog: Arc<Catalog>,
    pub(super) folder: ComicFolder,
    keys: Arc<KeyRing>,
    safety_identifier: String,
    pub(super) decoders: Decoders,
    on_event: EventSink,
    next: AtomicU32,
    plans: Mutex<VecDeque<Arc<PreparedPlan>>>,
    tasks: Mutex<BTreeMap<TaskId, DrawTask>>,
}

#[derive(Default)]
pub(super) struct DrawTask {
    cancel: CancelToken,
    /// How many previews came.
    previews: usize,
    /// The last one: however many a service sends, one is kept.
    pub(super) preview: Option<Vec<u8>>,
}

impl Studio {
    pub(crate) fn new(
        catalog: Arc<Catalog>,
        data: &Path,
        keys: Arc<KeyRing>,
        safety_identifier: String,
        decoders: Decoders,
        on_event: EventSink,
    ) -> Self {
        Self {
            catalog,
            folder: ComicFolder::of(data),
            keys,
            safety_identifier,
            decoders,
            on_event,
            next: AtomicU32::new(1),
            plans: Mutex::default(),
            tasks: Mutex::default(),
        }
    }

    /// Prepares the pictures, the text and the price of a comic of `sources`, or of a change of `request.parent`.
    /// Sends no picture; on api.openai.com it may ask which models there are. `previews`: how many are asked for
    /// while it is drawn, 0 to 3.
    ///
    /// # Errors
    /// When the request makes no sense, a photo cannot be read, or the service's address is wrong.
    pub async fn plan(
        &self,
        request: &ComicRequest,
        sources: Vec<Source>,
        settings: &Settings,
        previews: u8,
    ) -> Result<ComicPlan> {
        let provider = self.provider(&settings.base_url).await?;
        check(request, &sources, provider.capabilities())?;
        let prepared = match request.parent {
            Some(parent) => vec![self.prepare_parent(parent)?],
            None => prepare_all(&self.decoders, &sources)?,
        };
        let layout = match request.parent {
            Some(parent) => self.catalog.comic_of(parent)?.layout,
            None => request.layout,
        };
        let mut order = order(request, layout, settings, &prepared, previews);
        order.safety_identifier = Some(self.safety_identifier.clone());
        let asked = provider.plan(order).await?;
        let host = provider.host();
        let key = self.keys.service_state(&host).await;
        let shown = ComicPlan {
            plan: self.next.fetch_add(1, Ordering::Relaxed),
            pictures: planned(&prepared, &sources),
            key,
            has_key: key != KeyState::Missing,
            host,
            route: asked.route.clone(),
            text_model: asked.text_model.clone(),
            image_model: asked.order.image_model.clone(),
            prompt: asked.prompt.clone(),
            estimate: asked.estimate,
        };
        let plan = PreparedPlan {
            shown: shown.clone(),
            asked,
            base_url: settings.base_url.clone(),
            request: request.clone(),
            sources,
        };
        let mut plans = self.plans();
        plans.push_back(Arc::new(plan));
        let surplus = plans.len().saturating_sub(KEPT);
        plans.drain(..surplus);
        Ok(shown)
    }

    /// The request of a plan for people to read: pictures by name and size, no key.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a plan that was sent or forgotten.
    pub async fn outline(&self, plan: u32) -> Result<serde_json::Value> {
        let plan = self.find_plan(plan)?;
        self.provider(&plan.base_url).await?.outline(&plan.asked)
    }

    /// A picture of a plan, exactly as it will be sent.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn planned_picture(&self, plan: u32, index: usize) -> Result<Picture> {
        let plan = self.find_plan(plan)?;
        plan.asked.order.pictures.get(index).cloned().ok_or_else(|| not_found(FaultCode::PictureNotFound))
    }

    /// Takes a plan to send it. A plan is sent once: a second click finds it gone.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    fn take_plan(&self, plan: u32) -> Result<Arc<PreparedPlan>> {
        let mut plans = self.plans();
        let position = plans.iter().position(|each| each.shown.plan == plan);
        position.and_then(|position| plans.remove(position)).ok_or_else(|| not_found(FaultCode::PlanNotFound))
    }

    /// Registers a drawing, for [`Self::draw`].
    pub fn begin(&self) -> TaskId {
        let task = TaskId(self.next.fetch_add(1, Ordering::Relaxed));
        let mut tasks = self.tasks();
        tasks.insert(task, DrawTask::default());
        while tasks.len() > KEPT {
            tasks.pop_first();
        }
        task
    }

    /// Sends a plan and keeps what comes back, also at `out`; after an error, the last preview. Tells the steps as events.
    ///
    /// # Errors
    /// [`Error::Draw`], or when the picture cannot be kept.
    pub async fn draw(&self, plan: u32, task: TaskId, out: Option<&Path>) -> Result<Kept> {
        let drawn = self.draw_and_keep(plan, task, out).await;
        let failed = |error: &Error, comic| ComicProgress::Failed { error: error.report(), comic };
        let (progress, answer) = match drawn {
            Ok(kept) => match (kept.version, &kept.note) {
                (Some((comic, version)), _) => (ComicProgress::Done { comic, version }, Ok(kept)),
                (None, note) => {
                    let note = note.clone().unwrap_or_else(|| NoticeCode::ComicLater.reason());
                    (failed(&Error::Invalid(note), None), Ok(kept))
                }
            },
            Err((error, comic)) => (failed(&error, comic), Err(error)),
        };
        (self.on_event)(Event::Comic { task, progress });
        answer
    }

    async fn draw_and_keep(
        &self,
        plan: u32,
        task: TaskId,
        out: Option<&Path>,
    ) -> std::result::Result<Kept, (Error, Option<ComicId>)> {
        let plan = self.take_plan(plan).map_err(|error| (error, None))?;
        let provider = self.provider(&plan.base_url).await.map_err(|error| (error, None))?;
        let cancel = self.tasks().get(&task).map(|task| task.cancel.clone()).unwrap_or_default();
        // Before the first byte leaves: whatever happens from here on, there is a row that says it may have been billed.
        let request = self.catalog.open_request(&new_request(&plan)).map_err(|error| (error, None))?;
        let raw = Arc::new(self.folder.answer(request));
        let recorded = Arc::clone(&raw);
        let record: Recorder = Arc::new(move |bytes| recorded.record(bytes));
        let drawn =
            provider.draw(&plan.asked, &cancel, record, &mut |progress| self.report(task, progress)).await;
        match drawn.and_then(|drawing| self.check_picture(drawing, &plan.shown.host, &raw)) {
            Ok(drawing) => {
                let kept = self.keep(&plan, request, &*provider, drawing, out).map_err(|error| {
                    self.close_request(request, RequestState::Drawn, &error.reason());
                    (error, None)
                })?;
                raw.remove();
                Ok(kept)
            }
            Err(error) => {
                let comic = self.keep_last_preview(&plan, request, task);
                let error = told_with_answer(error, raw.kept().as_deref());
                self.close_request(request, state_after(&error), &error.reason);
                Err((Error::Draw(error), comic))
            }
        }
    }

    /// Notes how a request ended. Where that cannot be written, the row goes on saying that it may have been billed.
    pub(super) fn close_request(&self, request: RequestId, state: RequestState, problem: &Reason) {
        if let Err(error) = self.catalog.close_request(request, state, problem) {
            tracing::error!(%error, "the end of a request could not be noted");
        }
    }

    fn report(&self, task: TaskId, progress: DrawProgress) {
        let progress = match progress {
            DrawProgress::Retrying { .. } => return,
            DrawProgress::Sent => ComicProgress::Sent,
            DrawProgress::Drawing => ComicProgress::Drawing,
            DrawProgress::Partial { bytes } => {
                let mut tasks = self.tasks();
                let task = tasks.entry(task).or_default();
                task.previews += 1;
                task.preview = Some(bytes);
                ComicProgress::Partial { number: u32::try_from(task.previews).unwrap_or(u32::MAX) }
            }
        };
        (self.on_event)(Event::Comic { task, progress });
    }

    /// Asks a drawing to stop.
    pub fn cancel(&self, task: TaskId) {
        if let Some(task) = self.tasks().get(&task) {
            task.cancel.cancel();
        }
    }

    /// Asks all drawings to stop.
    pub fn cancel_all(&self) {
        self.tasks().values().for_each(|task| task.cancel.cancel());
    }

    /// A preview of a drawing, counted from 1; of those that came, the last.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn preview(&self, task: TaskId, number: usize) -> Result<Vec<u8>> {
        let tasks = self.tasks();
        let task = tasks.get(&task).filter(|task| (1..=task.previews).contains(&number));
        task.and_then(|task| task.preview.clone()).ok_or_else(|| not_found(FaultCode::PreviewNotFound))
    }

    /// The picture of a version, as the service made it.
    ///
    /// # Errors
    /// When it is not there any more.
    pub fn version(&self, version: VersionId) -> Result<Vec<u8>> {
        self.folder.read(&self.catalog.version_file(version)?)
    }

    /// Writes the picture of a version to `out`: byte for byte if the kinds agree, else as PNG.
    ///
    /// # Errors
    /// When `out` has an ending that the picture cannot be written as, is a photo, or cannot be written.
    pub fn export(&self, version: VersionId, out: &Path) -> Result<()> {
        check_place(&self.catalog, out, &[])?;
        export(&self.decoders, &self.version(version)?, out)
    }

    fn prepare_parent(&self, parent: VersionId) -> Result<Prepared> {
        let file = self.catalog.version_file(parent)?;
        drawing(&self.decoders, self.version(parent)?, Path::new(&file))
    }

    async fn provider(&self, base_url: &str) -> Result<Arc<dyn ImageProvider>> {
        let keyless = providers::open(base_url, None)?;
        match self.keys.load(&keyless.host()).await {
            Ok(None) => Ok(keyless),
            Ok(key) => providers::open(base_url, key),
            // The plan shows that there is no key; setting one says what is wrong with the keychain.
            Err(Error::Keychain(_)) => Ok(keyless),
            Err(error) => Err(error),
        }
    }

    fn find_plan(&self, plan: u32) -> Result<Arc<PreparedPlan>> {
        let plans = self.plans();
        plans
            .iter()
            .find(|each| each.shown.plan == plan)
            .cloned()
            .ok_or_else(|| not_found(FaultCode::PlanNotFound))
    }

    /// What was asked of services, newest first.
    pub fn ledger(&self) -> Result<Vec<LedgerEntry>> {
        self.catalog.ledger()
    }

    /// All comics, newest first.
    pub fn comics(&self) -> Result<Vec<Comic>> {
        self.catalog.comics()
    }

    fn plans(&self) -> MutexGuard<'_, VecDeque<Arc<PreparedPlan>>> {
        self.plans.lock().expect("no thread panics while it holds the plans")
    }

    pub(super) fn tasks(&self) -> MutexGuard<'_, BTreeMap<TaskId, DrawTask>> {
        self.tasks.lock().expect("no thread panics while it holds the tasks")
    }
}

/// Says where the answer is that brought no picture, if it may have been billed.
fn told_with_answer(error: DrawError, answer: Option<&Path>) -> DrawError {
    match (error.kind, answer) {
        (DrawErrorKind::Service | DrawErrorKind::Cut, Some(answer)) => DrawError {
            reason: error.reason.within(DrawCode::DrawAnswerKept).with("answer", answer),
            ..error
        },
        _ => error,
    }
}

/// What is known of a request that ended with an error.
fn state_after(error: &DrawError) -> RequestState {
    match error.kind {
        DrawErrorKind::Key | DrawErrorKind::Offline | DrawErrorKind::Route | DrawErrorKind::Invalid => {
            RequestState::NotBilled
        }
        // Moderation may look at a picture that was drawn.
        DrawErrorKind::Refused | DrawErrorKind::Service | DrawErrorKind::Cut | DrawErrorKind::Cancelled => {
            RequestState::MayBeBilled
        }
    }
}

fn not_found(code: FaultCode) -> Error {
    Error::NotFound(code.reason())
}
