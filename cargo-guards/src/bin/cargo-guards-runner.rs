//! What `--strict` and `audit` start in front of each test process. A program of its own because it is started so often:
//! `cargo-guards` itself, which can do the same, is large, and takes a fifth of the time of a short test to load.

use std::ffi::OsString;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    // It returns only if it could not become the test.
    let error = match arguments.get(1).is_some_and(|word| word == guard_kernel::runner::COMMAND) {
        true => guard_kernel::runner::main(&arguments[2..]).to_string(),
        false => "this is a part of `cargo guards`, which starts it".to_owned(),
    };
    eprintln!("error: {error}");
    ExitCode::FAILURE
}
