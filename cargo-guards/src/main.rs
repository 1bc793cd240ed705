//! `cargo guards`.

use std::process::ExitCode;

fn main() -> ExitCode {
    cargo_guards::main(std::env::args_os())
}
