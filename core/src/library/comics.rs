//! Comics: planned, drawn, kept, exported.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::open::Library;
use crate::comic::studio::{Kept, PREVIEWS, Source};
use crate::error::Result;
use crate::settings::Settings;
use crate::types::{Comic, ComicId, ComicPlan, ComicRequest, Edit, EditEntry, PhotoId, TaskId, VersionId};

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
        self.runtime.spawn(async move {
            // The error was sent as an event.
            let _ = studio.draw(plan, task).await;
        });
        task
    }

    /// Sends a plan and waits for what becomes of it.
    ///
    /// # Errors
    /// [`Error::Draw`](crate::error::Error::Draw), or when the picture cannot be kept.
    pub fn draw_comic_now(&self, plan: u32) -> Result<Kept> {
        self.runtime.block_on(self.studio.draw(plan, self.studio.begin()))
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
        Ok(self.studio.planned_picture(plan, index)?.bytes.to_vec())
    }

    /// A preview of a drawing, counted from 1.
    ///
    /// # Errors
    /// [`Error::NotFound`](crate::error::Error::NotFound).
    pub fn comic_partial(&self, task: TaskId, number: usize) -> Result<Vec<u8>> {
        self.studio.partial(task, number)
    }

    /// All comics, newest first.
    pub fn comics(&self) -> Result<Vec<Comic>> {
        self.studio.comics()
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

    /// Writes the picture of a version to `out`: byte for byte if the kinds agree, else as PNG.
    ///
    /// # Errors
    /// When `out` has an ending that the picture cannot be written as, or cannot be written.
    pub fn export_comic(&self, version: VersionId, out: &Path) -> Result<()> {
        self.studio.export(version, out)
    }
}
