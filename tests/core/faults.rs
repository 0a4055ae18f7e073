//! What goes wrong on machines: a missing or broken model, a full disk, a data folder that cannot be written. Each is
//! told with what to do, and loses nothing.

use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::time::Duration;

use fotonovela_core::platform::resources;
use fotonovela_core::types::{ErrorCode, ErrorReport, IndexState, IndexStatus};
use tempfile::TempDir;

use crate::home::{Home, Open};
use crate::places::{in_a_namespace, place, run};
use crate::support::{holds_for, wait_for, write};

const MODEL: &str = "models/efficientnet-lite0-lite2";

/// The app's own files without one of `models` and `onnxruntime`.
pub(crate) fn resources_without(missing: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for part in ["models", "onnxruntime"].into_iter().filter(|part| *part != missing) {
        symlink(resources::folder().join(part).canonicalize().unwrap(), folder.path().join(part)).unwrap();
    }
    folder
}

/// The app's own files with a model that `change` spoils.
fn resources_with_model(change: impl FnOnce(&Path)) -> TempDir {
    let folder = resources_without("models");
    let model = folder.path().join(MODEL);
    std::fs::create_dir_all(&model).unwrap();
    for file in ["model.toml", "lite02_int8.onnx"] {
        std::fs::copy(resources::folder().join(MODEL).join(file), model.join(file)).unwrap();
    }
    change(&model);
    folder
}

fn status_when(open: &Open, what: &str, is_so: impl Fn(&IndexStatus) -> bool) -> IndexStatus {
    wait_for(what, || Some(open.library.index_status()).filter(|status| is_so(status)))
}

/// Indexes with these files of the app, then with the right ones.
fn thumbnails_at_least(resources: &TempDir) -> ErrorReport {
    let names = ["a.jpg", "b.jpg", "c.jpg", "d.jpg", "e.jpg", "f.jpg"];
    let home = Home::with(&names);
    let open = home.open_with(resources.path().to_owned());
    open.library.add_folders(&[home.photos()]).unwrap();
    let status = status_when(&open, "all thumbnails without the model", |status| {
        status.thumbnails == 6 && status.state == IndexState::Idle
    });
    assert_eq!((status.photos, status.embedded, status.failed), (6, 0, 0));
    let ids: Vec<_> = names.iter().map(|name| open.id(name).unwrap()).collect();
    assert!(ids.iter().all(|id| open.library.thumbnail(*id).is_ok()));
    let trouble = status.trouble.expect("a trouble");
    assert_eq!(trouble.code, ErrorCode::Model);
    drop(open);

    let open = home.open();
    let shown = open.has(&names);
    assert_eq!(names.map(|name| shown[name].id).to_vec(), ids);
    assert_eq!(status_when(&open, "no trouble", |status| status.embedded == 6).trouble, None);
    trouble
}

#[test]
fn without_the_model_there_are_thumbnails_and_a_message() {
    let trouble = thumbnails_at_least(&resources_without("models"));
    assert_eq!(trouble.reason.code, "model_unusable");
    assert!(trouble.reason.params["path"].to_string().ends_with("model.toml"), "{trouble:?}");
}

#[test]
fn without_onnx_runtime_there_are_thumbnails_and_a_message() {
    let trouble = thumbnails_at_least(&resources_without("onnxruntime"));
    assert_eq!(trouble.reason.code, "runtime_missing");
}

#[test]
fn with_a_damaged_model_there_are_thumbnails_and_a_message() {
    let trouble = thumbnails_at_least(&resources_with_model(|model| {
        let mut bytes = std::fs::read(model.join("lite02_int8.onnx")).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        std::fs::write(model.join("lite02_int8.onnx"), bytes).unwrap();
    }));
    assert_eq!(trouble.reason.code, "model_checksum");
}

#[test]
fn with_a_model_of_another_version_no_vectors_are_mixed() {
    let trouble = thumbnails_at_least(&resources_with_model(|model| {
        let text = std::fs::read_to_string(model.join("model.toml")).unwrap();
        assert!(text.contains("version = 1"));
        std::fs::write(model.join("model.toml"), text.replace("version = 1", "version = 2")).unwrap();
    }));
    assert_eq!(trouble.reason.code, "model_unexpected");
    assert_eq!(trouble.reason.params["found"].to_string(), "efficientnet-lite0-lite2@2");
}

