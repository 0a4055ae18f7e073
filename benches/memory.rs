//! How much memory indexing takes.

/// The most that this process and its decoders ever held, each by itself. Pages that they share count for each.
pub(crate) fn peak_megabytes() -> f64 {
    processes().iter().map(|process| peak_of(process)).sum()
}

/// This process and its decoders.
fn processes() -> Vec<String> {
    let children = std::fs::read_dir("/proc/self/task").unwrap().flatten().flat_map(|thread| {
        let children = std::fs::read_to_string(thread.path().join("children")).unwrap_or_default();
        children.split_whitespace().map(str::to_owned).collect::<Vec<_>>()
    });
    children.chain(["self".to_owned()]).collect()
}

/// The kernel's own record, in megabytes.
fn peak_of(process: &str) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<f64>().ok());
    kilobytes.unwrap_or(f64::NAN) / 1024.0
}
