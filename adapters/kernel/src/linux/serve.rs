//! The thread of one process tree: receives its calls, has them decided and lets the callers go on.

use std::io;
use std::os::fd::OwnedFd;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, PidfdFlags};

use crate::linux::call::{Act, Call};
use crate::linux::native::notify::{Listener, Notification, Response};
use crate::linux::process::ProcessId;
use crate::linux::supervisor::{Shared, Supervised};
use crate::linux::{Decision, redirect};

/// How long others may go on when a watched process has ended, before they are said to outlive it.
const GRACE: Duration = Duration::from_millis(200);

/// A process whose end is waited for.
struct Watched {
    process: ProcessId,
    /// Readable when it has ended.
    handle: OwnedFd,
    /// When those that it started are looked for.
    due: Option<Instant>,
}

impl Watched {
    fn new(process: ProcessId) -> Option<Self> {
        let pid = i32::try_from(process.pid).ok().and_then(Pid::from_raw)?;
        let handle = rustix::process::pidfd_open(pid, PidfdFlags::empty()).ok()?;
        Some(Self { process, handle, due: None })
    }
}

/// Serves until the last process of the tree has ended, or until everything is to end.
pub(crate) fn serve(run: &Supervised, listener: &Listener, shared: &Shared) {
    shared.policy.started(run);
    let mut watched: Vec<Watched> = Watched::new(run.process).into_iter().collect();
    loop {
        match wait(listener, shared, &mut watched) {
            Event::Call => {}
            Event::Outlived(process) => {
                shared.policy.outlived(run, process);
                continue;
            }
            Event::Nothing => continue,
            Event::End => break,
        }
        match listener.receive() {
            Ok(Some(notification)) => {
                if let Some(process) = handle(run, listener, shared, &notification)
                    && !watched.iter().any(|watched| watched.process == process)
                {
                    watched.extend(Watched::new(process));
                }
            }
            Ok(None) => {}
            Err(error) => {
                shared.policy.failed(&format!("the calls of process {} cannot be received: {error}", run.process.pid));
                break;
            }
        }
    }
    shared.policy.ended(run);
}

enum Event {
    Call,
    Outlived(ProcessId),
    Nothing,
    End,
}

fn wait(listener: &Listener, shared: &Shared, watched: &mut Vec<Watched>) -> Event {
    let now = Instant::now();
    let next = watched.iter().filter_map(|watched| watched.due).min();
    let patience = next.map(|due| due.saturating_duration_since(now));
    let timeout = patience.and_then(|patience| Timespec::try_from(patience).ok());
    let living: Vec<usize> = (0..watched.len()).filter(|&n| watched[n].due.is_none()).collect();
    let mut waiting = vec![PollFd::new(listener, PollFlags::IN), PollFd::new(shared, PollFlags::IN)];
    waiting.extend(living.iter().map(|&n| PollFd::new(&watched[n].handle, PollFlags::IN)));
    if poll(&mut waiting, timeout.as_ref()).is_err() {
        return Event::Nothing;
    }
    let happened: Vec<PollFlags> = waiting.iter().map(PollFd::revents).collect();
    for (&n, _) in living.iter().zip(&happened[2..]).filter(|(_, flags)| !flags.is_empty()) {
        watched[n].due = Some(Instant::now() + GRACE);
    }
    if happened[0].contains(PollFlags::IN) {
        return Event::Call;
    }
    // The last process that the filter applies to has ended.
    if !happened[0].is_empty() || !happened[1].is_empty() {
        return Event::End;
    }
    let now = Instant::now();
    match watched.iter().position(|watched| watched.due.is_some_and(|due| due <= now)) {
        Some(n) => Event::Outlived(watched.remove(n).process),
        None => Event::Nothing,
    }
}

/// Decides about one call. Gives the process that is to be watched from now on.
fn handle(run: &Supervised, listener: &Listener, shared: &Shared, notification: &Notification) -> Option<ProcessId> {
    let respond = |response| {
        if let Err(error) = listener.respond(notification.id, response) {
            shared.policy.failed(&format!("a call of process {} cannot be answered: {error}", notification.tid));
        }
    };
    let Some(call) = Call::of(run, listener, notification) else {
        respond(Response::Continue);
        return None;
    };
    let Ok(decision) = catch_unwind(AssertUnwindSafe(|| shared.policy.decide(&call))) else {
        shared.policy.failed("the policy panicked, so a call was refused");
        respond(Response::Fail(libc::EPERM));
        return None;
    };
    let response = match decision {
        Decision::Continue => Response::Continue,
        Decision::Deny(message) => {
            say(&call, &message);
            Response::Fail(libc::EPERM)
        }
        Decision::Redirect(to) => redirected(&call, &to),
    };
    respond(response);
    call.watched.get().then(|| call.process().map(|process| process.id)).flatten()
}

fn redirected(call: &Call<'_>, to: &std::path::Path) -> Response {
    let Act::Connect(connect) = &call.act else { return Response::Fail(libc::EPERM) };
    let connected = connect.socket(call).and_then(|socket| redirect::connect(&socket, to));
    match connected {
        Ok(()) => Response::Return(0),
        Err(error) => Response::Fail(error.raw_os_error().unwrap_or(libc::ECONNREFUSED)),
    }
}

/// Writes to the caller's standard error, if that takes it at once.
fn say(call: &Call<'_>, message: &str) {
    const STDERR: i32 = 2;
    let written = call.descriptor(STDERR).and_then(|stderr| {
        let mut ready = [PollFd::new(&stderr, PollFlags::OUT)];
        poll(&mut ready, Some(&Timespec { tv_sec: 0, tv_nsec: 0 }))?;
        if !ready[0].revents().contains(PollFlags::OUT) {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        Ok(rustix::io::write(&stderr, format!("{message}\n").as_bytes())?)
    });
    // It may have none. The log has the refusal in any case.
    drop(written);
}
