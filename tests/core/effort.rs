//! Indexing that is paused, goes on, and takes less or more of the machine.

use std::time::Duration;

use fotonovela_core::settings::Settings;
use fotonovela_core::types::{Effort, IndexState};

use crate::home::Home;
use crate::support::{holds_for, wait_for};

#[test]
fn stop_stops_and_resume_finishes_the_rest_once() {
    let home = Home::new();
    let names: Vec<_> = (0..80).map(|number| format!("{number:03}.jpg")).collect();
    for (seed, name) in (100..).zip(&names) {
        home.put(name, seed);
    }
    let open = home.open();
    open.library.add_folders(&[home.photos()]).unwrap();
    wait_for("a first photo", || (open.finished() > 0).then_some(()));
    open.library.pause_indexing().unwrap();
    open.idle();
    let stopped_at = open.finished();
    assert!(stopped_at < 80, "all were done before the stop came");
    wait_for("it says so", || (open.library.index_status().state == IndexState::Stopped).then_some(()));
    holds_for(Duration::from_secs(1), "nothing more is done", || open.finished() == stopped_at);
    open.library.resume_indexing().unwrap();
    open.has(&names.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(open.finished(), 80, "none was done twice");
}

#[test]
fn a_pause_survives_a_restart() {
    let home = Home::with(&["a.jpg"]);
    let (open, before) = home.index(&["a.jpg"]);
    open.library.pause_indexing().unwrap();
    drop(open);
    home.put("b.jpg", 2);
    let open = home.open();
    wait_for("it says so", || (open.library.index_status().state == IndexState::Stopped).then_some(()));
    holds_for(Duration::from_secs(1), "nothing is done", || open.names() == ["a.jpg"]);
    assert_eq!(open.finished(), 0);
    open.library.resume_indexing().unwrap();
    assert_eq!(open.has(&["a.jpg", "b.jpg"])["a.jpg"], before["a.jpg"]);
    home.put("c.jpg", 3);
    open.has(&["a.jpg", "b.jpg", "c.jpg"]);
    drop(open);
    assert_eq!(home.open().has(&["a.jpg", "b.jpg", "c.jpg"]).len(), 3, "going on survives it too");
}

#[test]
fn the_effort_can_change_while_it_works_and_nothing_is_done_twice() {
    let home = Home::new();
    let names: Vec<_> = (0..60).map(|number| format!("{number:02}.jpg")).collect();
    for (seed, name) in (700..).zip(&names) {
        home.put(name, seed);
    }
    let open = home.open();
    open.library.add_folders(&[home.photos()]).unwrap();
    for (effort, least) in
        [(Effort::Gentle, 5), (Effort::Normal, 15), (Effort::Full, 25), (Effort::Gentle, 35)]
    {
        open.library.save_settings(Settings { effort, ..open.library.settings() }).unwrap();
        wait_for("some are done", || (open.finished() >= least).then_some(()));
        // The workers of before finish what is under way, which may be some photos.
        wait_for(&format!("workers with effort {effort:?}"), || {
            let (own, niceness) = niceness();
            // Where this test itself is nice, its workers are no less so.
            let expected = own.max(match effort {
                Effort::Gentle => 19,
                Effort::Normal => 10,
                Effort::Full => 0,
            });
            niceness.contains(&expected).then_some(())
        });
    }
    open.has(&names.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(open.finished(), 60);
}

/// How nice this process is, and the threads of all workers in it. Other tests have workers too.
fn niceness() -> (i32, Vec<i32>) {
    // Field 19 of proc_pid_stat(5), the 17th after the name.
    let nice = |stat: &str| stat.rsplit_once(')')?.1.split_whitespace().nth(16)?.parse().ok();
    let task = |entry: std::fs::DirEntry| {
        let stat = std::fs::read_to_string(entry.path().join("stat")).ok()?;
        stat.contains("(work-").then(|| nice(&stat))?
    };
    let own = nice(&std::fs::read_to_string("/proc/self/stat").unwrap()).unwrap();
    (own, std::fs::read_dir("/proc/self/task").unwrap().flatten().filter_map(task).collect())
}
