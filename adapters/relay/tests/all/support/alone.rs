//! Tests that count the threads and descriptors of their process, and so need one of their own.

use std::process::Command;

const MARK: &str = "GUARD_RELAY_TEST_ALONE";

/// Runs the test of this name again in a process of its own, in which this returns true.
pub(crate) fn alone(test: &str) -> bool {
    if std::env::var_os(MARK).is_some() {
        return true;
    }
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture", "--test-threads=1"])
        .env(MARK, "1")
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && text.contains("1 passed"), "{test} failed in its own process:\n{text}");
    println!("{text}");
    false
}
