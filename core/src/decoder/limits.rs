//! What a worker may not do. Unix only; elsewhere it is just a process of its own.

use serde::{Deserialize, Serialize};

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

/// Gives up, for good, what decoding does not need.
#[cfg(unix)]
pub(super) fn sandbox() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let nothing = || Rlimit { current: Some(0), maximum: Some(0) };
    for resource in [Resource::Core, Resource::Fsize] {
        // Lowering one's own limits is always allowed.
        let _ = setrlimit(resource, nothing());
    }
    end_with_parent();
    #[cfg(target_os = "linux")]
    {
        leave_the_files();
        super::calls::leave();
    }
}

/// Takes all files and networks away, as far as this kernel can.
#[cfg(target_os = "linux")]
fn leave_the_files() {
    use landlock::{ABI, Access, AccessFs, AccessNet, Ruleset, RulesetAttr};
    // A kernel that does not know Landlock leaves the worker as it is; the other limits hold all the same.
    let _ = Ruleset::default()
        .handle_access(AccessFs::from_all(ABI::V4))
        .and_then(|rules| rules.handle_access(AccessNet::from_all(ABI::V4)))
        .and_then(landlock::Ruleset::create)
        .and_then(landlock::RulesetCreated::restrict_self);
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
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    use rustix::time::{ClockId, clock_gettime};
    let used = u64::try_from(clock_gettime(ClockId::ProcessCPUTime).tv_sec).unwrap_or(0);
    // On Linux data means private memory of any kind, and leaves out the libraries that are mapped.
    let memory = if cfg!(target_os = "linux") { Resource::Data } else { Resource::As };
    for (resource, value) in [(Resource::Cpu, used + limits.seconds + 1), (memory, limits.megabytes << 20)] {
        let maximum = getrlimit(resource).maximum;
        let current = Some(maximum.map_or(value, |most| value.min(most)));
        // The first file's memory is the most for good. The processor's time adds up, so its end must stay open.
        let maximum = if resource == memory { current } else { maximum };
        // Never above what is allowed, so it cannot fail.
        let _ = setrlimit(resource, Rlimit { current, maximum });
    }
}

#[cfg(not(unix))]
pub(super) fn sandbox() {}

#[cfg(not(unix))]
pub(super) fn set(_: Limits) {}
