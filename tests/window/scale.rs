//! What a large library costs in the window: `make bench-scale` runs this, on libraries that it made.

use std::path::{Path, PathBuf};

use serde_json::json;

use crate::stage::Stage;
use crate::support::Window;

const MOST_THUMBNAILS: usize = 300;

/// Prints a row of the table of docs/decisions/0013-pages.md.
#[test]
#[ignore = "measures; run by scripts/bench-scale.sh"]
fn a_library_in_the_window() {
    let stage = bench_stage();
    // The first time warms what the system caches of the files.
    drop(first_tiles(&stage).0);
    let (window, first) = first_tiles(&stage);
    let photos = window.layout_length();
    let open = proportional_megabytes(window.process());
    let end = window.seconds_to_oldest(photos);
    let (median, p95) = window.thumbnail_times();
    let scrolled = proportional_megabytes(window.process());
    eprintln!(
        "| {photos} | {first:.2} | {open:.0} | {scrolled:.0} | {end:.2} | {median:.0}, {p95:.0} | {:.1} |",
        load()
    );
}

/// How the grid of the library that `FOTONOVELA_BENCH_LIBRARY` names moves: prints a row of docs/guide/scale.md.
#[test]
#[ignore = "measures; run by scripts/bench-scale.sh"]
fn the_grid_of_a_library_moves() {
    let stage = bench_stage();
    let (window, _) = first_tiles(&stage);
    let photos = window.layout_length();
    let frames: Vec<f64> = window.promise(FRAMES, json!([]));
    let cells: Vec<_> = frames.iter().map(|milliseconds| format!("{milliseconds:.0}")).collect();
    eprintln!("| WebKitGTK, {photos} | {} | {:.1} |", cells.join(" | "), load());
}

/// The 95th percentile of a frame in milliseconds at 600, 3,000, 12,000 and 60,000 pixels a second, and after a jump. The same
/// runs in Chromium.
const FRAMES: &str = concat!("return ", include_str!("../../ui/tests/frames.js"));

/// A stage whose library is the one that `FOTONOVELA_BENCH_LIBRARY` names.
fn bench_stage() -> Stage {
    let library = std::env::var_os("FOTONOVELA_BENCH_LIBRARY").expect("FOTONOVELA_BENCH_LIBRARY names one");
    let stage = Stage::empty();
    std::fs::remove_dir(stage.library()).unwrap();
    std::os::unix::fs::symlink(PathBuf::from(library), stage.library()).unwrap();
    stage
}

/// Opens the window and returns the seconds from the start of the program to the first picture in the grid.
fn first_tiles(stage: &Stage) -> (Window, f64) {
    let window = stage.open();
    window.until("the first tiles are there", || window.first_tile().is_some());
    let shown = window.first_tile().expect("it was there");
    let seconds = shown / 1000.0 - begun(window.process());
    (window, seconds)
}

impl Window {
    /// When the first picture of the grid was shown, in milliseconds since 1970.
    fn first_tile(&self) -> Option<f64> {
        self.js(
            "const [mark] = performance.getEntriesByName('first-tile');
             return mark === undefined ? null : performance.timeOrigin + mark.startTime",
            json!([]),
        )
    }

    fn layout_length(&self) -> usize {
        self.promise(
            "const bytes = await window.__TAURI_INTERNALS__.invoke('photo_layout', { query: {} });
             return new Uint32Array(bytes, 8, 1)[0]",
            json!([]),
        )
    }

    /// From the key End to the tile of the oldest photo.
    fn seconds_to_oldest(&self, photos: usize) -> f64 {
        let milliseconds: f64 = self.promise(
            "const begun = performance.now();
             document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'End', bubbles: true }));
             while (document.querySelector(`[aria-posinset='${arguments[0]}'] .ellipsis`) === null)
               await new Promise(requestAnimationFrame);
             return performance.now() - begun",
            json!([photos]),
        );
        milliseconds / 1000.0
    }

    /// Median and 95th percentile of a thumbnail's way to the page in milliseconds, six at a time.
    fn thumbnail_times(&self) -> (f64, f64) {
        let mut times: Vec<f64> = self.promise(
            "const bytes = await window.__TAURI_INTERNALS__.invoke('photo_layout', { query: { limit: arguments[0] } });
             const [count] = new Uint32Array(bytes, 8, 1);
             const ids = [...new Uint32Array(bytes, 16 + 8 * count, count)];
             const times = [];
             const next = async () => {
               for (let id = ids.pop(); id !== undefined; id = ids.pop()) {
                 const image = new Image();
                 const begun = performance.now();
                 image.src = `thumb://localhost/${id}?v=bench`;
                 await image.decode();
                 times.push(performance.now() - begun);
               }
             };
             await Promise.all(Array.from({ length: 6 }, next));
             return times",
            json!([MOST_THUMBNAILS]),
        );
        times.sort_by(f64::total_cmp);
        (times[times.len() / 2], times[times.len() * 95 / 100])
    }
}

/// When a process began, in seconds since 1970.
fn begun(process: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    let ticks: f64 = stat.rsplit_once(')').unwrap().1.split_whitespace().nth(19).unwrap().parse().unwrap();
    let uptime = std::fs::read_to_string("/proc/uptime").unwrap();
    let uptime: f64 = uptime.split_whitespace().next().unwrap().parse().unwrap();
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs_f64();
    now - (uptime - ticks / 100.0)
}

/// The proportional set size of a process and all that it started, in megabytes.
fn proportional_megabytes(process: u32) -> f64 {
    let rollup = std::fs::read_to_string(format!("/proc/{process}/smaps_rollup")).unwrap_or_default();
    let line = rollup.lines().find(|line| line.starts_with("Pss:"));
    let kilobytes: f64 =
        line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok()).unwrap_or_default();
    kilobytes / 1024.0 + children(process).into_iter().map(proportional_megabytes).sum::<f64>()
}

fn children(process: u32) -> Vec<u32> {
    let threads = std::fs::read_dir(Path::new("/proc").join(process.to_string()).join("task"));
    let of_thread = |thread: std::fs::DirEntry| {
        std::fs::read_to_string(thread.path().join("children")).unwrap_or_default()
    };
    let all: String = threads.into_iter().flatten().flatten().map(of_thread).collect();
    all.split_whitespace().map(|child| child.parse().unwrap()).collect()
}

/// The load average of the last minute.
fn load() -> f64 {
    let load = std::fs::read_to_string("/proc/loadavg").unwrap();
    load.split_whitespace().next().unwrap().parse().unwrap()
}
