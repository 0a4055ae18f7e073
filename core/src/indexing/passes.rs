//! What the indexer makes of each photo: the passes, in their order. A further one is a line in [`Passes::wanted`], its
//! query in `catalog/passes.rs`, and its work in `worker.rs`.

use std::sync::Arc;

use crate::catalog::{Catalog, Stage};
use crate::error::{Error, Result};
use crate::inference::Model;
use crate::types::{FaultCode, Pass, PassStatus, ReasonCode};

/// The pass that makes the vectors of the model in use.
const PHOTO: &str = "photo";
/// The pass that makes vectors of parts of photos.
const REGIONS: &str = "regions";

/// The passes of a run.
pub(crate) struct Passes {
    catalog: Arc<Catalog>,
    /// The one in use, then those that are prepared beside it.
    models: Vec<Arc<Model>>,
    /// The one that parts of photos are compared by.
    regions: Arc<Model>,
    /// The last one that is wanted.
    last: Option<String>,
}

impl Passes {
    /// All passes with these models, or those up to `last`. `regions`: the model of parts of photos.
    ///
    /// # Errors
    /// [`Error::Invalid`] where no pass is called so.
    pub(crate) fn new(
        catalog: Arc<Catalog>,
        models: Vec<Arc<Model>>,
        regions: Arc<Model>,
        last: Option<String>,
    ) -> Result<Self> {
        let passes = Self { catalog, models, regions, last: None };
        let names: Vec<_> = passes.wanted().into_iter().map(|(name, _)| name).collect();
        match last {
            Some(last) if !names.contains(&last) => {
                let reason = FaultCode::PassUnknown.with("pass", last).with("known", names.join(", "));
                Err(Error::Invalid(reason))
            }
            last => Ok(Self { last, ..passes }),
        }
    }

    /// The passes by name, in their order.
    fn wanted(&self) -> Vec<(String, Pass)> {
        let mut passes = vec![("thumbnail".to_owned(), Pass::Thumbnail)];
        for (at, model) in self.models.iter().enumerate() {
            let name = if at == 0 { PHOTO.to_owned() } else { format!("{PHOTO}:{}", model.id()) };
            passes.push((name, Pass::Vector(model.id())));
        }
        passes.push((REGIONS.to_owned(), Pass::Regions(self.regions.id())));
        let last = passes.iter().position(|(name, _)| Some(name) == self.last.as_ref());
        passes.truncate(last.map_or(passes.len(), |last| last + 1));
        passes
    }

    /// The model of this name.
    pub(crate) fn model(&self, id: &str) -> Option<&Arc<Model>> {
        self.models.iter().chain([&self.regions]).find(|model| model.id() == id)
    }

    /// The model in use.
    pub(crate) fn model_in_use(&self) -> &Model {
        &self.models[0]
    }

    /// What can be worked on now, in its order: without passes that are paused, or whose model is not ready.
    pub(crate) fn stages(&self) -> Result<Vec<Stage>> {
        let paused = self.catalog.paused_passes()?;
        let mut stages = vec![Stage { reads: true, passes: Vec::new() }];
        for (name, pass) in self.wanted() {
            let is_ready = match &pass {
                Pass::Thumbnail => true,
                Pass::Vector(model) | Pass::Regions(model) => {
                    self.model(model).is_some_and(|model| model.is_ready())
                }
            };
            if paused.contains(&name) || !is_ready {
                continue;
            }
            // The first two are made of one decoding.
            match stages.as_mut_slice() {
                [first] if pass == Pass::Thumbnail || name == PHOTO => first.passes.push(pass),
                _ => stages.push(Stage { reads: false, passes: vec![pass] }),
            }
        }
        Ok(stages)
    }

    /// How far the passes are. `unread`: files that could not be read, and have none of the first two.
    pub(crate) fn status(&self, unread: u32) -> Result<Vec<PassStatus>> {
        let paused = self.catalog.paused_passes()?;
        let status = |(name, pass): (String, Pass)| {
            let count = self.catalog.pass_count(&pass)?;
            let is_first = pass == Pass::Thumbnail || name == PHOTO;
            let failed = count.failed + if is_first { unread } else { 0 };
            Ok(PassStatus { paused: paused.contains(&name), name, done: count.done, failed })
        };
        self.wanted().into_iter().map(status).collect()
    }
}
