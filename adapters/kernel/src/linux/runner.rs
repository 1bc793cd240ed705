//! The program that cargo or nextest starts in front of each test binary: it puts itself under the filter, hands the
//! listener to the supervisor and becomes the test binary. It stays no parent, so signals, exit codes and children that
//! outlive it behave as without it.
//!
//! It is in `runner/`, without a C library, since it is started for each test; this puts it where it can be started.

use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use libc::sock_filter;

use crate::linux::filter::{Notified, filter};

const PROGRAM: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/runner"));

/// What it says in place of a descriptor where somebody else watches already.
pub(crate) const WATCHED: &str = "watched";

/// Writes the program and a filter into a directory, and gives their paths.
pub(crate) fn write(directory: &Path, notified: Notified) -> Result<[PathBuf; 2], (PathBuf, io::Error)> {
    let files = ["runner", "runner-filter"].map(|name| directory.join(name));
    let [program, instructions] = &files;
    let create = |path: &Path, mode: u32, bytes: &[u8]| {
        let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(mode).open(path)?;
        file.write_all(bytes)
    };
    create(program, 0o700, PROGRAM).map_err(|error| (program.clone(), error))?;
    create(instructions, 0o600, &bytes(&filter(notified))).map_err(|error| (instructions.clone(), error))?;
    Ok(files)
}

/// A filter as the kernel reads it.
fn bytes(filter: &[sock_filter]) -> Vec<u8> {
    let instruction = |step: &sock_filter| {
        let [code, jumps] = [step.code.to_ne_bytes(), [step.jt, step.jf]];
        code.into_iter().chain(jumps).chain(step.k.to_ne_bytes())
    };
    filter.iter().flat_map(instruction).collect()
}
