//! Disks and shares that come and go, folders that cannot be written, and systems that watch no more. On real mounts, in
//! a namespace of its own.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use fotonovela_core::library::{Library, Options};
use fotonovela_core::platform::resources;
use fotonovela_core::types::{ErrorCode, FolderOptions, FolderState, IndexState};

use crate::home::{Home, Open};
use crate::support::{holds_for, photo, wait_for, write};

/// Runs one of the ignored tests of this program in a namespace of its own, after `prepare` (a line for the shell,
/// where `$1` is the folder that the test gets as [`place`]).
pub(crate) fn in_a_namespace(test: &str, prepare: &str) {
    if std::env::var_os("FOTONOVELA_TEST_NO_NAMESPACES").is_some() {
        eprintln!("NOT TESTED, as FOTONOVELA_TEST_NO_NAMESPACES asks: {test}");
        return;
    }
    let home = tempfile::tempdir().unwrap();
    let script = format!("{prepare} && exec \"$2\" --ignored --exact {test} --nocapture");
    let output = Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount", "sh", "-c", &script, "sh"])
        .args([home.path().as_os_str(), std::env::current_exe().unwrap().as_os_str()])
        .env("FOTONOVELA_TEST_DISK", home.path())
        .output()
        .unwrap();
    let text =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(
        output.status.success() && text.contains("1 passed"),
        "This test runs in a namespace of its own, to mount disks there. Where the system forbids that, set \
         FOTONOVELA_TEST_NO_NAMESPACES=1 to leave it out.\n{text}"
    );
}

/// The folder that [`in_a_namespace`] prepared.
pub(crate) fn place() -> PathBuf {
    PathBuf::from(std::env::var_os("FOTONOVELA_TEST_DISK").expect("run by its neighbour without `inside_`"))
}

