//! Programs that are just being started: only their wrappers say that they are used, and a call that starts one returns before.

use std::thread;
use std::time::{Duration, Instant};

use super::native;

/// How long a wrapper may take. A busy machine makes it slow; nothing but a stopped one takes so long.
const LIMIT: Duration = Duration::from_millis(500);

/// Waits until the wrappers that this process and its children have started have become the real programs, so that a use
/// belongs to the stretch in which it began.
pub(crate) fn settle() {
    const STEP: Duration = Duration::from_micros(200);
    let end = Instant::now() + LIMIT;
    while native::has_children() && is_starting(std::process::id()) && Instant::now() < end {
        thread::sleep(STEP);
    }
}

/// Whether a wrapper runs below this process.
#[cfg(target_os = "linux")]
fn is_starting(pid: u32) -> bool {
    children(pid).into_iter().any(|child| is_wrapper(child) || is_starting(child))
}

/// Elsewhere nobody tells.
#[cfg(not(target_os = "linux"))]
fn is_starting(_: u32) -> bool {
    false
}

#[cfg(target_os = "linux")]
fn children(pid: u32) -> Vec<u32> {
    let tasks = std::fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten();
    let of_task = tasks.filter_map(|task| std::fs::read_to_string(task.path().join("children")).ok());
    of_task.flat_map(|text| text.split_whitespace().filter_map(|pid| pid.parse().ok()).collect::<Vec<_>>()).collect()
}

/// Whether a process is a shell that the kernel has started for a wrapper, or may become one.
#[cfg(target_os = "linux")]
fn is_wrapper(pid: u32) -> bool {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    use std::path::Path;

    let line = std::fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    if line.is_empty() {
        // The kernel wakes who has started a program before it gives that its arguments. A zombie has no program.
        return std::fs::read_link(format!("/proc/{pid}/exe")).is_ok();
    }
    let mut words = line.split(|byte| *byte == 0);
    let (shell, script) = (words.next(), words.next().map(|script| Path::new(OsStr::from_bytes(script))));
    let script = script.filter(|script| shell == Some(b"/bin/sh") && script.is_absolute());
    script.and_then(Path::parent).is_some_and(super::wrappers::has_mark)
}
