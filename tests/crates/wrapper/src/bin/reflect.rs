//! Tells its arguments, its environment and its standard input, each with its length in front, and ends as told.

use std::io::{self, Read as _, Write as _};
use std::os::unix::ffi::OsStrExt as _;
use std::{env, process};

fn main() {
    let mut out = Vec::new();
    let mut tell = |what: &str, bytes: &[u8]| {
        out.extend_from_slice(format!("{what} {} ", bytes.len()).as_bytes());
        out.extend_from_slice(bytes);
        out.push(b'\n');
    };
    for argument in env::args_os().skip(1) {
        tell("argument", argument.as_bytes());
    }
    if env::var_os("TELL_ENVIRONMENT").is_some() {
        for (name, value) in env::vars_os() {
            tell("name", name.as_bytes());
            tell("value", value.as_bytes());
        }
    }
    let mut input = Vec::new();
    io::stdin().read_to_end(&mut input).expect("standard input is readable");
    tell("input", &input);
    tell("pid", process::id().to_string().as_bytes());
    io::stdout().write_all(&out).expect("standard output is writable");
    io::stderr().write_all(b"to standard error\xff\n").expect("standard error is writable");
    if env::var_os("ABORT").is_some() {
        process::abort();
    }
    let code = env::var("EXIT_CODE").ok().and_then(|code| code.parse().ok());
    process::exit(code.unwrap_or(0));
}
