//! What becomes of the processes that were started here when this command is asked to end: none of them stays.

use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};
use std::thread;

use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::{Error, Result};

/// What asks a command to end.
pub(crate) const SIGNALS: [i32; 4] = [SIGINT, SIGTERM, SIGHUP, SIGQUIT];

/// What ends with this command.
static BOUND: Mutex<Vec<Target>> = Mutex::new(Vec::new());

/// A process, or a process group with all that is in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Target {
    pid: Pid,
    is_group: bool,
}

impl Target {
    fn kill(self) {
        let _ = if self.is_group {
            kill_process_group(self.pid, Signal::KILL)
        } else {
            kill_process(self.pid, Signal::KILL)
        };
    }
}

/// Whether somebody else looks after signals.
static SUSPENDED: AtomicBool = AtomicBool::new(false);

/// From now on a signal ends the processes that are bound, and then this one.
pub(crate) fn watch() -> Result<()> {
    static ONCE: Once = Once::new();
    let mut result = Ok(());
    ONCE.call_once(|| match Signals::new(SIGNALS) {
        Ok(signals) => drop(thread::spawn(move || end_at(signals))),
        Err(error) => result = Err(Error::Signals(error)),
    });
    result
}

fn end_at(mut signals: Signals) {
    for signal in signals.forever() {
        if SUSPENDED.load(Ordering::Relaxed) {
            continue;
        }
        // Held to the end: nothing is started any more.
        let bound = bound();
        bound.iter().for_each(|target| target.kill());
        std::process::exit(128 + signal);
    }
}

fn bound() -> MutexGuard<'static, Vec<Target>> {
    BOUND.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Leaves signals to the caller, or takes them back.
pub(crate) fn suspend(suspended: bool) {
    SUSPENDED.store(suspended, Ordering::Relaxed);
}

/// A child that ends with this command.
#[derive(Debug)]
pub(crate) struct Bound {
    pub(crate) child: Child,
    target: Option<Target>,
}

impl Bound {
    /// Starts it; in a process group of its own, all that is in it ends with it.
    pub(crate) fn spawn(command: &mut Command, own_group: bool) -> std::io::Result<Self> {
        if own_group {
            command.process_group(0);
        }
        // Locked around both, so that none is started which a signal would miss.
        let mut bound = bound();
        let child = command.spawn()?;
        let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
        let target = pid.map(|pid| Target { pid, is_group: own_group });
        bound.extend(target);
        Ok(Self { child, target })
    }

    /// Ends it, and what it has started and left in its group.
    pub(crate) fn kill(&mut self) {
        self.target.iter().for_each(|target| target.kill());
        // It may have left the group.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Bound {
    fn drop(&mut self) {
        bound().retain(|target| Some(*target) != self.target);
    }
}
