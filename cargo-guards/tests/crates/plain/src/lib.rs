//! A crate that never heard of guards.

#[cfg(feature = "broken")]
compile_error!("broken on purpose");

/// ```
/// println!("a documentation test runs");
/// ```
pub fn documented() {}

#[test]
fn adds() {}
