//! What a nested run may inherit: as little as possible of the run that this test is part of.

use std::env;
use std::ffi::OsStr;
use std::process::Command;

/// Begins a command without the variables that cargo, nextest and a session of guards set for the tests they run.
///
/// What is run by hand needs it too: a test binary that inherits the run's record directory would write into it.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    for (name, _) in env::vars_os() {
        if name.to_str().is_none_or(is_of_a_run) {
            command.env_remove(name);
        }
    }
    command.env("RUST_BACKTRACE", "0");
    command
}

/// Whether a variable tells something about the run we are part of, and nothing about the machine.
fn is_of_a_run(name: &str) -> bool {
    const PREFIXES: &[&str] = &[
        "CARGO_BIN_",
        "CARGO_CFG_",
        "CARGO_FEATURE_",
        "CARGO_MANIFEST_",
        "CARGO_PKG_",
        "NEXTEST",
        "RESOURCE_GUARDS",
        "RUST_LIB_BACKTRACE",
        "RUST_LOG",
        "RUST_TEST_",
    ];
    const NAMES: &[&str] = &[
        "CARGO",
        "CARGO_BUILD_TARGET_DIR",
        "CARGO_CRATE_NAME",
        "CARGO_ENCODED_RUSTFLAGS",
        "CARGO_MAKEFLAGS",
        "CARGO_PRIMARY_PACKAGE",
        "CARGO_TARGET_DIR",
        "CARGO_TARGET_TMPDIR",
        "CARGO_TERM_COLOR",
        "CARGO_TERM_VERBOSE",
        "LD_LIBRARY_PATH",
        "MAKEFLAGS",
        "MFLAGS",
        "OUT_DIR",
    ];
    NAMES.contains(&name)
        || PREFIXES.iter().any(|prefix| name.starts_with(prefix))
        || (name.starts_with("CARGO_TARGET_") && name.ends_with("_RUNNER"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_runner_sets_is_left_out_and_what_the_user_sets_is_kept() {
        for of_a_run in ["NEXTEST_EXECUTION_MODE", "RESOURCE_GUARDS", "CARGO_PKG_NAME", "CARGO_TARGET_X_RUNNER"] {
            assert!(is_of_a_run(of_a_run), "{of_a_run}");
        }
        for of_the_user in ["PATH", "HOME", "CARGO_HOME", "CARGO_NET_OFFLINE", "CARGO_TARGET_X_LINKER", "RUSTFLAGS"] {
            assert!(!is_of_a_run(of_the_user), "{of_the_user}");
        }
    }
}
