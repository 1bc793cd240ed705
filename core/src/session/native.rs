//! The unsafe calls of the session, each behind a safe name.
#![expect(unsafe_code, reason = "constructors, exit handlers and the environment have no safe interface")]

use std::ffi::OsStr;

/// Runs [`super::start::start`] before `main`.
///
/// It stands in this crate because dependents link first: their `inventory` entries are registered by then.
#[used]
#[cfg_attr(not(target_vendor = "apple"), unsafe(link_section = ".init_array"))]
#[cfg_attr(target_vendor = "apple", unsafe(link_section = "__DATA,__mod_init_func"))]
static START: extern "C" fn() = {
    extern "C" fn start() {
        super::start::start();
    }
    start
};

/// Calls [`super::exit::exit`] when the process ends, with its status where the system tells it.
pub(super) fn at_exit() -> bool {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        unsafe extern "C" {
            fn on_exit(
                handler: extern "C" fn(libc::c_int, *mut libc::c_void),
                argument: *mut libc::c_void,
            ) -> libc::c_int;
        }
        extern "C" fn handler(status: libc::c_int, _: *mut libc::c_void) {
            super::exit::exit(Some(status));
        }
        // SAFETY: the handler is a function with the signature that on_exit(3) asks for, and takes no argument.
        unsafe { on_exit(handler, std::ptr::null_mut()) == 0 }
    }
    #[cfg(not(all(target_os = "linux", target_env = "gnu")))]
    {
        extern "C" fn handler() {
            super::exit::exit(None);
        }
        // SAFETY: the handler is a function with the signature that atexit(3) asks for.
        unsafe { libc::atexit(handler) == 0 }
    }
}

/// Writes out what C code has buffered.
pub(super) fn flush_c() {
    // SAFETY: a null stream means all open output streams.
    unsafe {
        libc::fflush(std::ptr::null_mut());
    }
}

/// Ends the process without running further exit handlers.
pub(super) fn end(status: i32) -> ! {
    flush_c();
    // SAFETY: _exit has no preconditions.
    unsafe { libc::_exit(status) }
}

/// Sets or removes a variable. Only for the constructor.
pub(super) fn set_variable(name: &OsStr, value: Option<&OsStr>) {
    // SAFETY: called from the constructor alone, before `main` and before any thread is started.
    unsafe {
        match value {
            Some(value) => std::env::set_var(name, value),
            None => std::env::remove_var(name),
        }
    }
}

/// Whether this process has a child that it has not waited for.
pub(super) fn has_children() -> bool {
    // SAFETY: zeroed is a valid siginfo_t, and WNOWAIT leaves the child for whoever waits for it.
    unsafe {
        let mut info: libc::siginfo_t = std::mem::zeroed();
        libc::waitid(libc::P_ALL, 0, &raw mut info, libc::WEXITED | libc::WNOHANG | libc::WNOWAIT) == 0
    }
}
