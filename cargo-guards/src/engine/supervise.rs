//! Running the engine: signals reach it, and nothing of it outlives this command.

use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::process::{Command, ExitStatus};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal};
use signal_hook::consts::{SIGINT, SIGQUIT};
use signal_hook::iterator::Signals;
use signal_hook::{flag, low_level};

use crate::build::line;
use crate::interrupt::{self, SIGNALS};
use crate::{Error, Result};

/// How the engine ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ended {
    pub(crate) code: u8,
    /// Whether a signal asked this command to end.
    pub(crate) interrupted: bool,
}

impl Ended {
    /// There was nothing to run.
    pub(crate) const EMPTY: Self = Self { code: 0, interrupted: false };
}

/// How often orphans that have ended are forgotten.
const REAPING: Duration = Duration::from_millis(100);

/// Runs the command on the terminal of this process until it ends. `adopts`: orphans of it become children of this process.
pub(crate) fn supervise(mut command: Command, adopts: bool) -> Result<Ended> {
    let mut signals = Signals::new(SIGNALS).map_err(Error::Signals)?;
    interrupt::suspend(true);
    // Set in the handlers themselves: threads may be late.
    let received = Arc::new(AtomicUsize::new(0));
    let mut flags = Vec::new();
    for signal in SIGNALS {
        let value = usize::try_from(signal).unwrap_or_default();
        flags.push(flag::register_usize(signal, Arc::clone(&received), value).map_err(Error::Signals)?);
    }
    // A terminal sends its signals to all processes of its foreground group, ours and the engine's. Where there is none,
    // nobody but us does, and a group of its own is how they reach what the engine has started.
    let own_group = !is_foreground();
    if own_group {
        command.process_group(0);
    }
    let mut child = command.spawn().map_err(|source| Error::Start { command: line(&command), source })?;
    let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    let handle = signals.handle();
    let status = thread::scope(|scope| {
        scope.spawn(|| {
            for signal in signals.forever() {
                forward(pid, signal, own_group);
            }
        });
        let (ended, ends) = mpsc::channel::<()>();
        if adopts {
            let engine = child.id();
            scope.spawn(move || {
                while ends.recv_timeout(REAPING) == Err(mpsc::RecvTimeoutError::Timeout) {
                    guard_kernel::Supervisor::reap(engine);
                }
            });
        }
        let status = child.wait();
        drop(ended);
        handle.close();
        status
    })
    .map_err(|source| Error::Start { command: line(&command), source })?;
    for flag in flags {
        low_level::unregister(flag);
    }
    let received = i32::try_from(received.load(Ordering::Relaxed)).unwrap_or_default();
    // What is left to do after a signal is short, and is done.
    interrupt::suspend(received != 0);
    if received != 0
        && own_group
        && let Some(pid) = pid
    {
        let _ = rustix::process::kill_process_group(pid, Signal::KILL);
    }
    let code = if received == 0 { code(status) } else { signalled(received) };
    Ok(Ended { code, interrupted: received != 0 })
}

fn forward(pid: Option<Pid>, signal: i32, own_group: bool) {
    let (Some(pid), Some(sent)) = (pid, Signal::from_named_raw(signal)) else { return };
    let _ = match (own_group, signal) {
        (true, _) => rustix::process::kill_process_group(pid, sent),
        // The terminal has sent it there too, and nextest takes a second one for impatience.
        (false, SIGINT | SIGQUIT) => Ok(()),
        (false, _) => rustix::process::kill_process(pid, sent),
    };
}

/// Whether this process is in the foreground of a terminal.
pub(crate) fn is_foreground() -> bool {
    std::fs::File::open("/dev/tty")
        .is_ok_and(|tty| rustix::termios::tcgetpgrp(tty).is_ok_and(|group| group == rustix::process::getpgrp()))
}

fn code(status: ExitStatus) -> u8 {
    match status.code() {
        Some(code) => u8::try_from(code).unwrap_or(u8::MAX),
        None => signalled(status.signal().unwrap_or_default()),
    }
}

fn signalled(signal: i32) -> u8 {
    u8::try_from(128 + signal).unwrap_or(u8::MAX)
}
