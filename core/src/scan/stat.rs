//! Size and time of files.

use std::fs::Metadata;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A file that changed less than this ago may be half-written.
pub const YOUNG: Duration = Duration::from_secs(10);

/// Size and time of a file: together they show whether it changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stat {
    /// Size in bytes.
    pub size: u64,
    /// Time of the last change, in nanoseconds since 1970.
    pub modified: i64,
}

impl Stat {
    /// Reads both from the system's answer.
    pub fn of(metadata: &Metadata) -> Self {
        let modified = metadata
            .modified()
            .ok()
            .and_then(|time| time.duration_since(UNIX_EPOCH).ok())
            .and_then(|elapsed| i64::try_from(elapsed.as_nanos()).ok());
        Self { size: metadata.len(), modified: modified.unwrap_or(0) }
    }

    /// Whether the file changed so lately that its writer may not be done.
    pub fn is_young(&self) -> bool {
        let modified = UNIX_EPOCH + Duration::from_nanos(u64::try_from(self.modified).unwrap_or(0));
        SystemTime::now().duration_since(modified).is_ok_and(|age| age < YOUNG)
    }

    /// Asks the system about a file; `None` when it is not there or is not a file.
    pub fn read(path: &Path) -> Option<Self> {
        let metadata = std::fs::metadata(path).ok()?;
        metadata.is_file().then(|| Self::of(&metadata))
    }
}
