//! Orphans that have become children of this process, and have ended.
#![expect(unsafe_code, reason = "waitid(2) with WNOWAIT tells the number of a child only in C's own struct")]

use rustix::process::{Pid, WaitOptions};

/// Forgets all children that have ended, but this one, for which somebody else waits.
pub(crate) fn reap(except: u32) {
    while let Some(pid) = ended().filter(|pid| u32::try_from(pid.as_raw_nonzero().get()) != Ok(except)) {
        if rustix::process::waitpid(Some(pid), WaitOptions::NOHANG).is_err() {
            return;
        }
    }
}

/// A child that has ended.
fn ended() -> Option<Pid> {
    // SAFETY: zeroed is a valid siginfo_t; the kernel fills it in, and WNOWAIT leaves the child for who waits for it.
    unsafe {
        let mut info: libc::siginfo_t = std::mem::zeroed();
        let options = libc::WEXITED | libc::WNOHANG | libc::WNOWAIT;
        match libc::waitid(libc::P_ALL, 0, &raw mut info, options) {
            0 => Pid::from_raw(info.si_pid()),
            _ => None,
        }
    }
}
