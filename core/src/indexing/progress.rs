//! How far the indexing is, reported when it changes: counts, speed and time left.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crate::catalog::Catalog;
use crate::indexing::passes::Passes;
use crate::indexing::pipeline::Pipeline;
use crate::task::pace::Pace;
use crate::types::{Event, EventSink, Folder, IndexState, IndexStatus};

/// Speed is the mean over this long.
const WINDOW: Duration = Duration::from_secs(5);

/// Counting reads the whole catalogue (45 ms for 100,000 photos), so it is done this often at most.
const COUNTING: Duration = Duration::from_millis(800);

/// What is left is added up this often, and when photos came: that reads as much as counting does.
const RECOUNT_LEFT: Duration = Duration::from_secs(10);

/// What the progress is read from.
#[derive(Clone, Copy)]
pub(crate) struct Sources<'a> {
    pub(crate) catalog: &'a Catalog,
    pub(crate) passes: &'a Passes,
    pub(crate) pipeline: &'a Pipeline,
    /// Whether folders are being scanned.
    pub(crate) is_scanning: bool,
}

/// Remembers what was reported last.
#[derive(Default)]
pub(crate) struct Reporter {
    status: Option<IndexStatus>,
    /// The revision that was reported last.
    reported: i64,
    /// The revision that was counted last, and when.
    counted: i64,
    counted_at: Option<Instant>,
    folders: Vec<Folder>,
    samples: VecDeque<(Instant, u64)>,
    pace: Pace,
    began: Option<Instant>,
    left: Option<Left>,
}

/// What was left when it was added up.
struct Left {
    cost: u64,
    done: u64,
    photos: u32,
    at: Instant,
}

impl Left {
    /// Whether it has to be added up again, now that there are so many photos.
    fn is_old(&self, photos: u32) -> bool {
        self.photos != photos || self.at.elapsed() >= RECOUNT_LEFT
    }

    fn cost_after(&self, done: u64) -> u64 {
        self.cost.saturating_sub(done - self.done)
    }
}

impl Reporter {
    /// Sends an event for what is new. Returns the status if it changed.
    pub(crate) fn report(&mut self, sources: Sources<'_>, on_event: &EventSink) -> Option<IndexStatus> {
        let revision = sources.catalog.revision();
        if revision != self.reported {
            self.reported = revision;
            on_event(Event::Photos { revision });
        }
        let state = state_now(sources);
        let is_new_state = self.status.as_ref().is_none_or(|status| status.state != state);
        let may_differ = revision != self.counted || state != IndexState::Idle;
        let is_due = self.counted_at.is_none_or(|at| at.elapsed() >= COUNTING);
        let must_recount = is_new_state || (may_differ && is_due);
        if !must_recount {
            return None;
        }
        (self.counted, self.counted_at) = (revision, Some(Instant::now()));
        self.notify_folders(sources, on_event);
        let status = self.measure(sources, state)?;
        if self.status.as_ref() == Some(&status) {
            return None;
        }
        self.status = Some(status.clone());
        on_event(Event::Index { status: status.clone() });
        Some(status)
    }

    fn notify_folders(&mut self, sources: Sources<'_>, on_event: &EventSink) {
        let Ok(folders) = sources.catalog.folders() else { return };
        if folders != self.folders {
            self.folders = folders;
            on_event(Event::Folders);
        }
    }

    fn measure(&mut self, sources: Sources<'_>, state: IndexState) -> Option<IndexStatus> {
        let now = status_now(sources)?;
        if !matches!(state, IndexState::Scanning | IndexState::Working) {
            (self.pace, self.began, self.left) = (Pace::default(), None, None);
            return Some(IndexStatus { state, ..now });
        }
        let photos_per_second = self.speed(sources.pipeline.finished());
        let done = sources.pipeline.cost();
        let began = *self.began.get_or_insert_with(Instant::now);
        self.pace.note(began.elapsed().as_secs_f64(), done);
        let eta_seconds =
            if state == IndexState::Working { self.seconds_left(sources, done, now.photos) } else { None };
        Some(IndexStatus { state, photos_per_second, eta_seconds, ..now })
    }

    fn seconds_left(&mut self, sources: Sources<'_>, done: u64, photos: u32) -> Option<u32> {
        if self.left.as_ref().is_none_or(|left| left.is_old(photos)) {
            let stages = sources.passes.stages().ok()?;
            let costs = stages.iter().map(|stage| sources.catalog.pending_cost(stage));
            let cost = costs.sum::<crate::error::Result<u64>>().ok()?;
            self.left = Some(Left { cost, done, photos, at: Instant::now() });
        }
        let seconds = self.pace.seconds_for(self.left.as_ref()?.cost_after(done))?;
        // Whole seconds are all that is shown; the cast saturates.
        Some(seconds.ceil() as u32)
    }

    fn speed(&mut self, finished: u64) -> f32 {
        let now = Instant::now();
        self.samples.push_back((now, finished));
        while self.samples.front().is_some_and(|(at, _)| now - *at > WINDOW) {
            self.samples.pop_front();
        }
        let Some((first, before)) = self.samples.front() else { return 0.0 };
        let seconds = (now - *first).as_secs_f32();
        if seconds < 0.5 {
            return 0.0;
        }
        let speed = (finished - before) as f32 / seconds;
        (speed * 10.0).round() / 10.0
    }
}

/// How far the indexing is at this moment, without speed. `None` if the catalogue cannot be read.
pub(crate) fn status_now(sources: Sources<'_>) -> Option<IndexStatus> {
    let model = sources.passes.model_in_use();
    let counts = sources.catalog.counts(&model.id()).ok()?;
    let model_trouble = || model.trouble().filter(|_| counts.embedded < counts.photos);
    Some(IndexStatus {
        state: state_now(sources),
        photos: counts.photos,
        thumbnails: counts.thumbnails,
        embedded: counts.embedded,
        failed: counts.failed,
        other: sources.catalog.others(None).ok()?,
        passes: sources.passes.status(counts.failed).ok()?,
        photos_per_second: 0.0,
        eta_seconds: None,
        trouble: sources.pipeline.trouble().or_else(model_trouble),
    })
}

fn state_now(sources: Sources<'_>) -> IndexState {
    if sources.pipeline.is_stopped() {
        IndexState::Stopped
    } else if sources.is_scanning {
        IndexState::Scanning
    } else if sources.pipeline.is_idle() {
        IndexState::Idle
    } else {
        IndexState::Working
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn photos_that_came_are_part_of_what_is_left() {
        let left = Left { cost: 900, done: 100, photos: 20, at: Instant::now() };
        assert_eq!(left.cost_after(400), 600);
        assert!(!left.is_old(20));
        assert!(left.is_old(1600), "the sum lacks what came since");
    }
}
