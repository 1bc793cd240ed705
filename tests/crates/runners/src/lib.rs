//! Code whose lines are counted.
#![forbid(unsafe_code)]

/// Called in the process of one isolated test, and nowhere else.
#[inline(never)]
pub fn called_by_one_isolated_test(n: u64) -> u64 {
    n + 1
}

/// Called by nobody.
#[inline(never)]
pub fn called_by_nobody(n: u64) -> u64 {
    n + 2
}
