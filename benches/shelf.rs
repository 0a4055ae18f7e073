//! Libraries whose photos were never pictures: rows of the catalogue with vectors like those of photos.

use fotonovela_core::catalog::{Catalog, Finished, Outcome, Probe, SeenFile, Told, WorkItem};
use fotonovela_core::model::Model;
use fotonovela_core::photo::{ContentHash, Facts, FolderId};
use fotonovela_core::resources;
use fotonovela_core::scan::Stat;

use crate::vectors::Recipe;

/// Rows per transaction.
pub(crate) const BATCH: usize = 1000;

/// Fills one catalogue.
pub(crate) struct Shelf<'a> {
    catalog: &'a Catalog,
    folder: FolderId,
    model: String,
    recipe: Recipe,
    probe: Probe,
}

impl<'a> Shelf<'a> {
    pub(crate) fn new(catalog: &'a Catalog, folder: &str) -> Self {
        let model = Model::bundled(resources::folder());
        Self {
            catalog,
            folder: catalog.add_folder(folder).unwrap(),
            model: model.id(),
            recipe: Recipe::new(model.dimension()),
            probe: Probe { format: "JPEG", width: 4000, height: 3000, facts: Facts::default() },
        }
    }

    /// Files that were read and embedded; the vector of the first is `first` of the recipe.
    pub(crate) fn put(&self, first: usize, files: impl Iterator<Item = (String, Stat)>) {
        let seen = |(path, Stat { size, modified })| SeenFile {
            folder: self.folder,
            path,
            size,
            modified,
            told: Told::Photo(self.probe.clone()),
            content: None,
        };
        self.catalog.apply(&files.map(seen).collect::<Vec<_>>(), &[], &[]).unwrap();
        let items = self.catalog.pending(&self.model, true, &[].into(), BATCH).unwrap();
        let finished: Vec<_> =
            items.into_iter().zip(first..).map(|(item, number)| self.finish(item, number)).collect();
        self.catalog.finish(&finished, &self.model).unwrap();
    }

    fn finish(&self, item: WorkItem, number: usize) -> Finished {
        let outcome = Outcome::Photo {
            content: ContentHash::of(item.path.to_str().unwrap().as_bytes()),
            probe: Box::new(self.probe.clone()),
            color: Some("#808080".into()),
            vector: Some(self.recipe.vector(number as u64)),
        };
        Finished { item, outcome }
    }
}
