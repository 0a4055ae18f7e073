//! Comics: planned, drawn, kept, exported.

use std::path::{Path, PathBuf};
use std::sync::{Arc, MutexGuard};
use std::time::Duration;

use tokio::task::JoinSet;

use super::open::Library;
use crate::comic::export::check_place;
use crate::comic::studio::{Kept, PREVIEWS, Source};
use crate::error::Result;
use crate::settings::Settings;
use crate::types::{
    Comic, ComicId, ComicPlan, ComicRequest, Edit, EditEntry, LedgerEntry, PhotoId, TaskId, VersionId,
};

/// How long a drawing that is broken off has to keep its preview.
const LAST_WORD: Duration = Duration::from_secs(3);

impl Library {
    /// Plans a comic of photos of the library. Sends nothing.
    ///
    /// # Errors
    /// See [`Studio::plan`](crate::comic::studio::Studio::plan).
    pub fn plan_comic(&self, request: &ComicRequest) -> Result<ComicPlan> {
        let source = |id: &PhotoId| Ok(Source { photo: Some(*id), path: self.catalog.photo_path(*id)? });
        let sources = if request.parent.is_some() {
            Vec::new()
        } else {
            request.photos.iter().map(source).collect::<Result<_>>()?
        };
        self.runtime.block_on(self.studio.plan(request, sources, &self.settings(), PREVIEWS))
    }

    /// Plans a comic of files, which may be of the library or not, without previews. Sends nothing.
    ///
    /// # Errors
    /// See [`Studio::plan`](crate::comic::studio::Studio::plan).
    pub fn plan_comic_of_files(
        &self,
        request: ComicRequest,
        files: Vec<PathBuf>,
        settings: &Settings,
    ) -> Result<ComicPlan> {
        let source = |path: PathBuf| Ok(Source { photo: self.catalog.photo_at(&path)?, path });
        let sources = files.into_iter().map(source).collect::<Result<Vec<_>>>()?;
        let request =
            ComicRequest { photos: sources.iter().filter_map(|source| source.photo).collect(), ..request };
        self.runtime.block_on(self.studio.plan(&request, sources, settings, 0))
    }

    /// Sends a plan in the background; the steps come as events.
    pub fn draw_comic(&self, plan: u32) -> TaskId {
        let task = self.studio.begin();
        let studio = Arc::clone(&self.studio);
        let draw = async move {
            // The error was sent as an event.
            let _ = studio.draw(plan, task, None).await;
        };
        self.drawings().spawn_on(draw, self.runtime.handle());
        task
    }

    /// Whether a drawing is under way, which would be lost if the library were closed.
    pub fn is_drawing(&self) -> bool {
        let mut drawings = self.drawings();
        while drawings.try_join_next().is_some() {}
        !drawings.is_empty()
    }

    /// Breaks the drawings off. Of each the last preview is kept.
    pub(super) fn end_drawings(&self) {
        let mut drawings = std::mem::take(&mut *self.drawings());
        self.studio.cancel_all();
        let ended = async { while drawings.join_next().await.is_some() {} };
        self.runtime.block_on(async {
            if tokio::time::timeout(LAST_WORD, ended).await.is_err() {
                tracing::warn!("a drawing did not end in time");
            }
        });
    }

