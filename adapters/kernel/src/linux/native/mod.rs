//! System calls that have no safe interface elsewhere, each behind a safe name.

pub(crate) mod memory;
pub(crate) mod notify;
pub(crate) mod reap;
pub(crate) mod seccomp;
