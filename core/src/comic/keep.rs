//! What was paid for is kept: in the library, where the person wants it, or wherever it can be.

use std::path::Path;

use crate::catalog::{Bill, NewVersion, is_busy};
use crate::comic::export::{check_place, export, media_type};
use crate::comic::folder::{Answer, write_elsewhere};
use crate::comic::order::Drawing;
use crate::comic::plan::{PreparedPlan, new_version};
use crate::comic::provider::ImageProvider;
use crate::comic::studio::{Kept, Studio};
use crate::decoder::{DecodeOrder, Encoding, Job};
use crate::error::{DrawError, DrawErrorKind, Error, Result};
use crate::types::{ComicId, DrawCode, NoticeCode, ReasonCode, RequestId, RequestState, TaskId, VersionId};

/// Tries of five seconds each to write a comic into the catalogue.
const CATALOG_TRIES: u32 = 12;

impl Studio {
    /// Refuses a picture that nobody could look at, and keeps it beside its answer. It is read in the decoder's process, as
    /// photos are.
    pub(super) fn check_picture(
        &self,
        drawing: Drawing,
        host: &str,
        answer: &Answer,
    ) -> std::result::Result<Drawing, DrawError> {
        let look = DecodeOrder::encoded(64, Encoding::Jpeg(50));
        match self.decoders.decode(&Job::of(Path::new("drawing"), &drawing.bytes, look)) {
            Err(Error::Decode(_) | Error::Harmful(_)) => {
                answer.keep_picture(&drawing.bytes, drawing.media_type);
                let reason = DrawCode::DrawPictureDamaged.with("host", host);
                Err(DrawError::new(DrawErrorKind::Service, reason))
            }
            // A decoder that cannot start says nothing about the picture.
            _ => Ok(drawing),
        }
    }

    /// Keeps a picture in the library and at `out`: where one place fails, in the other, and where both do, elsewhere.
    pub(super) fn keep(
        &self,
        plan: &PreparedPlan,
        request: RequestId,
        provider: &dyn ImageProvider,
        drawing: Drawing,
        out: Option<&Path>,
    ) -> Result<Kept> {
        let cost_usd = drawing.usage.and_then(|usage| provider.bill(&plan.asked, &usage));
        let inputs: Vec<_> = plan.sources.iter().map(|source| source.path.as_path()).collect();
        let exported = out.map(|out| {
            check_place(&self.catalog, out, &inputs)?;
            export(&self.decoders, &drawing.bytes, out)
        });
        let file = match self.folder.write(&drawing.bytes, drawing.media_type) {
            Ok(file) => file,
            Err(error) => {
                let place = match (out, exported) {
                    (Some(out), Some(Ok(()))) => out.to_owned(),
                    _ => write_elsewhere(&drawing)?,
                };
                let note = error.reason().within(NoticeCode::ComicElsewhere).with("place", place.as_path());
                self.close_request(request, RequestState::Drawn, &note);
                return Ok(Kept { version: None, drawing, cost_usd, note: Some(note) });
            }
        };
        let bill = Bill { usage: drawing.usage, response_id: drawing.response_id.clone(), cost_usd };
        let version = new_version(plan, request, Some(bill), file);
        let (version, note) = match self.add_version(&version) {
            Ok(added) => (Some(added), None),
            Err(error) => {
                tracing::error!(%error, "the catalogue cannot take the comic now");
                self.folder.leave_note(&version)?;
                (None, Some(NoticeCode::ComicLater.reason()))
            }
        };
        // Only now: the picture is kept, whatever is wrong with the place that was named.
        exported.transpose()?;
        Ok(Kept { version, drawing, cost_usd, note })
    }

    /// Waits for another program that holds the catalogue longer than is usual.
    fn add_version(&self, version: &NewVersion) -> Result<(ComicId, VersionId)> {
        let mut added = self.catalog.add_version(version);
        for _ in 1..CATALOG_TRIES {
            match &added {
                Err(Error::Catalog(error)) if is_busy(error) => added = self.catalog.add_version(version),
                _ => break,
            }
        }
        added
    }

    /// Takes pictures into the catalogue that it could not take when they came.
    pub(crate) fn take_in_notes(&self) {
        for (note, version) in self.folder.notes() {
            match self.catalog.add_version(&version) {
                Ok(_) => {
                    if let Err(error) = std::fs::remove_file(&note) {
                        tracing::warn!(%error, "a note that was followed stays");
                    }
                }
                Err(error) => tracing::warn!(%error, "a comic waits for the next start"),
            }
        }
    }

    pub(super) fn keep_last_preview(
        &self,
        plan: &PreparedPlan,
        request: RequestId,
        task: TaskId,
    ) -> Option<ComicId> {
        let preview = self.tasks().get_mut(&task)?.preview.take()?;
        let kept = self
            .folder
            .write(&preview, media_type(&preview))
            .and_then(|file| self.add_version(&new_version(plan, request, None, file)));
        match kept {
            Ok((comic, _)) => Some(comic),
            Err(error) => {
                tracing::error!(%error, "the preview could not be kept");
                None
            }
        }
    }
}
