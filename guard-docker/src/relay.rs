//! The relay in front of the daemon's socket.

use std::io::{Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::{Once, OnceLock};
use std::time::Duration;

use guard_relay::{Bound, Endpoint, Refusal, Relay, RelayError, Request};
use resource_guards::{Availability, Via};

use crate::endpoint::Upstream;
use crate::evidence::{is_use, without_version};
use crate::guard::DOCKER;

/// The relay of this process and what it stands in front of, so that the hook goes straight to the daemon.
static IN_FRONT: OnceLock<InFront> = OnceLock::new();

/// What a relay stands in front of.
pub(crate) struct InFront {
    /// The relay's address, as it stands in `DOCKER_HOST`.
    pub(crate) relay: String,
    pub(crate) socket: PathBuf,
    /// Whether the user's own `DOCKER_HOST` names the socket.
    #[cfg_attr(not(feature = "bollard"), expect(dead_code, reason = "only the constructors ask"))]
    pub(crate) chosen: bool,
}

pub(crate) fn in_front_of(front: InFront) {
    let _ = IN_FRONT.set(front);
}

/// The daemon behind the relay of this process, as long as `DOCKER_HOST` names that relay.
pub(crate) fn upstream() -> Option<&'static InFront> {
    let front = IN_FRONT.get()?;
    (std::env::var_os("DOCKER_HOST")? == front.relay.as_str()).then_some(front)
}

pub(crate) fn bind(at: PathBuf, real: &Path) -> Result<Bound, RelayError> {
    let missing = real.to_owned();
    let said = Once::new();
    Relay::http1(gate)
        .only_while_served()
        .on_unreachable(move |error| {
            // This client sees no more than a connection that ends.
            said.call_once(|| eprintln!("guard-docker: nothing answers at `{}`: {error}", missing.display()));
            None
        })
        .bind(&Endpoint::unix(at), Endpoint::unix(real))
}

/// Asks for each request. Its path is the target, so that a declaration can be narrowed to `docker("/images/*")`.
fn gate(request: &Request<'_>) -> Result<(), Refusal> {
    if !is_use(request.path()) {
        return Ok(());
    }
    let path = without_version(request.path());
    DOCKER.enforce_via(&Via::relay("relay").at(path), || format!("{} {path}", request.method())).map_err(Refusal::json)
}

/// Asks the daemon whether it is there.
pub(crate) fn ping(upstream: &Upstream) -> Availability {
    const PATIENCE: Duration = Duration::from_secs(2);
    let Upstream::Socket(socket) = upstream else { return Availability::Unknown };
    let asked = UnixStream::connect(socket).and_then(|mut daemon| {
        daemon.set_read_timeout(Some(PATIENCE))?;
        daemon.write_all(b"GET /_ping HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n\r\n")?;
        let mut answer = [0; 12];
        daemon.read_exact(&mut answer)?;
        Ok(answer.ends_with(b" 200"))
    });
    match asked {
        Ok(true) => Availability::Available,
        Ok(false) => Availability::Missing(format!("`{}` does not answer a ping with 200", socket.display())),
        Err(error) => Availability::Missing(format!("`{}` cannot be asked: {error}", socket.display())),
    }
}
