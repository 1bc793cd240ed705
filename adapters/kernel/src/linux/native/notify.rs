//! The notifications of one listener.
#![expect(unsafe_code, reason = "the ioctls of a listener have no safe interface")]

use std::io;
use std::os::fd::{AsFd, AsRawFd as _, BorrowedFd, OwnedFd};

/// What a process has called and waits for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Notification {
    pub(crate) id: u64,
    /// The thread, as this process sees it.
    pub(crate) tid: u32,
    pub(crate) arch: u32,
    pub(crate) number: i32,
    pub(crate) arguments: [u64; 6],
}

/// What it gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Response {
    /// The kernel does what was asked for.
    Continue,
    /// It is not done, and this is what the call returns.
    Return(i64),
    /// It is not done, and fails with this number.
    Fail(i32),
}

/// The receiving end of a filter.
#[derive(Debug)]
pub(crate) struct Listener(OwnedFd);

impl Listener {
    pub(crate) fn new(listener: OwnedFd) -> Self {
        const SYNC_WAKE_UP: u64 = 1;
        // SAFETY: the argument of this ioctl is a number. Before Linux 6.6 it fails, and all is slower.
        unsafe { libc::ioctl(listener.as_raw_fd(), libc::SECCOMP_IOCTL_NOTIF_SET_FLAGS, SYNC_WAKE_UP) };
        Self(listener)
    }

    /// Takes the next one. `None`: whoever called is gone, or a signal came first.
    pub(crate) fn receive(&self) -> io::Result<Option<Notification>> {
        // SAFETY: all zeros are a valid seccomp_notif, and what the kernel asks for.
        let mut notif: libc::seccomp_notif = unsafe { std::mem::zeroed() };
        // SAFETY: the kernel writes one seccomp_notif; `notifies` has checked that it is no larger than ours.
        let result = unsafe { libc::ioctl(self.0.as_raw_fd(), libc::SECCOMP_IOCTL_NOTIF_RECV, &raw mut notif) };
        if result < 0 {
            let error = io::Error::last_os_error();
            return match error.raw_os_error() {
                Some(libc::ENOENT | libc::EINTR) => Ok(None),
                _ => Err(error),
            };
        }
        Ok(Some(Notification {
            id: notif.id,
            tid: notif.pid,
            arch: notif.data.arch,
            number: notif.data.nr,
            arguments: notif.data.args,
        }))
    }

    /// Whether the call still waits, so that what was read under its thread's number was its own.
    pub(crate) fn waits(&self, id: u64) -> bool {
        let mut id = id;
        // SAFETY: the kernel reads one u64.
        unsafe { libc::ioctl(self.0.as_raw_fd(), libc::SECCOMP_IOCTL_NOTIF_ID_VALID, &raw mut id) == 0 }
    }

    /// Lets the caller go on. That it is gone is no error.
    pub(crate) fn respond(&self, id: u64, response: Response) -> io::Result<()> {
        let (val, error, flags) = match response {
            Response::Continue => (0, 0, libc::SECCOMP_USER_NOTIF_FLAG_CONTINUE as u32),
            Response::Return(value) => (value, 0, 0),
            Response::Fail(number) => (0, -number, 0),
        };
        let mut answer = libc::seccomp_notif_resp { id, val, error, flags };
        // SAFETY: the kernel reads one seccomp_notif_resp.
        let result = unsafe { libc::ioctl(self.0.as_raw_fd(), libc::SECCOMP_IOCTL_NOTIF_SEND, &raw mut answer) };
        if result < 0 {
            let error = io::Error::last_os_error();
            if error.raw_os_error() != Some(libc::ENOENT) {
                return Err(error);
            }
        }
        Ok(())
    }
}

impl AsFd for Listener {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}
