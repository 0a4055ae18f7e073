//! What a worker may not do. Unix only; elsewhere it is just a process of its own.

#[cfg(unix)]
use rustix::process::Resource;
use serde::{Deserialize, Serialize};

use crate::types::Confinement;
#[cfg(unix)]
use crate::types::Fence;

/// What decoding one file may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Memory of the worker.
    pub megabytes: u64,
    /// Time of the processor, all threads together.
    pub seconds: u64,
}

impl Default for Limits {
    /// A progressive JPEG of 200 megapixels without subsampling takes 1.2 GB for its coefficients; a PNG of 768 MB
    /// takes its pixels once more to lay them on white.
    fn default() -> Self {
        Self { megabytes: 2048, seconds: 30 }
    }
}

/// Gives up, for good, what decoding does not need. Returns what is in force from now on.
#[cfg(unix)]
pub(super) fn sandbox() -> Confinement {
    use rustix::process::{Rlimit, setrlimit};
    let nothing = || Rlimit { current: Some(0), maximum: Some(0) };
    for resource in [Resource::Core, Resource::Fsize] {
        // Lowering one's own limits is always allowed.
        let _ = setrlimit(resource, nothing());
    }
    let mut holds = Vec::new();
    holds.extend(keeps_memory_limit().then_some(Fence::Memory));
    holds.extend(limit(Resource::Cpu, Limits::default().seconds).then_some(Fence::Processor));
    let landlock = take_more(&mut holds);
    end_with_parent();
    Confinement::of(landlock, &holds)
}

/// What Linux can take beside limits. Returns the version of Landlock.
#[cfg(target_os = "linux")]
fn take_more(holds: &mut Vec<Fence>) -> u32 {
    let landlock = super::landlock::leave();
    holds.extend(super::landlock::kept_away(landlock));
    holds.extend(super::calls::leave().then_some(Fence::Calls));
    landlock
}

#[cfg(all(unix, not(target_os = "linux")))]
fn take_more(_: &mut Vec<Fence>) -> u32 {
    0
}

/// Memory of the process. On Linux data means private memory of any kind, and leaves out the libraries that are mapped.
#[cfg(unix)]
const MEMORY: Resource = if cfg!(target_os = "linux") { Resource::Data } else { Resource::As };

/// Whether the system refuses memory above the limit. Some know the limit and do not keep it.
#[cfg(unix)]
fn keeps_memory_limit() -> bool {
    use rustix::process::{getrlimit, setrlimit};
    const SMALL: usize = 64 << 20;
    let before = getrlimit(MEMORY);
    let is_refused = limit(MEMORY, SMALL as u64) && {
        let mut large = Vec::<u8>::new();
        let refused = large.try_reserve_exact(2 * SMALL);
        std::hint::black_box(&large);
        refused.is_err()
    };
    // No lower than it was, so it cannot fail.
    let _ = setrlimit(MEMORY, before);
    is_refused
}

/// Sets a limit that can be raised again; never above what is allowed. Returns whether it is in force.
#[cfg(unix)]
fn limit(resource: Resource, value: u64) -> bool {
    use rustix::process::{Rlimit, getrlimit, setrlimit};
    let maximum = getrlimit(resource).maximum;
    let current = Some(maximum.map_or(value, |most| value.min(most)));
    setrlimit(resource, Rlimit { current, maximum }).is_ok() && getrlimit(resource).current == current
}

/// Ends this process as soon as the other side closes the pipe, also in the middle of a file. (The kernel's death
/// signal would come when the thread ends that started us, not the process.)
#[cfg(unix)]
fn end_with_parent() {
    use rustix::event::{PollFd, PollFlags, poll};
    std::thread::spawn(|| {
        let input = std::io::stdin();
        // Nothing is asked for, so only the other side's end wakes this.
        while poll(&mut [PollFd::new(&input, PollFlags::empty())], None).is_err() {}
        std::process::exit(0);
    });
}

/// Sets the limits for the next file. The processor's time counts from now.
#[cfg(unix)]
pub(super) fn set(limits: Limits) {
    use rustix::process::{Rlimit, getrlimit, setrlimit};
    use rustix::time::{ClockId, clock_gettime};
    let used = u64::try_from(clock_gettime(ClockId::ProcessCPUTime).tv_sec).unwrap_or(0);
    // The time adds up, so its end must stay open.
    limit(Resource::Cpu, used + limits.seconds + 1);
    limit(MEMORY, limits.megabytes << 20);
    // The first file's memory is the most for good.
    let current = getrlimit(MEMORY).current;
    let _ = setrlimit(MEMORY, Rlimit { current, maximum: current });
}

#[cfg(not(unix))]
pub(super) fn sandbox() -> Confinement {
    Confinement::of(0, &[])
}

#[cfg(not(unix))]
pub(super) fn set(_: Limits) {}
