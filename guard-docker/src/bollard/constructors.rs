//! bollard's constructors, by their own names. Each returns a plain `bollard::Docker`.

use bollard::errors::Error;
use bollard::{API_DEFAULT_VERSION, ClientVersion, Docker};
use hyper_util::client::legacy::connect::HttpConnector;
use hyperlocal::UnixConnector;

use super::transport::guarded;
use crate::endpoint::{DEFAULT_SOCKET, Upstream};
use crate::guard::{current_upstream, podman_upstream};

/// Seconds that bollard waits for an answer by default.
const TIMEOUT: u64 = 120;

/// As `Docker::connect_with_local_defaults`.
///
/// # Errors
///
/// As there. So with all of these: a request that the test does not declare fails with an error of which
/// [`violation`](super::violation) tells more.
pub fn connect_with_local_defaults() -> Result<Docker, Error> {
    connect_with_unix_defaults()
}

/// As `Docker::connect_with_local`.
///
/// # Errors
///
/// As there.
pub fn connect_with_local(path: &str, timeout: u64, version: &ClientVersion) -> Result<Docker, Error> {
    connect_with_unix(path, timeout, version)
}

/// As `Docker::connect_with_socket_defaults`: the default socket, whatever `DOCKER_HOST` is.
///
/// # Errors
///
/// As there.
pub fn connect_with_socket_defaults() -> Result<Docker, Error> {
    connect_with_unix(DEFAULT_SOCKET, TIMEOUT, API_DEFAULT_VERSION)
}

/// As `Docker::connect_with_socket`.
///
/// # Errors
///
/// As there.
pub fn connect_with_socket(path: &str, timeout: u64, version: &ClientVersion) -> Result<Docker, Error> {
    connect_with_unix(path, timeout, version)
}

/// As `Docker::connect_with_unix_defaults`: the socket that `DOCKER_HOST` names, else the default one.
///
/// # Errors
///
/// As there.
pub fn connect_with_unix_defaults() -> Result<Docker, Error> {
    let socket = match current_upstream() {
        Upstream::Socket(socket) => socket.to_string_lossy().into_owned(),
        Upstream::Remote(_) => DEFAULT_SOCKET.to_owned(),
    };
    connect_with_unix(&socket, TIMEOUT, API_DEFAULT_VERSION)
}

/// As `Docker::connect_with_podman_defaults`: the socket that the user's own `DOCKER_HOST` names, else podman's, the
/// user's own first, else the default one.
///
/// # Errors
///
/// As there.
pub fn connect_with_podman_defaults() -> Result<Docker, Error> {
    let socket = podman_upstream();
    connect_with_unix(&socket.to_string_lossy(), TIMEOUT, API_DEFAULT_VERSION)
}

/// As `Docker::connect_with_unix`.
///
/// # Errors
///
/// As there.
pub fn connect_with_unix(path: &str, timeout: u64, version: &ClientVersion) -> Result<Docker, Error> {
    let path = path.strip_prefix("unix://").unwrap_or(path);
    if !std::path::Path::new(path).exists() {
        return Err(Error::SocketNotFoundError(path.to_owned()));
    }
    // hyperlocal finds the path in the host of the URI, in hexadecimal.
    let host: String = path.bytes().map(|byte| format!("{byte:02x}")).collect();
    guarded(UnixConnector, format!("unix://{host}"), timeout, version)
}

/// As `Docker::connect_with_defaults`: wherever `DOCKER_HOST` says, else the default socket.
///
/// # Errors
///
/// As there.
pub fn connect_with_defaults() -> Result<Docker, Error> {
    match current_upstream() {
        Upstream::Socket(socket) => connect_with_unix(&socket.to_string_lossy(), TIMEOUT, API_DEFAULT_VERSION),
        Upstream::Remote(host) => connect_with_host(&host),
    }
}

/// As `Docker::connect_with_host`, for `unix://`, `tcp://` and `http://`.
///
/// # Errors
///
/// As there. TLS, also where `DOCKER_TLS_VERIFY` asks for it, and SSH are not guarded here: they are answered with the
/// error for an unsupported scheme.
pub fn connect_with_host(host: &str) -> Result<Docker, Error> {
    let in_clear = std::env::var_os("DOCKER_TLS_VERIFY").is_none();
    match host.split_once("://") {
        Some(("unix", _)) => connect_with_unix(host, TIMEOUT, API_DEFAULT_VERSION),
        Some(("tcp" | "http", _)) if in_clear => connect_with_http(host, TIMEOUT, API_DEFAULT_VERSION),
        _ => Err(Error::UnsupportedURISchemeError { uri: host.to_owned() }),
    }
}

/// As `Docker::connect_with_http_defaults`: the address in `DOCKER_HOST`, else port 2375 of this machine.
///
/// # Errors
///
/// As there.
pub fn connect_with_http_defaults() -> Result<Docker, Error> {
    const DEFAULT: &str = "tcp://localhost:2375";
    let host = match current_upstream() {
        Upstream::Remote(host) => host,
        Upstream::Socket(_) => DEFAULT.to_owned(),
    };
    connect_with_http(&host, TIMEOUT, API_DEFAULT_VERSION)
}

/// As `Docker::connect_with_http`.
///
/// # Errors
///
/// As there.
pub fn connect_with_http(address: &str, timeout: u64, version: &ClientVersion) -> Result<Docker, Error> {
    let address = address.split_once("://").map_or(address, |(_, rest)| rest);
    guarded(HttpConnector::new(), format!("http://{address}"), timeout, version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_guarded_is_not_connected_to() {
        for host in ["ssh://user@host", "https://host:2376", "npipe:////./pipe/docker_engine", "docker.sock"] {
            let error = connect_with_host(host).unwrap_err();
            assert!(matches!(&error, Error::UnsupportedURISchemeError { uri } if uri == host), "{error}");
        }
    }

    #[test]
    fn a_socket_that_is_not_there_is_said_to_be_missing() {
        for path in ["/nowhere/docker.sock", "unix:///nowhere/docker.sock"] {
            let error = connect_with_unix(path, 1, API_DEFAULT_VERSION).unwrap_err();
            assert!(matches!(&error, Error::SocketNotFoundError(path) if path == "/nowhere/docker.sock"), "{error}");
        }
    }
}
