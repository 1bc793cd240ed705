//! One connection, of either family, that never blocks.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::UnixStream;
use std::time::Duration;

use rustix::io::Errno;
use rustix::net::RecvFlags;

use super::Endpoint;

/// A connected socket: non-blocking, closed on `exec`, and silent on a broken pipe, the way the standard library makes
/// them.
#[derive(Debug)]
pub(crate) enum Stream {
    Unix(UnixStream),
    Tcp(TcpStream),
}

impl Stream {
    /// Connects. `patience` bounds TCP; a Unix socket answers at once unless its service has stopped accepting.
    pub(crate) fn connect(endpoint: &Endpoint, patience: Duration) -> io::Result<Self> {
        match endpoint {
            Endpoint::Unix(path) => Self::unix(UnixStream::connect(path)?),
            Endpoint::Tcp(address) => Self::tcp(TcpStream::connect_timeout(address, patience)?),
        }
    }

    pub(super) fn unix(stream: UnixStream) -> io::Result<Self> {
        stream.set_nonblocking(true)?;
        Ok(Self::Unix(stream))
    }

    pub(super) fn tcp(stream: TcpStream) -> io::Result<Self> {
        stream.set_nonblocking(true)?;
        // Whether to wait for more is the decision of the two ends, and was taken when the bytes came here.
        stream.set_nodelay(true)?;
        Ok(Self::Tcp(stream))
    }

    pub(crate) fn receive(&self, buffer: &mut [u8]) -> io::Result<usize> {
        uninterrupted(|| match self {
            Self::Unix(stream) => (&mut &*stream).read(buffer),
            Self::Tcp(stream) => (&mut &*stream).read(buffer),
        })
    }

    pub(crate) fn send(&self, bytes: &[u8]) -> io::Result<usize> {
        uninterrupted(|| match self {
            Self::Unix(stream) => (&mut &*stream).write(bytes),
            Self::Tcp(stream) => (&mut &*stream).write(bytes),
        })
    }

    /// Whether the other end has not ended the connection, as far as is known.
    pub(crate) fn is_open(&self) -> bool {
        let mut byte = [0];
        match rustix::net::recv(self, &mut byte, RecvFlags::PEEK | RecvFlags::DONTWAIT) {
            Ok((_, count)) => count > 0,
            Err(error) => error == Errno::WOULDBLOCK,
        }
    }

    /// Ends one direction. That the other end is gone already is no error here: reads and writes will say so.
    pub(crate) fn shutdown(&self, how: Shutdown) {
        let _ = match self {
            Self::Unix(stream) => stream.shutdown(how),
            Self::Tcp(stream) => stream.shutdown(how),
        };
    }

    /// Closes so that the other end sees a reset and no orderly end, where the family knows the difference.
    pub(crate) fn reset(self) {
        if let Self::Tcp(stream) = &self {
            let _ = rustix::net::sockopt::set_socket_linger(stream, Some(Duration::ZERO));
        }
    }

    /// The process at the other end of a Unix socket.
    #[cfg(target_os = "linux")]
    pub(crate) fn peer_pid(&self) -> Option<u32> {
        let Self::Unix(stream) = self else { return None };
        let credentials = rustix::net::sockopt::socket_peercred(stream).ok()?;
        u32::try_from(credentials.pid.as_raw_nonzero().get()).ok()
    }

    #[cfg(not(target_os = "linux"))]
    pub(crate) fn peer_pid(&self) -> Option<u32> {
        None
    }
}

impl AsFd for Stream {
    fn as_fd(&self) -> BorrowedFd<'_> {
        match self {
            Self::Unix(stream) => stream.as_fd(),
            Self::Tcp(stream) => stream.as_fd(),
        }
    }
}

fn uninterrupted(mut call: impl FnMut() -> io::Result<usize>) -> io::Result<usize> {
    loop {
        match call() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}
