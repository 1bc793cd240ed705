//! Where clients come in, which may be shut while there is nobody behind it.

use std::fs::{self, Permissions};
use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::net::{CLOSING_WAKES, Listener};
use crate::{Endpoint, RelayError};

/// The address that clients connect to. Only one that is shut gives them the error of a direct connection.
#[derive(Debug)]
pub(crate) struct Door {
    pub(crate) endpoint: Endpoint,
    /// The service without which it is shut.
    behind: Option<Endpoint>,
    state: Mutex<State>,
}

#[derive(Debug)]
enum State {
    Open(Arc<Listener>),
    /// As the service is, with what a client is told.
    Shut(ErrorKind),
    /// For good.
    Closed,
}

impl Door {
    /// Opens it.
    pub(crate) fn bind(at: &Endpoint) -> Result<Self, RelayError> {
        let (listener, endpoint) = Listener::bind(at)?;
        Ok(Self { endpoint, behind: None, state: Mutex::new(State::Open(Arc::new(listener))) })
    }

    /// Says what is behind it, and whether it is to be open only while that is served.
    pub(crate) fn in_front_of(mut self, service: &Endpoint, only_while_served: bool) -> Result<Self, RelayError> {
        if *service == self.endpoint {
            self.close();
            return Err(RelayError::Itself { endpoint: self.endpoint });
        }
        // Other pairs of addresses have no errors in common, or nothing is known of the service. Elsewhere than on Linux,
        // threads that wait for a client would not learn that the door has been shut.
        let both_unix = matches!((&self.endpoint, service), (Endpoint::Unix(_), Endpoint::Unix(_)));
        self.behind = (only_while_served && both_unix && CLOSING_WAKES).then(|| service.clone());
        self.follow();
        Ok(self)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where clients arrive, unless the door is shut.
    pub(crate) fn listener(&self) -> Option<Arc<Listener>> {
        match &*self.state() {
            State::Open(listener) => Some(Arc::clone(listener)),
            State::Shut(_) | State::Closed => None,
        }
    }

    /// Opens or shuts the door as the service has come or gone.
    pub(crate) fn follow(&self) {
        let Some(behind) = &self.behind else { return };
        let mut state = self.state();
        let missing = behind.is_served().err().map(|error| error.kind());
        match (&*state, missing) {
            (State::Closed, _) | (State::Open(_), None) => {}
            (State::Shut(told), Some(error)) if *told == error => {}
            // Without a new socket, for want of descriptors, it stays shut until the next time.
            (State::Shut(_), None) => {
                if let Ok(listener) = self.reopen() {
                    *state = State::Open(Arc::new(listener));
                }
            }
            (_, Some(error @ (ErrorKind::NotFound | ErrorKind::ConnectionRefused | ErrorKind::PermissionDenied))) => {
                if let State::Open(listener) = &*state {
                    listener.close();
                }
                *state = State::Shut(error);
                let _ = self.tell(error);
            }
            // Nothing is known, for example for want of descriptors.
            (_, Some(_)) => {}
        }
    }

    fn reopen(&self) -> Result<Listener, RelayError> {
        self.remove_file();
        Listener::bind(&self.endpoint).map(|(listener, _)| listener)
    }

    /// Has clients told this error: by no file, by one that nobody listens on, or by one that nobody may use.
    fn tell(&self, error: ErrorKind) -> Result<(), RelayError> {
        self.remove_file();
        if error == ErrorKind::NotFound {
            return Ok(());
        }
        // The file stays without the socket.
        drop(Listener::bind(&self.endpoint)?);
        if let (ErrorKind::PermissionDenied, Endpoint::Unix(path)) = (error, &self.endpoint) {
            let _ = fs::set_permissions(path, Permissions::from_mode(0o000));
        }
        Ok(())
    }

    fn remove_file(&self) {
        if let Endpoint::Unix(path) = &self.endpoint {
            let _ = fs::remove_file(path);
        }
    }

    /// Lets go of the sockets of a process that this one was forked from, which go on there.
    pub(crate) fn forget(&self) {
        *self.state() = State::Closed;
    }

    /// Takes no more connections, and leaves no file.
    pub(crate) fn close(&self) {
        match std::mem::replace(&mut *self.state(), State::Closed) {
            State::Open(listener) => {
                self.remove_file();
                listener.close();
            }
            State::Shut(_) => self.remove_file(),
            State::Closed => {}
        }
    }
}
