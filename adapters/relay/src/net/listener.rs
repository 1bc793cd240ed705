//! The listening socket of a relay.

use std::io;
use std::net::TcpListener;
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::UnixListener;

use super::{Endpoint, Stream, check_socket_path};
use crate::RelayError;

/// Connections that may wait to be accepted. A full queue fails clients which do not block in `connect`, so it is as
/// long as the system allows.
const BACKLOG: i32 = 4096;

/// Whether closing a listener ends the `accept` of other threads.
pub(crate) const CLOSING_WAKES: bool = cfg!(target_os = "linux");

#[derive(Debug)]
pub(crate) enum Listener {
    Unix(UnixListener),
    Tcp(TcpListener),
}

impl Listener {
    /// Listens, and says where: a port of 0 is replaced by the port that the system chose.
    pub(crate) fn bind(endpoint: &Endpoint) -> Result<(Self, Endpoint), RelayError> {
        if let Endpoint::Unix(path) = endpoint {
            check_socket_path(path)?;
        }
        Self::open(endpoint).map_err(|source| RelayError::Listen {
            endpoint: endpoint.clone(),
            hint: hint(endpoint, &source),
            source,
        })
    }

    fn open(endpoint: &Endpoint) -> io::Result<(Self, Endpoint)> {
        let (listener, bound) = match endpoint {
            Endpoint::Unix(path) => (Self::Unix(UnixListener::bind(path)?), endpoint.clone()),
            Endpoint::Tcp(address) => {
                let listener = TcpListener::bind(address)?;
                let bound = Endpoint::Tcp(listener.local_addr()?);
                (Self::Tcp(listener), bound)
            }
        };
        // A shorter queue also works.
        let _ = rustix::net::listen(&listener, BACKLOG);
        Ok((listener, bound))
    }

    /// Blocks until someone connects, or [`close`](Self::close) is called.
    pub(crate) fn accept(&self) -> io::Result<Stream> {
        match self {
            Self::Unix(listener) => Stream::unix(listener.accept()?.0),
            Self::Tcp(listener) => Stream::tcp(listener.accept()?.0),
        }
    }

    /// Takes no more connections. Where it [wakes](CLOSING_WAKES), every thread in [`accept`](Self::accept) returns.
    pub(crate) fn close(&self) {
        let _ = rustix::net::shutdown(self, rustix::net::Shutdown::Both);
    }
}

impl AsFd for Listener {
    fn as_fd(&self) -> BorrowedFd<'_> {
        match self {
            Self::Unix(listener) => listener.as_fd(),
            Self::Tcp(listener) => listener.as_fd(),
        }
    }
}

fn hint(endpoint: &Endpoint, error: &io::Error) -> &'static str {
    match (endpoint, error.kind()) {
        (Endpoint::Unix(_), io::ErrorKind::AddrInUse) => "remove the file, or choose another path",
        (Endpoint::Unix(_), io::ErrorKind::NotFound) => "create its directory first",
        (Endpoint::Unix(_), io::ErrorKind::PermissionDenied) => "choose a directory that you may write to",
        (Endpoint::Tcp(_), io::ErrorKind::AddrInUse) => "choose port 0 to get a free one",
        (Endpoint::Tcp(_), io::ErrorKind::AddrNotAvailable) => "choose an address of this machine",
        _ => "choose another endpoint",
    }
}
