//! What the kernel knows of filters.
#![expect(unsafe_code, reason = "seccomp(2) and prctl(2) have no safe interface")]

use std::io;

use libc::{c_long, c_uint, c_ulong};

fn seccomp(operation: c_uint, flags: c_ulong, argument: *mut libc::c_void) -> io::Result<c_long> {
    // SAFETY: callers pass what the operation asks for, and it outlives the call.
    let result = unsafe { libc::syscall(libc::SYS_seccomp, operation, flags, argument) };
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(result) }
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
