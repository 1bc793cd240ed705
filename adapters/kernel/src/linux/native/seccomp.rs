//! Installing a filter, and what the kernel knows of filters.
#![expect(unsafe_code, reason = "seccomp(2) and prctl(2) have no safe interface")]

use std::io;
use std::os::fd::{FromRawFd as _, OwnedFd, RawFd};

use libc::{c_long, c_uint, c_ulong, sock_filter, sock_fprog};

fn seccomp(operation: c_uint, flags: c_ulong, argument: *mut libc::c_void) -> io::Result<c_long> {
    // SAFETY: callers pass what the operation asks for, and it outlives the call.
    let result = unsafe { libc::syscall(libc::SYS_seccomp, operation, flags, argument) };
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(result) }
}

/// What came of installing a filter with a listener.
pub(crate) enum Installed {
    /// It is in force, and its notifications come to this descriptor.
    Listener(OwnedFd),
    /// A filter with a listener was in force before, so somebody else watches already.
    Watched,
}

/// Puts the filter on this thread, which must be the only one, and on all that it will start.
pub(crate) fn install(filter: &mut [sock_filter]) -> io::Result<Installed> {
    let length = u16::try_from(filter.len()).map_err(|_| io::Error::from(io::ErrorKind::InvalidInput))?;
    let mut program = sock_fprog { len: length, filter: filter.as_mut_ptr() };
    let killable = libc::SECCOMP_FILTER_FLAG_NEW_LISTENER | libc::SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;
    let mut flags = killable;
    loop {
        let error = match seccomp(libc::SECCOMP_SET_MODE_FILTER, flags, (&raw mut program).cast()) {
            Ok(listener) => {
                let listener = RawFd::try_from(listener).map_err(|_| io::Error::from(io::ErrorKind::InvalidData))?;
                // SAFETY: with NEW_LISTENER a success is a descriptor that belongs to nobody else.
                return Ok(Installed::Listener(unsafe { OwnedFd::from_raw_fd(listener) }));
            }
            Err(error) => error,
        };
        match error.raw_os_error() {
            Some(libc::EBUSY) => return Ok(Installed::Watched),
            // Before Linux 5.19.
            Some(libc::EINVAL) if flags == killable => flags = libc::SECCOMP_FILTER_FLAG_NEW_LISTENER,
            // Not root, or root without CAP_SYS_ADMIN.
            Some(libc::EACCES) if !has_no_new_privileges() => set_no_new_privileges()?,
            _ => return Err(error),
        }
    }
}

/// Whether set-user-ID programs have no effect in this process any more.
pub(crate) fn has_no_new_privileges() -> bool {
    // SAFETY: PR_GET_NO_NEW_PRIVS takes no pointers; the other arguments must be 0.
    unsafe { libc::prctl(libc::PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 }
}

fn set_no_new_privileges() -> io::Result<()> {
    // SAFETY: PR_SET_NO_NEW_PRIVS takes no pointers; the other arguments must be 0.
    match unsafe { libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}

/// Whether the kernel has notifications, and messages of a size that is understood here.
pub(crate) fn notifies() -> io::Result<()> {
    let mut action = libc::SECCOMP_RET_USER_NOTIF;
    seccomp(libc::SECCOMP_GET_ACTION_AVAIL, 0, (&raw mut action).cast())?;
    let mut sizes = libc::seccomp_notif_sizes { seccomp_notif: 0, seccomp_notif_resp: 0, seccomp_data: 0 };
    seccomp(libc::SECCOMP_GET_NOTIF_SIZES, 0, (&raw mut sizes).cast())?;
    let fits = usize::from(sizes.seccomp_notif) <= size_of::<libc::seccomp_notif>()
        && usize::from(sizes.seccomp_notif_resp) <= size_of::<libc::seccomp_notif_resp>();
    if fits { Ok(()) } else { Err(io::Error::other("the kernel's notifications are larger than those known here")) }
}

/// Makes orphans of processes below this one its children, so that they stay below it.
pub(crate) fn adopt_orphans() -> io::Result<()> {
    // SAFETY: PR_SET_CHILD_SUBREAPER takes no pointers.
    match unsafe { libc::prctl(libc::PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}
