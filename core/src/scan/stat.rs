//! Size and time of files.

use std::fs::Metadata;
use std::path::Path;
use std::time::{Duration, SystemTime};

use jiff::{SignedDuration, Timestamp};

/// A file that changed less than this ago may be half-written.
pub const YOUNG: Duration = Duration::from_secs(10);

/// Nanoseconds in 64 bits reach from 1677 to 2262. Times before and after are kept in seconds, in the first hour of that
/// range: no file has such a time but by this.
const FAR: i64 = i64::MIN + FAR_ZERO;
/// The second of 1970 in that hour: there is room for thirty thousand years on both sides.
const FAR_ZERO: i64 = 1 << 40;

/// Size and time of a file: together they show whether it changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stat {
    /// Size in bytes.
    pub size: u64,
    /// Time of the last change: nanoseconds since 1970, or what [`Self::time`] reads.
    pub modified: i64,
}

impl Stat {
    /// Reads both from the system's answer.
    pub fn of(metadata: &Metadata) -> Self {
        let since_1970 = metadata.modified().map(|time| match time.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(after) => SignedDuration::try_from(after).unwrap_or(SignedDuration::MAX),
            Err(before) => {
                SignedDuration::try_from(before.duration()).map_or(SignedDuration::MIN, |before| -before)
            }
        });
        Self { size: metadata.len(), modified: since_1970.map_or(0, stored) }
    }

    /// The time of the last change. `None` beyond the calendar.
    pub fn time(&self) -> Option<Timestamp> {
        if self.modified < FAR + FAR_ZERO {
            return Timestamp::from_second(self.modified - FAR).ok();
        }
        Timestamp::from_nanosecond(i128::from(self.modified)).ok()
    }

    /// Whether the file changed so lately that its writer may not be done.
    pub fn is_young(&self) -> bool {
        let age = self.time().map(|modified| Timestamp::now().duration_since(modified));
        age.is_some_and(|age| !age.is_negative() && age.unsigned_abs() < YOUNG)
    }

    /// Asks the system about a file; `None` when it is not there or is not a file.
    pub fn read(path: &Path) -> Option<Self> {
        let metadata = std::fs::metadata(path).ok()?;
        metadata.is_file().then(|| Self::of(&metadata))
    }
}

fn stored(since_1970: SignedDuration) -> i64 {
    match i64::try_from(since_1970.as_nanos()) {
        Ok(nanoseconds) if nanoseconds >= FAR + FAR_ZERO => nanoseconds,
        _ => FAR + since_1970.as_secs().clamp(1 - FAR_ZERO, FAR_ZERO - 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_all_centuries_are_kept_and_differ() {
        let mut kept = Vec::new();
        for year in [-5000, 1, 1600, 1676, 1678, 1826, 1965, 1966, 1970, 2026, 2261, 2263, 2446, 2447, 9999] {
            let time = jiff::civil::date(year, 3, 4)
                .at(5, 6, 7, 0)
                .to_zoned(jiff::tz::TimeZone::UTC)
                .unwrap()
                .timestamp();
            let modified = stored(time.as_duration());
            assert_eq!(Stat { size: 1, modified }.time(), Some(time), "{year}");
            assert!(!kept.contains(&modified));
            kept.push(modified);
        }
        let fine = SignedDuration::new(-5, -250);
        assert_eq!(stored(fine), -5_000_000_250);
        for far in [SignedDuration::MIN, SignedDuration::MAX] {
            assert_eq!(Stat { size: 1, modified: stored(far) }.time(), None);
        }
    }

    #[test]
    fn only_what_changed_a_moment_ago_is_young() {
        let of = |seconds: i64| {
            let time = Timestamp::now() + SignedDuration::from_secs(seconds);
            Stat { size: 1, modified: stored(time.as_duration()) }.is_young()
        };
        assert_eq!([of(0), of(-5), of(-60), of(3600)], [true, true, false, false]);
        assert!(!Stat { size: 1, modified: stored(SignedDuration::from_secs(-157_000_000)) }.is_young());
    }
}
