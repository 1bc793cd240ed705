//! Waiting for sockets, and the alarm that ends every wait.

use std::io::{self, Write};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, Timespec, poll};
use rustix::io::Errno;

/// Waits until one of `fds` is ready or `deadline` has passed; without a deadline, for ever.
pub(crate) fn wait(fds: &mut [PollFd<'_>], deadline: Option<Instant>) -> io::Result<()> {
    loop {
        let left = deadline.map(|deadline| {
            let left = deadline.saturating_duration_since(Instant::now());
            Timespec::try_from(left).unwrap_or(Timespec { tv_sec: 3600, tv_nsec: 0 })
        });
        match poll(fds, left.as_ref()) {
            Err(Errno::INTR) => {}
            result => return Ok(result.map(drop)?),
        }
    }
}

/// Ends the waits of all threads of a relay: once raised, its descriptor is readable for ever.
#[derive(Debug)]
pub(crate) struct Alarm {
    raised: AtomicBool,
    bell: UnixStream,
    ear: UnixStream,
}

impl Alarm {
    pub(crate) fn new() -> io::Result<Self> {
        let (bell, ear) = UnixStream::pair()?;
        Ok(Self { raised: AtomicBool::new(false), bell, ear })
    }

    /// Whether this was the first call.
    pub(crate) fn raise(&self) -> bool {
        let first = !self.raised.swap(true, Ordering::SeqCst);
        if first {
            // The byte is never read: poll then reports it to every thread, however late.
            let _ = (&mut &self.bell).write(&[1]);
        }
        first
    }

    pub(crate) fn is_raised(&self) -> bool {
        self.raised.load(Ordering::SeqCst)
    }

    /// A pause that the alarm cuts short.
    pub(crate) fn pause(&self, time: Duration) {
        let mut fds = [PollFd::new(self, rustix::event::PollFlags::IN)];
        let _ = wait(&mut fds, Some(Instant::now() + time));
    }
}

impl AsFd for Alarm {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.ear.as_fd()
    }
}