pub(crate) fn run(program: &str, arguments: &[&str]) {
    let status = Command::new(program).args(arguments).status().unwrap();
    assert!(status.success(), "{program} {arguments:?}");
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn a_disk_that_is_taken_out_and_put_in_again_is_not_indexed_again() {
    in_a_namespace("places::inside_a_disk_that_is_taken_out", "true");
}

#[test]
#[ignore = "runs inside a_disk_that_is_taken_out_and_put_in_again_is_not_indexed_again"]
fn inside_a_disk_that_is_taken_out() {
    let home = Home::new();
    let disk = place();
    for seed in 1..=15 {
        write(&disk.join(format!("{seed:02}.jpg")), &photo(seed));
    }
    let names: Vec<_> = (1..=15).map(|seed| format!("{seed:02}.jpg")).collect();
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    let mount = || run("mount", &["--bind", text(&disk), text(&home.photos())]);
    mount();
    let (open, before) = home.index(&names);
    for round in 0..2 {
        run("umount", &[text(&home.photos())]);
        let folder = wait_for("a question", || {
            Some(open.folder()).filter(|folder| folder.state == FolderState::Asking && folder.missing == 15)
        });
        assert_eq!(folder.message.unwrap().code, "folder_asking", "round {round}");
        assert_eq!(open.has(&names), before, "its photos are kept");
        mount();
        open.online();
        assert_eq!(open.has(&names), before);
        assert_eq!((open.finished(), open.folder().missing), (15, 0), "round {round}: nothing is read again");
    }
    // It is watched again too, and a disk that is away at the start is no deletion either.
    write(&disk.join("new.jpg"), &photo(50));
    wait_for("the new photo", || open.id("new.jpg"));
    open.idle();
    run("umount", &[text(&home.photos())]);
    drop(open);
    let open = home.open();
    wait_for("a question", || (open.folder().state == FolderState::Asking).then_some(()));
    assert_eq!(open.names().len(), 16);
    mount();
    open.online();
    assert_eq!((open.names().len(), open.finished()), (16, 0));
}

/// How many folders this process watches.
fn inotify_watches() -> usize {
    let entries = std::fs::read_dir("/proc/self/fdinfo").unwrap().flatten();
    let texts = entries.filter_map(|entry| std::fs::read_to_string(entry.path()).ok());
    texts.map(|text| text.lines().filter(|line| line.starts_with("inotify wd:")).count()).sum()
}

#[test]
fn what_is_left_out_costs_no_watch() {
    in_a_namespace("places::inside_what_is_left_out_costs_no_watch", "true");
}

#[test]
#[ignore = "runs inside what_is_left_out_costs_no_watch"]
fn inside_what_is_left_out_costs_no_watch() {
    let home = Home::with(&["a.jpg", "x/b.jpg", "x/y/c.jpg"]);
    for number in 0..30 {
        home.put(&format!("drafts/{number}/d.jpg"), 100 + number);
        home.put(&format!("x/@eaDir/{number}/e.jpg"), 200 + number);
        home.put(&format!(".git/{number}/f.jpg"), 300 + number);
    }
    let open = home.open();
    let exclude = |patterns: &[&str]| FolderOptions {
        exclude: patterns.iter().map(|pattern| (*pattern).to_owned()).collect(),
        ..FolderOptions::default()
    };
    open.library.add_folders_that(&[home.photos()], |_| exclude(&["drafts/"])).unwrap();
    open.has(&["a.jpg", "x/b.jpg", "x/y/c.jpg"]);
    assert_eq!(inotify_watches(), 3, "one for each folder that is taken");
    let id = open.folder().id;
    open.library.set_folder_options(id, exclude(&["drafts/", "y/"])).unwrap();
    open.has(&["a.jpg", "x/b.jpg"]);
    assert_eq!(inotify_watches(), 2);
    open.library.remove_folder(id).unwrap();
    assert_eq!(inotify_watches(), 0);
}

#[test]
fn where_the_system_watches_no_more_folders_are_polled_and_it_is_told() {
    let script = "echo 4 > /proc/sys/user/max_inotify_watches";
    in_a_namespace("places::inside_a_system_that_watches_no_more", script);
}

#[test]
#[ignore = "runs inside where_the_system_watches_no_more_folders_are_polled_and_it_is_told"]
fn inside_a_system_that_watches_no_more() {
    let names: Vec<_> = (0..10).map(|number| format!("{number}/a.jpg")).collect();
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    let home = Home::with(&names);
    let (open, before) = home.index(&names);
    let message = wait_for("it is told", || open.folder().message);
    assert_eq!(
        message.to_string(),
        "folder_polled command=sudo sysctl fs.inotify.max_user_watches=1048576 folders=7",
        "one for the root and three of ten are watched"
    );
    assert_eq!(open.folder().state, FolderState::Online);
    // Changes are found all the same, in those that are watched and in those that are not.
    let mut all: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
    for number in 0..10 {
        home.put(&format!("{number}/new/deep.jpg"), 100 + number);
        all.push(format!("{number}/new/deep.jpg"));
    }
    home.rename("9/a.jpg", "8/b.jpg");
    all.retain(|name| name != "9/a.jpg");
    all.push("8/b.jpg".into());
    let after = open.has(&all.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(after["8/b.jpg"], before["9/a.jpg"]);
    assert_eq!(open.finished(), 20);
    // Once the limit is raised, nothing is left to tell.
    std::fs::write("/proc/sys/user/max_inotify_watches", "1000").unwrap();
    wait_for("all are watched", || open.folder().message.is_none().then_some(()));
    assert_eq!(inotify_watches(), 21);
}

#[test]
fn a_data_folder_that_cannot_be_written_is_told() {
    let script = "mkdir \"$1/data\" && mount -t tmpfs tmpfs \"$1/data\"";
    in_a_namespace("places::inside_a_data_folder_that_cannot_be_written", script);
}

#[test]
#[ignore = "runs inside a_data_folder_that_cannot_be_written_is_told"]
fn inside_a_data_folder_that_cannot_be_written() {
    let home = Home::with(&["a.jpg"]);
    let data = place().join("data");
    let open = home.open_at(data.clone());
    open.library.add_folders(&[home.photos()]).unwrap();
    let before = open.has(&["a.jpg"]);
    drop(open);
    run("mount", &["-o", "remount,ro", text(&data)]);
    let Err(refused) = Library::open(Options::new(data.clone(), resources::folder())) else {
        panic!("it was opened");
    };
    let report = refused.report();
    assert_eq!(report.code, ErrorCode::Disk, "{report:?}");
    assert!(["write_failed", "catalog_unwritable"].contains(&&*report.reason.code), "{report:?}");
    run("mount", &["-o", "remount,rw", text(&data)]);
    assert_eq!(home.open_at(data).has(&["a.jpg"]), before);
}

#[test]
fn thumbnails_that_become_read_only_stop_the_work_until_they_are_not() {
    let script = "mkdir -p \"$1/data/thumbnails\" && mount -t tmpfs tmpfs \"$1/data/thumbnails\"";
    in_a_namespace("places::inside_thumbnails_that_become_read_only", script);
}

#[test]
#[ignore = "runs inside thumbnails_that_become_read_only_stop_the_work_until_they_are_not"]
fn inside_thumbnails_that_become_read_only() {
    let home = Home::with(&["a.jpg"]);
    let thumbnails = place().join("data/thumbnails");
    let open: Open = home.open_at(place().join("data"));
    open.library.add_folders(&[home.photos()]).unwrap();
    let before = open.has(&["a.jpg"]);
    run("mount", &["-o", "remount,ro", text(&thumbnails)]);
    home.put("b.jpg", 2);
    let status = wait_for("it stops", || {
        Some(open.library.index_status()).filter(|status| status.state == IndexState::Stopped)
    });
    let trouble = status.trouble.unwrap();
    assert_eq!((trouble.code, status.failed), (ErrorCode::Disk, 0), "{trouble:?}");
    assert!(open.library.thumbnail(before["a.jpg"].id).is_ok(), "what there is is shown");
    holds_for(Duration::from_millis(500), "the photo is listed", || open.names() == ["a.jpg", "b.jpg"]);
    run("mount", &["-o", "remount,rw", text(&thumbnails)]);
    open.library.resume_indexing().unwrap();
    assert_eq!(open.has(&["a.jpg", "b.jpg"])["a.jpg"], before["a.jpg"]);
}
