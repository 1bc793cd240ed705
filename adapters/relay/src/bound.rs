//! The life of a relay: bound, served, stopped.

use std::sync::Arc;

use crate::pool::Pool;
use crate::{Endpoint, RelayError};

/// A relay or a proxy that listens already and is not served yet.
///
/// The two steps are apart so that a guard can bind before `main`, when no thread may exist, and serve after it:
///
/// ```
/// use guard_relay::{Endpoint, Relay};
///
/// let bound = Relay::raw(|_| Ok(())).bind(&Endpoint::loopback(), Endpoint::loopback())?;
/// let handle = bound.handle();
/// let thread = std::thread::spawn(move || bound.run());
///
/// handle.stop()?;
/// thread.join().unwrap();
/// # Ok::<(), guard_relay::RelayError>(())
/// ```
#[derive(Debug)]
#[must_use = "clients of a relay that is not served wait for ever; when it is dropped, they are turned away"]
pub struct Bound {
    handle: Handle,
}

impl Bound {
    pub(crate) fn new(pool: Arc<Pool>) -> Self {
        Self { handle: Handle(pool) }
    }

    /// Where clients connect to. A port of 0 has become the port that the system chose.
    #[must_use]
    pub fn endpoint(&self) -> &Endpoint {
        self.handle.endpoint()
    }

    /// Stops the relay from elsewhere, for example from a guard's `cleanup`.
    #[must_use]
    pub fn handle(&self) -> Handle {
        self.handle.clone()
    }

    /// Serves on this thread, and on others as they are needed, until the relay is stopped.
    pub fn run(self) {
        self.handle.0.run();
    }

    /// Serves on threads of its own.
    ///
    /// # Errors
    ///
    /// [`RelayError::Thread`] if the first one could not be started; the relay is stopped then.
    pub fn serve(self) -> Result<Serving, RelayError> {
        let serving = Serving { handle: self.handle };
        let pool = &serving.handle.0;
        pool.spawn(true).map_err(|source| RelayError::Thread { endpoint: pool.endpoint().clone(), source })?;
        Ok(serving)
    }
}

/// Stops a relay. Dropping it does nothing.
#[derive(Debug, Clone)]
pub struct Handle(Arc<Pool>);

impl Handle {
    /// Where clients connect to.
    #[must_use]
    pub fn endpoint(&self) -> &Endpoint {
        self.0.endpoint()
    }

    /// Takes no more connections, ends those that are open, removes the socket's file, and waits for the threads: at
    /// most for the [`stop_time`](crate::Limits::stop_time). Stopping again is no error. In a fork of the process that
    /// bound the relay it does nothing, because the relay belongs to the other process.
    ///
    /// # Errors
    ///
    /// [`RelayError::Stop`] if threads are left. They end when what they wait for returns.
    pub fn stop(&self) -> Result<(), RelayError> {
        self.0.stop()
    }

    /// As [`stop`](Self::stop), of a process that is about to end, such as that of a test: threads that are left end with it,
    /// so they are no error. They wait for a peer that does not answer, and their gates were asked before.
    pub fn stop_with_process(&self) {
        let _ = self.stop();
    }
}

/// A relay that is being served, until this is dropped.
#[derive(Debug)]
#[must_use = "dropping this stops the relay"]
pub struct Serving {
    handle: Handle,
}

impl Serving {
    /// Where clients connect to.
    #[must_use]
    pub fn endpoint(&self) -> &Endpoint {
        self.handle.endpoint()
    }

    /// As [`Handle::stop`].
    ///
    /// # Errors
    ///
    /// [`RelayError::Stop`] if threads are left.
    pub fn stop(self) -> Result<(), RelayError> {
        self.handle.stop()
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // Threads that are left end by themselves; a destructor has nobody to tell.
        let _ = self.handle.stop();
    }
}
