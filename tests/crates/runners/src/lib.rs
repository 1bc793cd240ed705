//! Code whose runs are counted.
#![forbid(unsafe_code)]

/// Called by tests, each of which knows how often.
#[inline(never)]
pub fn called(n: u64) -> u64 {
    n + 1
}
