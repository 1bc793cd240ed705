//! The one supervisor of a run: takes the listeners that runners hand over, and has a thread for each.

use std::collections::BTreeMap;
use std::io::{self, Read as _};
use std::os::fd::{AsFd, OwnedFd};
use std::os::linux::net::SocketAddrExt as _;
use std::os::unix::net::{SocketAddr, UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use rustix::event::{EventfdFlags, PollFd, PollFlags, eventfd, poll};
use rustix::process::{Pid, Signal};

use crate::Error;
use crate::linux::filter::Notified;
use crate::linux::native::notify::Listener;
use crate::linux::native::{reap, seccomp};
use crate::linux::process::{Process, ProcessId};
use crate::linux::{Policy, call, files, runner, serve};

/// Enough for a decision; there may be hundreds of threads.
const STACK: usize = 256 << 10;

/// How long process trees are waited for in the end.
const SETTLING: Duration = Duration::from_millis(300);

/// A runner that says nothing for so long is given up.
const PATIENCE: Duration = Duration::from_secs(10);

/// A process tree under one filter: a test's process, or a test binary's, and all that it starts.
#[derive(Debug)]
pub struct Supervised {
    /// The process that the runner became.
    pub process: ProcessId,
    /// What the runner ran.
    pub program: PathBuf,
    /// What the environment says of which test it is: `NEXTEST_TEST_NAME` and others.
    pub variables: BTreeMap<String, String>,
    /// Whether set-user-ID programs have no effect in it.
    pub no_new_privileges: bool,
    /// Whether a path may lead some process of it to another file than us.
    pub(crate) moved: AtomicBool,
}

/// Watches process trees and has a [`Policy`] decide about their calls.
///
/// Processes are put under it by its [`runner`](Self::runner). It must be started in a process that they descend from, and makes that
/// process the parent of their orphans.
pub struct Supervisor {
    address: String,
    shared: Arc<Shared>,
    accepting: Option<JoinHandle<()>>,
}

pub(crate) struct Shared {
    pub(crate) policy: Arc<dyn Policy>,
    /// Readable when everything is to end.
    pub(crate) stop: OwnedFd,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

/// Whether this machine can do it.
///
/// # Errors
///
/// What is missing.
pub fn supported() -> Result<(), Error> {
    seccomp::notifies().map_err(Error::Unsupported)?;
    // For peers that are redirected, and for the listener itself (Linux 5.6).
    let own = rustix::process::getpid();
    call::descriptor(u32::try_from(own.as_raw_nonzero().get()).unwrap_or_default(), 0)
        .map(drop)
        .or_else(|error| if error.raw_os_error() == Some(libc::EBADF) { Ok(()) } else { Err(error) })
        .map_err(Error::Unsupported)
}

impl Supervisor {
    /// Begins to watch.
    ///
    /// # Errors
    ///
    /// If this machine cannot, or if something else fails that is needed.
    pub fn start(policy: Arc<dyn Policy>) -> Result<Self, Error> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        supported()?;
        seccomp::adopt_orphans().map_err(Error::Start)?;
        let n = NEXT.fetch_add(1, Ordering::Relaxed);
        let own = Process::of(std::process::id()).map_or(0, |process| process.id.started);
        let address = format!("resource-guards-{}-{own}-{n}", std::process::id());
        let listener = SocketAddr::from_abstract_name(&address)
            .and_then(|address| UnixListener::bind_addr(&address))
            .map_err(Error::Start)?;
        let stop = eventfd(0, EventfdFlags::CLOEXEC).map_err(|error| Error::Start(error.into()))?;
        let shared = Arc::new(Shared { policy, stop, threads: Mutex::default() });
        let accepting = {
            let shared = Arc::clone(&shared);
            thread::Builder::new()
                .name("supervisor".to_owned())
                .stack_size(STACK)
                .spawn(move || accept(&listener, &shared))
                .map_err(Error::Start)?
        };
        Ok(Self { address, shared, accepting: Some(accepting) })
    }

    /// The words of the runner: the program and its arguments follow. It is written into `directory`, where programs must
    /// be allowed to run and where other runs may write theirs, and is left there for the next. `messages`: whether single
    /// messages (`sendmsg`) are looked at too, each at the cost of a notification.
    ///
    /// # Errors
    ///
    /// If nothing can be written there.
    pub fn runner(&self, directory: &Path, messages: bool) -> Result<[PathBuf; 3], Error> {
        let [program, filter] =
            runner::write(directory, Notified { messages }).map_err(|(path, source)| Error::Runner { path, source })?;
        Ok([program, PathBuf::from(&self.address), filter])
    }

    /// Waits until all process trees have ended, but no longer than those that outlive a test are looked for.
    pub fn settle(&self) {
        let end = Instant::now() + SETTLING;
        let running = || {
            let threads = self.shared.threads.lock().unwrap_or_else(PoisonError::into_inner);
            threads.iter().any(|thread| !thread.is_finished())
        };
        while running() && Instant::now() < end {
            thread::sleep(Duration::from_millis(2));
        }
    }

    /// Forgets orphans that this process has adopted and that have ended. `except` is a child for which somebody waits;
    /// there must be no other.
    pub fn reap(except: u32) {
        reap::reap(except);
    }

    /// Ends the watch. Calls of processes that still run under it fail from now on with ENOSYS.
    pub fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        let Some(accepting) = self.accepting.take() else { return };
        let _ = rustix::io::write(&self.shared.stop, &1_u64.to_ne_bytes());
        let _ = accepting.join();
        let threads = std::mem::take(&mut *self.shared.threads.lock().unwrap_or_else(PoisonError::into_inner));
        for thread in threads {
            let _ = thread.join();
        }
    }
}

