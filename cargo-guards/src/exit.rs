//! The exit codes of the command. Where the engine fails, its own is given on.

/// Everything that was run has passed, or what was asked for is printed.
pub const SUCCESS: u8 = 0;

/// The operation failed: a file, a program, a test binary that cannot be listed.
pub const ERROR: u8 = 1;

/// The command line, the expression of `-m` or `guards.toml` is wrong. clap's own.
pub const USAGE: u8 = 2;

/// The engine was content, and declarations were broken all the same: a later try of a test hid the first. Or there are
/// more exceptions than `guards.toml` allows.
pub const VIOLATIONS: u8 = 3;

/// No test matched. nextest's own.
pub const NOTHING_MATCHED: u8 = 4;

/// A resource that the tests need is missing, and `--unavailable require` is in force.
pub const MISSING: u8 = 5;

/// `cargo guards fix --check` found something to fix.
pub const FIXABLE: u8 = 6;

/// The table of `cargo guards --help`.
pub(crate) const HELP: &str = "\
Exit codes:
  0      passed, or printed what was asked for
  1      an operation failed; the message says which
  2      the command line, the expression of -m or guards.toml is wrong
  3      the engine was content, but declarations were broken (a retry hid it); or there are more may(…) than
         guards.toml allows
  4      no test matched; with a filter behind `--` that matches none, `cargo test` has succeeded
  5      a resource is missing, and --unavailable require is in force
  6      `fix --check` found something to fix
  other  the engine's own: nextest gives 100 if tests failed, `cargo test` 101, both 101 if they do not build;
         128 and the signal's number if it was interrupted";
