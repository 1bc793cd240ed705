//! Connecting a socket of another process in its place.

use std::io;
use std::os::fd::OwnedFd;
use std::path::Path;
use std::time::{Duration, Instant};

use rustix::fs::OFlags;
use rustix::io::Errno;
use rustix::net::SocketAddrUnix;

/// How long a service that is busy may take to accept.
const PATIENCE: Duration = Duration::from_secs(10);

/// Connects to a Unix socket. `socket` is a copy of the other process' descriptor, so its flags are shared: they are as
/// before when this returns.
pub(crate) fn connect(socket: &OwnedFd, to: &Path) -> io::Result<()> {
    let to = SocketAddrUnix::new(to)?;
    let flags = rustix::fs::fcntl_getfl(socket)?;
    let blocks = !flags.contains(OFlags::NONBLOCK);
    if blocks {
        // A queue that is full must not hold this thread for ever.
        rustix::fs::fcntl_setfl(socket, flags | OFlags::NONBLOCK)?;
    }
    let end = Instant::now() + PATIENCE;
    let connected = loop {
        match rustix::net::connect(socket, &to) {
            Err(Errno::AGAIN) if blocks && Instant::now() < end => std::thread::sleep(Duration::from_millis(2)),
            done => break done,
        }
    };
    if blocks {
        rustix::fs::fcntl_setfl(socket, flags)?;
    }
    Ok(connected?)
}
