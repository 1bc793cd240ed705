//! A number that changes whenever the answer to "may I?" may change, so that known uses cost two loads.

use std::sync::atomic::{AtomicU64, Ordering};

/// Nothing is guarded in this process.
pub(crate) const INACTIVE: u64 = 0;

static EPOCH: AtomicU64 = AtomicU64::new(INACTIVE);

/// The current epoch.
#[inline]
pub(crate) fn now() -> u64 {
    EPOCH.load(Ordering::Relaxed)
}

/// Forgets all known uses.
pub(crate) fn next() {
    EPOCH.fetch_add(1, Ordering::Release);
}
