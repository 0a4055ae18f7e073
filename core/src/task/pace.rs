//! How fast the work goes, and how long the rest takes.

use std::collections::VecDeque;

/// The pace is that of the last part of the time so far ...
const PART: f64 = 0.5;
/// ... and of this many seconds at least.
const LEAST: f64 = 20.0;
/// Before that there is nothing to go by, in seconds.
const FIRST: f64 = 1.0;

/// Work done over time, in any unit of work.
#[derive(Debug, Default)]
pub(crate) struct Pace {
    /// What had been done at the begin.
    before: Option<u64>,
    samples: VecDeque<(f64, u64)>,
}

impl Pace {
    /// Notes that `done` was done `at` seconds after the begin.
    pub(crate) fn note(&mut self, at: f64, done: u64) {
        // Until something is done the work only starts up, which says nothing of its pace.
        if done == *self.before.get_or_insert(done) {
            return;
        }
        self.samples.push_back((at, done));
        let from = at - (at * PART).max(LEAST);
        // One sample before the part stays, so that the part is whole.
        while self.samples.get(1).is_some_and(|(second, _)| *second <= from) {
            self.samples.pop_front();
        }
    }

    /// Seconds that `left` takes at this pace, once that can be estimated.
    pub(crate) fn seconds_for(&self, left: u64) -> Option<f64> {
        let ((begin, before), (end, after)) = (*self.samples.front()?, *self.samples.back()?);
        let (seconds, done) = (end - begin, (after - before) as f64);
        (seconds >= FIRST && done > 0.0).then(|| left as f64 * seconds / done)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One photo: what it truly takes in seconds, and the cost that the catalogue gives it.
    type Photo = (f64, u64);

    /// Runs through the photos, asks each 0.8 s from 5 % of the photos on until 3 s before the end, and answers by how
    /// much the answers were wrong at most. The work begins after `start` seconds; `speed` says how fast the machine
    /// is at a moment.
    fn worst(photos: &[Photo], start: f64, speed: impl Fn(f64) -> f64) -> f64 {
        let mut moments = vec![(0.0, 0), (start, 0)];
        let (mut now, mut done) = (start, 0);
        for (seconds, cost) in photos {
            now += seconds / speed(now);
            done += cost;
            moments.push((now, done));
        }
        let (end, total) = (now, done);
        let (mut pace, mut worst, mut asked) = (Pace::default(), 0.0_f64, -1.0);
        for (number, (at, done)) in moments.iter().enumerate() {
            if at - asked < 0.8 {
                continue;
            }
            asked = *at;
            pace.note(*at, *done);
            if number * 20 >= photos.len() && end - at > 3.0 {
                let told = pace.seconds_for(total - done).expect("after 5 % it can be told");
                worst = worst.max((told / (end - at) - 1.0).abs());
            }
        }
        worst
    }

    /// A JPEG of some megabytes: as the costs of the catalogue say, and what it truly takes with `error`.
    fn jpeg(megabytes: f64, error: f64) -> Photo {
        let cost = 15e6 + megabytes * 10e6;
        (cost * 1e-9 * error, cost as u64)
    }

    fn heic(megabytes: f64, error: f64) -> Photo {
        let cost = 15e6 + megabytes * 200e6;
        (cost * 1e-9 * error, cost as u64)
    }

    /// 0 to 1, the same for the same number.
    fn random(number: u32) -> f64 {
        f64::from(number.wrapping_mul(2_654_435_761) >> 8) / f64::from(1_u32 << 24)
    }

    #[test]
    fn even_work_is_told_right_after_the_start() {
        let photos: Vec<_> = (0..2000).map(|_| jpeg(3.0, 1.0)).collect();
        let worst = worst(&photos, 0.5, |_| 1.0);
        assert!(worst < 0.05, "{worst}");
    }

    #[test]
    fn a_slow_start_does_not_make_the_rest_look_slow() {
        let photos: Vec<_> = (0..2000).map(|_| jpeg(3.0, 1.0)).collect();
        let worst = worst(&photos, 20.0, |_| 1.0);
        assert!(worst < 0.1, "{worst}");
    }

    #[test]
    fn small_old_photos_after_large_new_ones_are_told_right() {
        let photos: Vec<_> = (0..3000).map(|n| jpeg(9.0 - f64::from(n) * 0.003 + random(n), 1.0)).collect();
        let worst = worst(&photos, 1.0, |_| 1.0);
        assert!(worst < 0.1, "{worst}");
    }

    #[test]
    fn slow_kinds_first_are_told_right_even_when_they_are_quicker_than_thought() {
        let slow = (0..400).map(|n| heic(1.5 + random(n), 0.8));
        let photos: Vec<_> = slow.chain((0..4000).map(|n| jpeg(2.0 + 2.0 * random(n), 1.0))).collect();
        let worst = worst(&photos, 1.0, |_| 1.0);
        assert!(worst < 0.3, "{worst}");
    }

    #[test]
    fn a_count_of_photos_would_be_wrong_there() {
        let slow = (0..400).map(|n| (heic(1.5 + random(n), 1.0).0, 1));
        let photos: Vec<_> = slow.chain((0..4000).map(|n| (jpeg(2.0 + 2.0 * random(n), 1.0).0, 1))).collect();
        assert!(worst(&photos, 1.0, |_| 1.0) > 1.0);
    }

    #[test]
    fn photos_that_take_three_times_as_long_at_random_and_a_busy_machine_are_told_right() {
        let each = |n| jpeg(3.0, if random(n) < 0.2 { 3.0 } else { 1.0 });
        let photos: Vec<_> = (0..4000).map(each).collect();
        let worst = worst(&photos, 2.0, |now| 1.0 + 0.3 * (now * 0.5).sin());
        assert!(worst < 0.3, "{worst}");
    }
}