    fn drawings(&self) -> MutexGuard<'_, JoinSet<()>> {
        self.drawings.lock().expect("no thread panics while it holds the drawings")
    }

    /// The photos chosen for the next comic and how it shall be drawn, over restarts. Photos may be away. `None`: none was
    /// ever chosen.
    pub fn tray(&self) -> Result<Option<ComicRequest>> {
        self.catalog.tray()
    }

    /// Keeps the photos chosen for the next comic and how it shall be drawn.
    pub fn keep_tray(&self, tray: &ComicRequest) -> Result<()> {
        self.catalog.keep_tray(tray)
    }

    /// Sends a plan and waits for what becomes of it. The picture is written to `out` too, whatever ails the library.
    ///
    /// # Errors
    /// [`Error::Draw`](crate::error::Error::Draw), or when the picture cannot be kept.
    pub fn draw_comic_now(&self, plan: u32, out: &Path) -> Result<Kept> {
        self.runtime.block_on(self.studio.draw(plan, self.studio.begin(), Some(out)))
    }

    /// Asks a drawing to stop.
    pub fn cancel_comic(&self, task: TaskId) {
        self.studio.cancel(task);
    }

    /// The request of a plan for people to read: pictures by name and size, no key.
    ///
    /// # Errors
    /// [`Error::NotFound`](crate::error::Error::NotFound) for a plan that was sent or forgotten.
    pub fn comic_outline(&self, plan: u32) -> Result<serde_json::Value> {
        self.runtime.block_on(self.studio.outline(plan))
    }

    /// A picture of a plan, exactly as it will be sent.
    ///
    /// # Errors
    /// [`Error::NotFound`](crate::error::Error::NotFound).
    pub fn planned_picture(&self, plan: u32, index: usize) -> Result<Vec<u8>> {
        let picture = self.studio.planned_picture(plan, index)?;
        Ok(picture.bytes.to_vec())
    }

    /// The same for the window, JPEG.
    ///
    /// # Errors
    /// As [`Self::planned_picture`]; when it cannot be decoded.
    pub fn view_planned_picture(&self, plan: u32, index: usize) -> Result<Vec<u8>> {
        let picture = self.studio.planned_picture(plan, index)?;
        self.for_view(&picture.bytes, Path::new(&picture.name))
    }

    /// A preview of a drawing for the window, counted from 1, JPEG.
    ///
    /// # Errors
    /// [`Error::NotFound`](crate::error::Error::NotFound); when it cannot be decoded.
    pub fn view_preview(&self, task: TaskId, number: usize) -> Result<Vec<u8>> {
        self.for_view(&self.studio.preview(task, number)?, Path::new("preview"))
    }

    /// The picture of a version for the window, JPEG.
    ///
    /// # Errors
    /// When it is not there any more, or cannot be decoded.
    pub fn view_comic(&self, version: VersionId) -> Result<Vec<u8>> {
        self.for_view(&self.studio.version(version)?, Path::new("comic"))
    }

    /// All comics, newest first.
    pub fn comics(&self) -> Result<Vec<Comic>> {
        self.studio.comics()
    }

    /// What was asked of services that draw, newest first, and what it cost.
    pub fn ledger(&self) -> Result<Vec<LedgerEntry>> {
        self.studio.ledger()
    }

    /// Deletes a comic; its pictures stay. `None`: it was deleted already.
    pub fn delete_comic(&self, comic: ComicId) -> Result<Option<EditEntry>> {
        self.apply(&Edit::DeleteComic { comic })
    }

    /// The comic that a version is of.
    ///
    /// # Errors
    /// [`Error::NotFound`](crate::error::Error::NotFound).
    pub fn comic_of(&self, version: VersionId) -> Result<Comic> {
        self.catalog.comic_of(version)
    }

    /// The picture of a version, as the service made it.
    ///
    /// # Errors
    /// When it is not there any more.
    pub fn comic_version(&self, version: VersionId) -> Result<Vec<u8>> {
        self.studio.version(version)
    }

    /// Refuses to replace a photo: one of `inputs`, or any file in a folder of the library, under whatever name.
    ///
    /// # Errors
    /// [`Error::Invalid`](crate::error::Error::Invalid), with what to do.
    pub fn check_place(&self, out: &Path, inputs: &[&Path]) -> Result<()> {
        check_place(&self.catalog, out, inputs)
    }

    /// Writes the picture of a version to `out`: byte for byte if the kinds agree, else as PNG.
    ///
    /// # Errors
    /// When `out` has an ending that the picture cannot be written as, or cannot be written.
    pub fn export_comic(&self, version: VersionId, out: &Path) -> Result<()> {
        self.studio.export(version, out)
    }
}