/// Waits for the stop, checks what is told, and answers how many thumbnails there were.
fn stopped_by_the_disk(open: &Open) -> u32 {
    let status = status_when(open, "it stops", |status| status.state == IndexState::Stopped);
    let trouble = status.trouble.expect("a trouble");
    assert_eq!(trouble.code, ErrorCode::Disk, "{trouble:?}");
    assert!(["write_failed", "catalog_unwritable"].contains(&&*trouble.reason.code), "{trouble:?}");
    assert_eq!(status.failed, 0, "the photos are not to blame");
    open.idle();
    let thumbnails = open.library.index_status().thumbnails;
    holds_for(Duration::from_millis(500), "it stays stopped", || {
        open.library.index_status().thumbnails == thumbnails
    });
    thumbnails
}

#[test]
fn thumbnails_that_cannot_be_written_stop_the_work_until_they_can() {
    let names = ["a.jpg", "b.jpg", "c.jpg"];
    let home = Home::with(&names);
    // A file where the folder of thumbnails belongs.
    write(&home.data().join("thumbnails"), b"");
    let open = home.open();
    open.library.add_folders(&[home.photos()]).unwrap();
    assert_eq!(stopped_by_the_disk(&open), 0);
    assert_eq!(open.names(), names, "the photos are listed all the same");
    std::fs::remove_file(home.data().join("thumbnails")).unwrap();
    open.library.resume_indexing().unwrap();
    open.has(&names);
    assert_eq!(open.library.index_status().trouble, None);
}

/// Runs one of the ignored tests below with `mount` mounted as a small disk of this size.
fn on_a_small_disk(test: &str, mount: &str, size: &str) {
    let script = format!("mkdir -p \"$1/{mount}\" && mount -t tmpfs -o size={size} tmpfs \"$1/{mount}\"");
    in_a_namespace(test, &script);
}

/// Fills a small disk, sees it told, makes it larger, and sees all completed.
fn fills_and_recovers(mount: &str) {
    let home = Home::new();
    let names: Vec<_> = (0..60).map(|number| format!("{number:02}.jpg")).collect();
    for (seed, name) in (300..).zip(&names) {
        home.put(name, seed);
    }
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    let open = home.open_at(place().join("data"));
    open.library.add_folders(&[home.photos()]).unwrap();
    let before = stopped_by_the_disk(&open);
    assert!(before < 60, "the disk was large enough for all");
    eprintln!("stopped after {before} thumbnails: {:?}", open.library.index_status().trouble);
    // Going on without space stops again.
    open.library.resume_indexing().unwrap();
    stopped_by_the_disk(&open);
    run("mount", &["-o", "remount,size=64m", place().join(mount).to_str().unwrap()]);
    open.library.resume_indexing().unwrap();
    open.has(&names);
    let after = open.library.index_status();
    assert_eq!((after.trouble, after.failed, after.embedded), (None, 0, 60));
    let halves = leftovers(&place().join("data/thumbnails"));
    assert!(halves.is_empty(), "half files are left: {halves:?}");
}

/// Files that are no thumbnails.
fn leftovers(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            found.extend(leftovers(&entry));
        } else if entry.extension().is_none_or(|ending| ending != "jpg") {
            found.push(entry);
        }
    }
    found
}

#[test]
fn a_full_disk_for_thumbnails_is_told_and_loses_nothing() {
    on_a_small_disk("faults::inside_a_full_disk_for_thumbnails", "data/thumbnails", "160k");
}

#[test]
#[ignore = "runs inside a_full_disk_for_thumbnails_is_told_and_loses_nothing"]
fn inside_a_full_disk_for_thumbnails() {
    fills_and_recovers("data/thumbnails");
}

#[test]
fn a_full_disk_for_the_catalogue_is_told_and_loses_nothing() {
    on_a_small_disk("faults::inside_a_full_disk_for_the_catalogue", "data", "420k");
}

#[test]
#[ignore = "runs inside a_full_disk_for_the_catalogue_is_told_and_loses_nothing"]
fn inside_a_full_disk_for_the_catalogue() {
    fills_and_recovers("data");
}
