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
use crate::door::Door;
use crate::net::{Alarm, CLOSING_WAKES, Listener, Stream};
use crate::{Endpoint, Limits, RelayError};

/// How many threads may wait for a connection, besides the one that stays. More than one, so that a burst finds some;
/// few, so that none of a burst stays behind.
const MAX_IDLE: usize = 4;

/// How long a service that has come back may stay unseen. Asking for it takes some microseconds.
const LOOK_AGAIN: Duration = Duration::from_millis(1);

/// Enough for a gate and for resolving names.
const STACK: usize = 1024 * 1024;

/// What the threads call themselves. Who watches from outside knows by this that they connect for somebody who was asked
/// already.
const NAME: &std::ffi::CStr = c"guard-relay";

/// Carries one connection to its end.
pub(crate) type Serve = Box<dyn Fn(Stream, &mut Buffers, &Alarm) + Send + Sync>;

/// A door and the threads that serve it.
pub(crate) struct Pool {
    door: Arc<Door>,
    limits: Limits,
    alarm: Alarm,
    serve: Serve,
    state: Mutex<State>,
    ended: Condvar,
    /// The process that the threads belong to. A fork has copies of the sockets, and stopping there would stop them here.
    owner: u32,
}

struct State {
    idle: usize,
    threads: usize,
}

impl Pool {
    pub(crate) fn new(door: Arc<Door>, limits: Limits, serve: Serve) -> Result<Arc<Self>, RelayError> {
        let alarm = Alarm::new().map_err(|source| {
            door.close();
            RelayError::Listen {
                endpoint: door.endpoint.clone(),
                source,
                hint: "raise the limit on open files (ulimit -n)",
            }
        })?;
        let state = Mutex::new(State { idle: 0, threads: 0 });
        Ok(Arc::new(Self { door, limits, alarm, serve, state, ended: Condvar::new(), owner: std::process::id() }))
    }

    /// Where clients connect to.
    pub(crate) fn endpoint(&self) -> &Endpoint {
        &self.door.endpoint
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
        let spawned = thread.spawn(move || {
            let _ticket = ticket;
            pool.work(stays);
        });
        spawned.map(drop).inspect_err(|_| self.state().idle -= 1)
    }

    /// Serves on this thread until the relay is stopped.
    pub(crate) fn run(self: &Arc<Self>) {
        let _ticket = Ticket::new(self);
        self.work(true);
    }

    /// `stays`: this thread never ends as a surplus one, so that there is always one.
    fn work(self: &Arc<Self>, stays: bool) {
        // `run` is called on threads with other names.
        #[cfg(target_os = "linux")]
        let _ = rustix::thread::set_name(NAME);
        // Most test processes have no client, and a thread's first allocation is a costly one.
        let mut buffers = None;
        while let Some(client) = self.next_client(stays) {
            if self.state().idle == 0 {
                // Without another thread, those who connect wait until this one is free.
                let _ = self.spawn(false);
            }
            let buffers = buffers.get_or_insert_with(|| Buffers::new(self.limits.buffer()));
            // A panic, of a guard's code called from here, ends the connection and not the thread.
            let _ = catch_unwind(AssertUnwindSafe(|| (self.serve)(client, buffers, &self.alarm)));
            let mut state = self.state();
            if state.idle >= MAX_IDLE && !stays {
                return;
            }
            state.idle += 1;
        }
    }

    /// Waits for a client, as one of the idle threads, and is none of them afterwards. Without a client, the thread ends:
    /// the relay has been stopped, or the thread is one too many.
    fn next_client(&self, stays: bool) -> Option<Stream> {
        loop {
            let client = match self.door.listener() {
                Some(listener) => self.accept(&listener),
                None => {
                    self.alarm.pause(LOOK_AGAIN);
                    self.door.follow();
                    None
                }
            };
            let stopped = self.alarm.is_raised();
            let mut state = self.state();
            // One thread is enough to look for the service.
            let surplus = !stays && state.idle > 1 && self.door.listener().is_none();
            if client.is_some() || stopped || surplus {
                state.idle -= 1;
                return client.filter(|_| !stopped);
            }
        }
    }

    fn accept(&self, listener: &Listener) -> Option<Stream> {
        listener
            .accept()
            .inspect_err(|error| {
                use ErrorKind::{ConnectionAborted, Interrupted, InvalidInput};
                // The last one is that of a socket which has been closed.
                if !matches!(error.kind(), Interrupted | ConnectionAborted | InvalidInput) {
                    // Out of descriptors or of memory: those who connect wait in the queue until there are some again.
                    self.alarm.pause(Duration::from_millis(20));
                }
            })
            .ok()
    }

    /// Ends everything, and waits until the threads are gone.
    pub(crate) fn stop(&self) -> Result<(), RelayError> {
        if self.owner != std::process::id() {
            self.door.forget();
            return Ok(());
        }
        self.alarm.raise();
        self.door.close();
        let deadline = Instant::now() + self.limits.stop_time;
        let mut state = self.state();
        while state.threads > 0 {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(RelayError::Stop { endpoint: self.endpoint().clone(), threads: state.threads });
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
        match self.endpoint() {
            Endpoint::Unix(path) => drop(UnixStream::connect(path)),
            Endpoint::Tcp(address) => drop(TcpStream::connect_timeout(address, Duration::from_millis(10))),
        }
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        // All threads are gone: each holds the pool. The file is still there if nobody stopped it.
        let _ = self.stop();
    }
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool").field("door", &self.door).finish_non_exhaustive()
    }
}

/// Counts a thread, from before it is started until it has ended, whichever way. It is idle at first.
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
        if state.threads == 0 {
            self.0.ended.notify_all();
        }
    }
}
