//! Where something listens: a Unix socket or a TCP address.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;

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
