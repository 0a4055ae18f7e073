//! The types of the window are generated from the core's. `make bindings` writes them; this test fails when they are stale.

use std::path::Path;

use fotonovela_core::settings::Settings;
use fotonovela_core::types::{
    Album, Comic, ComicPlan, ComicRequest, Confinement, DropKind, EditEntry, Event, Folder, FolderOptions,
    KeyState, ModelInfo, PhotoChanges, PhotoDetail, PhotoQuery, PhotoSummary, Problem, QueryImage, StoreJob,
    StoreKind, StoreState, Understood,
};
use ts_rs::{Config, TS};

const COMMITTED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../ui/src/api/bindings.ts");

#[test]
fn bindings_are_fresh() {
    let directory = tempfile::tempdir().unwrap();
    let config = Config::new().with_large_int("number").with_out_dir(directory.path());
    export_all(&config);
    let fresh = std::fs::read_to_string(directory.path().join("bindings.ts")).unwrap();
    if std::env::var_os("FOTONOVELA_WRITE_BINDINGS").is_some() {
        std::fs::write(COMMITTED, &fresh).unwrap();
    }
    let committed = std::fs::read_to_string(Path::new(COMMITTED)).unwrap_or_default();
    assert!(fresh == committed, "ui/src/api/bindings.ts is stale: run `make bindings`");
}

fn export_all(config: &Config) {
    Album::export_all(config).unwrap();
    Comic::export_all(config).unwrap();
    ComicPlan::export_all(config).unwrap();
    ComicRequest::export_all(config).unwrap();
    Confinement::export_all(config).unwrap();
    DropKind::export_all(config).unwrap();
    EditEntry::export_all(config).unwrap();
    Event::export_all(config).unwrap();
    Folder::export_all(config).unwrap();
    FolderOptions::export_all(config).unwrap();
    KeyState::export_all(config).unwrap();
    ModelInfo::export_all(config).unwrap();
    PhotoChanges::export_all(config).unwrap();
    PhotoDetail::export_all(config).unwrap();
    Problem::export_all(config).unwrap();
    QueryImage::export_all(config).unwrap();
    PhotoQuery::export_all(config).unwrap();
    PhotoSummary::export_all(config).unwrap();
    Settings::export_all(config).unwrap();
    StoreJob::export_all(config).unwrap();
    StoreKind::export_all(config).unwrap();
    StoreState::export_all(config).unwrap();
    Understood::export_all(config).unwrap();
}