impl Drop for Supervisor {
    fn drop(&mut self) {
        self.end();
    }
}

fn accept(listener: &UnixListener, shared: &Arc<Shared>) {
    loop {
        let mut waiting = [PollFd::new(listener, PollFlags::IN), PollFd::new(&shared.stop, PollFlags::IN)];
        if poll(&mut waiting, None).is_err() {
            continue;
        }
        if !waiting[1].revents().is_empty() {
            return;
        }
        let Ok((stream, _)) = listener.accept() else { continue };
        if let Err(failure) = take(stream, shared) {
            let Some((pid, error)) = failure else { continue };
            shared.policy.failed(&format!("cannot watch the test process {pid}, which was killed: {error}"));
            // It waits for somebody to receive its notification.
            if let Some(pid) = i32::try_from(pid).ok().and_then(Pid::from_raw) {
                let _ = rustix::process::kill_process(pid, Signal::KILL);
            }
        }
    }
}

/// Takes the listener of one runner. An error names the process that must not go on.
fn take(mut stream: UnixStream, shared: &Arc<Shared>) -> Result<(), Option<(u32, io::Error)>> {
    let peer = rustix::net::sockopt::socket_peercred(&stream).map_err(|_| None)?;
    // The address is open to everybody on this machine.
    if peer.uid != rustix::process::getuid() {
        return Err(None);
    }
    let pid = u32::try_from(peer.pid.as_raw_nonzero().get()).unwrap_or_default();
    let failed = |error| Some((pid, error));
    let mut message = Vec::new();
    stream.set_read_timeout(Some(PATIENCE)).and_then(|()| stream.read_to_end(&mut message)).map_err(failed)?;
    let mut fields = message.split(|byte| *byte == 0).map(|field| String::from_utf8_lossy(field).into_owned());
    let (Some(listener), Some(privileges), Some(program)) = (fields.next(), fields.next(), fields.next()) else {
        return Err(None);
    };
    if listener == runner::WATCHED {
        shared.policy.watched_elsewhere(pid);
        return Ok(());
    }
    let fd = listener.parse().map_err(|_| failed(io::ErrorKind::InvalidData.into()))?;
    let listener = Listener::new(call::descriptor(pid, fd).map_err(failed)?);
    let process = Process::of(pid).ok_or_else(|| failed(io::ErrorKind::NotFound.into()))?;
    let variables = fields.filter_map(|field| field.split_once('=').map(|(name, value)| (name.into(), value.into())));
    let run = Supervised {
        process: process.id,
        program: program.into(),
        variables: variables.collect(),
        no_new_privileges: !privileges.is_empty(),
        moved: (!files::is_our_root(pid)).into(),
    };
    let of_thread = Arc::clone(shared);
    let thread = thread::Builder::new()
        .name(format!("supervisor {pid}"))
        .stack_size(STACK)
        .spawn(move || serve::serve(&run, &listener, &of_thread))
        .map_err(failed)?;
    let mut threads = shared.threads.lock().unwrap_or_else(PoisonError::into_inner);
    threads.retain(|thread| !thread.is_finished());
    threads.push(thread);
    Ok(())
}

impl AsFd for Shared {
    fn as_fd(&self) -> std::os::fd::BorrowedFd<'_> {
        self.stop.as_fd()
    }
}
