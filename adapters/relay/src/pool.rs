//! The threads of a relay: blocked in `accept`, and each carrying one connection at a time.

use std::fmt;
use std::io::{self, ErrorKind};
use std::net::TcpStream;
use std::os::unix::net::UnixStream;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::carry::Buffers;
use crate::net::{Alarm, Listener, Stream};
use crate::{Endpoint, Limits, RelayError};

/// How many threads may wait for a connection, besides the one that stays. More than one, so that a burst finds some;
/// few, so that none of a burst stays behind.
const MAX_IDLE: usize = 4;

/// Enough for a gate and for resolving names.
const STACK: usize = 1024 * 1024;

/// What the threads call themselves. Who watches from outside knows by this that they connect for somebody who was asked
/// already.
const NAME: &std::ffi::CStr = c"guard-relay";

/// Carries one connection to its end.
pub(crate) type Serve = Box<dyn Fn(Stream, &mut Buffers, &Alarm) + Send + Sync>;

/// A listening socket and the threads that serve it.
pub(crate) struct Pool {
    pub(crate) endpoint: Endpoint,
    limits: Limits,
    alarm: Alarm,
    serve: Serve,
    state: Mutex<State>,
    ended: Condvar,
    /// The process that the threads belong to. A fork has copies of the sockets, and stopping there would stop them here.
    owner: u32,
}

struct State {
    listener: Option<Arc<Listener>>,
    idle: usize,
    threads: usize,
}

impl Pool {
    pub(crate) fn bind(at: &Endpoint, limits: Limits, serve: Serve) -> Result<Arc<Self>, RelayError> {
        let alarm = Alarm::new().map_err(|source| RelayError::Listen {
            endpoint: at.clone(),
            source,
            hint: "raise the limit on open files (ulimit -n)",
        })?;
        let (listener, endpoint) = Listener::bind(at)?;
        let state = Mutex::new(State { listener: Some(Arc::new(listener)), idle: 0, threads: 0 });
        Ok(Arc::new(Self { endpoint, limits, alarm, serve, state, ended: Condvar::new(), owner: std::process::id() }))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Serves on a new thread.
    pub(crate) fn spawn(self: &Arc<Self>, stays: bool) -> io::Result<()> {
        let pool = Arc::clone(self);
        let thread = thread::Builder::new().name(NAME.to_string_lossy().into_owned()).stack_size(STACK);
        // Counted here and not by the new thread, so that two threads that became busy at once start two.
        let ticket = Ticket::new(self);
        thread
            .spawn(move || {
                let _ticket = ticket;
                pool.work(stays);
            })
            .map(drop)
    }

    /// Serves on this thread until the relay is stopped.
    pub(crate) fn run(self: &Arc<Self>) {
        let _ticket = Ticket::new(self);
        self.work(true);
    }

    /// `stays`: this thread never ends as a surplus one, so that there is always one.
    fn work(self: &Arc<Self>, stays: bool) {
        let Some(listener) = self.state().listener.clone() else { return };
        // `run` is called on threads with other names.
        #[cfg(target_os = "linux")]
        let _ = rustix::thread::set_name(NAME);
        // Most test processes have no client, and a thread's first allocation is a costly one.
        let mut buffers = None;
        loop {
            let client = match listener.accept() {
                Ok(client) => client,
                Err(_) if self.alarm.is_raised() => return,
                Err(error) => {
                    // Out of descriptors or of memory: those who connect wait in the queue until there are some again.
                    if !matches!(error.kind(), ErrorKind::Interrupted | ErrorKind::ConnectionAborted) {
                        self.alarm.pause(Duration::from_millis(20));
                    }
                    continue;
                }
            };
            if self.alarm.is_raised() {
                return;
            }
            let last = {
                let mut state = self.state();
                state.idle -= 1;
                state.idle == 0
            };
            if last {
                // Without another thread, those who connect wait until this one is free.
                let _ = self.spawn(false);
            }
            let buffers = buffers.get_or_insert_with(|| Buffers::new(self.limits.buffer()));
            // A panic, of a guard's code called from here, ends the connection and not the thread.
            let _ = catch_unwind(AssertUnwindSafe(|| (self.serve)(client, buffers, &self.alarm)));
            let mut state = self.state();
            if state.idle >= MAX_IDLE && !stays {
                // The ticket takes one from the idle ones.
                state.idle += 1;
                return;
            }
            state.idle += 1;
        }
    }

    /// Ends everything, and waits until the threads are gone.
    pub(crate) fn stop(&self) -> Result<(), RelayError> {
        let listener = self.state().listener.take();
        if self.owner != std::process::id() {
            return Ok(());
        }
        self.alarm.raise();
        if let Some(listener) = listener {
            if let Endpoint::Unix(path) = &self.endpoint {
                let _ = std::fs::remove_file(path);
            }
            listener.close();
        }
        let deadline = Instant::now() + self.limits.stop_time;
        let mut state = self.state();
        while state.threads > 0 {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(RelayError::Stop { endpoint: self.endpoint.clone(), threads: state.threads });
            }
            if !CLOSING_WAKES && state.idle > 0 {
                self.knock();
            }
            let step = if CLOSING_WAKES { left } else { left.min(Duration::from_millis(10)) };
            state = self.ended.wait_timeout(state, step).unwrap_or_else(PoisonError::into_inner).0;
        }
        Ok(())
    }

    /// Wakes a thread in `accept` by connecting.
    fn knock(&self) {
        match &self.endpoint {
            Endpoint::Unix(path) => drop(UnixStream::connect(path)),
            Endpoint::Tcp(address) => drop(TcpStream::connect_timeout(address, Duration::from_millis(10))),
        }
    }
}

/// Whether closing a listener ends the `accept` of other threads.
const CLOSING_WAKES: bool = cfg!(target_os = "linux");

impl Drop for Pool {
    fn drop(&mut self) {
        // All threads are gone: each holds the pool. The file is still there if nobody stopped it.
        let _ = self.stop();
    }
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool").field("endpoint", &self.endpoint).finish_non_exhaustive()
    }
}

/// Counts a thread, from before it is started until it has ended, whichever way.
struct Ticket(Arc<Pool>);

impl Ticket {
    fn new(pool: &Arc<Pool>) -> Self {
        let mut state = pool.state();
        state.threads += 1;
        state.idle += 1;
        Self(Arc::clone(pool))
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.threads -= 1;
        state.idle = state.idle.saturating_sub(1);
        if state.threads == 0 {
            self.0.ended.notify_all();
        }
    }
}
