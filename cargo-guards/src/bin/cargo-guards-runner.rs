//! What `--strict` and `audit` start in front of each test process. A program of its own because it is started so often:
//! `cargo-guards` itself, which can do the same, is large, and takes a fifth of the time of a short test to load.
#![no_main]
#![expect(
    unsafe_code,
    reason = "to start the runtime of the standard library takes a tenth of a millisecond for each test"
)]

use std::ffi::{CStr, OsStr, OsString, c_char, c_int};
use std::os::unix::ffi::OsStrExt as _;

/// Where the C library begins. What the runtime would set up before is not needed.
#[unsafe(no_mangle)]
extern "C" fn main(_: c_int, arguments: *const *const c_char) -> c_int {
    // SAFETY: the C library passes arguments that end with a null pointer, and they stay for as long as the process.
    let arguments: Vec<OsString> = unsafe {
        let pointers = (0..).map(|n| *arguments.add(n)).take_while(|argument| !argument.is_null());
        pointers.map(|argument| OsStr::from_bytes(CStr::from_ptr(argument).to_bytes()).to_owned()).collect()
    };
    // It returns only if it could not become the test.
    let error = match arguments.get(1).is_some_and(|word| word == guard_kernel::runner::COMMAND) {
        true => guard_kernel::runner::main(&arguments[2..]).to_string(),
        false => "this is a part of `cargo guards`, which starts it".to_owned(),
    };
    eprintln!("error: {error}");
    1
}
