//! Where something listens: a Unix socket or a TCP address.

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::os::unix::net::UnixDatagram;
use std::path::PathBuf;
use std::str::FromStr;

use rustix::io::Errno;

use crate::RelayError;

/// Where something listens: the real service behind a relay, or the relay itself.
///
/// ```
/// use guard_relay::Endpoint;
///
/// assert_eq!(Endpoint::unix("/run/my.sock").to_string(), "unix:///run/my.sock");
/// assert_eq!("tcp://127.0.0.1:2375".parse::<Endpoint>().unwrap(), Endpoint::tcp(([127, 0, 0, 1], 2375)));
///
/// let error = "docker.sock".parse::<Endpoint>().unwrap_err();
/// assert!(error.to_string().starts_with("cannot read the endpoint `docker.sock`: it has no scheme"), "{error}");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Endpoint {
    /// A Unix stream socket.
    Unix(PathBuf),
    /// A TCP address.
    Tcp(SocketAddr),
}

impl Endpoint {
    /// The Unix socket at this path.
    #[must_use]
    pub fn unix(path: impl Into<PathBuf>) -> Self {
        Self::Unix(path.into())
    }

    /// This TCP address. Port 0 lets the system choose when a relay is bound to it.
    #[must_use]
    pub fn tcp(address: impl Into<SocketAddr>) -> Self {
        Self::Tcp(address.into())
    }

    /// A port of `127.0.0.1` that the system chooses when a relay is bound to it.
    #[must_use]
    pub fn loopback() -> Self {
        Self::tcp((Ipv4Addr::LOCALHOST, 0))
    }

    /// Whether somebody listens on a Unix socket, without connecting to it: a service that is started by its first client
    /// is not started. A guard that asks this before it puts a relay there leaves clients the very error of a service
    /// that is missing. It costs some microseconds.
    ///
    /// # Errors
    ///
    /// What a client would get: [`NotFound`](io::ErrorKind::NotFound), for a file that nobody listens on
    /// [`ConnectionRefused`](io::ErrorKind::ConnectionRefused), for one that this user may not use
    /// [`PermissionDenied`](io::ErrorKind::PermissionDenied). Of a TCP address nothing is known without a connection.
    pub fn is_served(&self) -> io::Result<()> {
        let Self::Unix(path) = self else { return Ok(()) };
        // The system looks for the socket before it sees that this one is of another kind.
        match UnixDatagram::unbound()?.connect(path) {
            Err(error) if error.raw_os_error() == Some(Errno::PROTOTYPE.raw_os_error()) => Ok(()),
            tried => tried,
        }
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unix(path) => write!(f, "unix://{}", path.display()),
            Self::Tcp(address) => write!(f, "tcp://{address}"),
        }
    }
}

impl FromStr for Endpoint {
    type Err = RelayError;

    /// Reads `unix:///path` and `tcp://127.0.0.1:2375`; names of hosts are not resolved.
    fn from_str(text: &str) -> Result<Self, RelayError> {
        let wrong = |reason: String| RelayError::Endpoint { text: text.to_owned(), reason };
        match text.split_once("://") {
            None => Err(wrong("it has no scheme".to_owned())),
            Some(("unix", path)) if path.starts_with('/') => Ok(Self::unix(path)),
            Some(("unix", _)) => Err(wrong("the path of the socket is not absolute".to_owned())),
            Some(("tcp", address)) => match address.trim_end_matches('/').parse::<SocketAddr>() {
                Ok(address) => Ok(Self::Tcp(address)),
                Err(_) => Err(wrong("it is not an IP address and a port".to_owned())),
            },
            Some((scheme, _)) => Err(wrong(format!("the scheme {scheme} is not known"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixListener;

    use super::*;

    #[test]
    fn who_listens_is_known_and_not_disturbed() {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("a.sock");
        let kind = || Endpoint::unix(&path).is_served().map_err(|error| error.kind());
        assert_eq!(kind(), Err(io::ErrorKind::NotFound));
        let listener = UnixListener::bind(&path).unwrap();
        assert_eq!(kind(), Ok(()));
        listener.set_nonblocking(true).unwrap();
        assert_eq!(listener.accept().unwrap_err().kind(), io::ErrorKind::WouldBlock, "nobody came");
        drop(listener);
        assert_eq!(kind(), Err(io::ErrorKind::ConnectionRefused));
    }
}
