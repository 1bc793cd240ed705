//! Servers, clients and gates that the tests are made of.

mod alone;
mod server;
mod wire;

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use guard_relay::{Endpoint, Limits, Refusal, Relay, Request, Serving};
use tempfile::TempDir;

pub(crate) use alone::alone;
pub(crate) use server::{Server, hello, http};
pub(crate) use wire::{Socket, Wire};

/// What a gate was asked, in order.
#[derive(Clone, Default)]
pub(crate) struct Asked(Arc<Mutex<Vec<String>>>);

impl Asked {
    pub(crate) fn note(&self, what: impl Into<String>) {
        self.0.lock().unwrap().push(what.into());
    }

    pub(crate) fn all(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }

    /// A gate that notes everything and refuses what has `refused` in its path.
    pub(crate) fn gate(&self) -> impl Fn(&Request<'_>) -> Result<(), Refusal> + Send + Sync + 'static {
        let asked = self.clone();
        move |request| {
            asked.note(request.evidence());
            match request.path().contains("refused") {
                true => Err(Refusal::json(format!("{request} may not pass"))),
                false => Ok(()),
            }
        }
    }
}

/// A relay on a Unix socket in front of a server on another one.
pub(crate) struct Rig {
    pub(crate) asked: Asked,
    pub(crate) server: Server,
    pub(crate) relay: Serving,
    pub(crate) dir: TempDir,
}

impl Rig {
    /// HTTP, with a server that does this with each connection.
    pub(crate) fn http(serve: impl Fn(Wire) + Send + Sync + 'static) -> Self {
        Self::with_limits(Limits::new(), serve)
    }

    pub(crate) fn with_limits(limits: Limits, serve: impl Fn(Wire) + Send + Sync + 'static) -> Self {
        let asked = Asked::default();
        Self::new(asked.clone(), Relay::http1(asked.gate()).limits(limits), serve)
    }

    pub(crate) fn new(asked: Asked, relay: Relay, serve: impl Fn(Wire) + Send + Sync + 'static) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let server = Server::unix(dir.path().join("real"), serve);
        let at = Endpoint::unix(dir.path().join("relay"));
        let relay = relay.bind(&at, server.endpoint()).unwrap().serve().unwrap();
        Self { asked, server, relay, dir }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.dir.path().join("relay")
    }

    pub(crate) fn client(&self) -> Wire {
        Wire::to(self.relay.endpoint())
    }
}

/// Waits until this holds.
pub(crate) fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !holds() {
        assert!(Instant::now() < deadline, "in vain: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}
