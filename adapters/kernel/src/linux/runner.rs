//! The program that cargo or nextest starts in front of each test binary: it puts itself under the filter, hands the
//! listener to the supervisor and becomes the test binary. It stays no parent, so signals, exit codes and children that
//! outlive it behave as without it.
//!
//! It is in `runner/`, without a C library, since it is started for each test; this puts it where it can be started.

use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::{self, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use libc::sock_filter;

use crate::linux::filter::{Notified, filter};

const PROGRAM: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/runner"));

/// What it says in place of a descriptor where somebody else watches already.
pub(crate) const WATCHED: &str = "watched";

/// Writes the program and a filter into a directory, if they are not there yet, and gives their paths.
pub(crate) fn write(directory: &Path, notified: Notified) -> Result<[PathBuf; 2], (PathBuf, io::Error)> {
    Ok([write_one(directory, "runner", PROGRAM)?, write_one(directory, "filter", &bytes(&filter(notified)))?])
}

/// The name tells the content, so that runs at the same time, of other versions too, do not disturb each other.
fn write_one(directory: &Path, name: &str, bytes: &[u8]) -> Result<PathBuf, (PathBuf, io::Error)> {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    let path = directory.join(format!("{name}-{:016x}", hasher.finish()));
    if fs::read(&path).is_ok_and(|there| there == bytes) {
        return Ok(path);
    }
    let write = || {
        fs::create_dir_all(directory)?;
        let mut file = tempfile::NamedTempFile::new_in(directory)?;
        file.write_all(bytes)?;
        file.as_file().set_permissions(fs::Permissions::from_mode(0o755))?;
        file.persist(&path)?;
        Ok(())
    };
    write().map_err(|error| (path.clone(), error))?;
    Ok(path)
}

/// A filter as the kernel reads it.
fn bytes(filter: &[sock_filter]) -> Vec<u8> {
    let instruction = |step: &sock_filter| {
        let [code, jumps] = [step.code.to_ne_bytes(), [step.jt, step.jf]];
        code.into_iter().chain(jumps).chain(step.k.to_ne_bytes())
    };
    filter.iter().flat_map(instruction).collect()
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    /// What the runner says and does with these words behind the address, where nobody supervises.
    fn run(words: &[&str]) -> (Option<i32>, String) {
        let directory = tempfile::tempdir().unwrap();
        let [program, filter] = write(directory.path(), Notified { messages: false }).unwrap();
        let output = Command::new(program).arg("nobody").arg(filter).args(words).output().unwrap();
        (output.status.code(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
    }

    #[test]
    fn a_program_is_found_by_its_path_and_by_its_name() {
        for sh in ["/bin/sh", "sh"] {
            assert_eq!(run(&[sh, "-c", "echo $2; exit 7", "--list", "a", "b"]), (Some(7), "b\n".to_owned()));
        }
    }

    #[test]
    fn what_fails_is_said_with_the_program_and_the_reason() {
        let no_view = "error: cannot put `/bin/sh` under the kernel's view: Connection refused (os error 111)\n";
        assert_eq!(run(&["/bin/sh"]), (Some(1), no_view.to_owned()));
        let none = |program| format!("error: cannot run `{program}`: No such file or directory (os error 2)\n");
        for program in ["/nowhere/it", "no-such-program"] {
            assert_eq!(run(&[program, "--list"]), (Some(1), none(program)));
        }
        let denied = "error: cannot run `/etc/passwd`: Permission denied (os error 13)\n";
        assert_eq!(run(&["/etc/passwd", "--list"]), (Some(1), denied.to_owned()));
        let long = "x".repeat(5_000);
        let too_long = format!("error: cannot run `{long}`: error of the system (os error 36)\n");
        assert_eq!(run(&[&long, "--list"]), (Some(1), too_long));
        let by_hand = "error: this is a part of `cargo guards`, which starts it\n";
        assert_eq!(run(&[]), (Some(1), by_hand.to_owned()));
    }

    #[test]
    fn what_is_there_is_used_again_and_what_is_broken_is_not() {
        let directory = tempfile::tempdir().unwrap();
        let made = directory.path().join("made");
        let paths = |messages| write(&made, Notified { messages }).unwrap();
        let [program, filter] = paths(false);
        assert_eq!(paths(true)[0], program);
        assert_ne!(paths(true)[1], filter);
        fs::write(&filter, "torn").unwrap();
        assert_eq!(paths(false)[1], filter);
        assert_ne!(fs::read(&filter).unwrap(), b"torn");
        assert_eq!(fs::read_dir(&made).unwrap().count(), 3);
    }

    #[test]
    fn a_place_that_cannot_be_written_to_is_named() {
        let (path, error) = write(Path::new("/proc/none"), Notified { messages: true }).unwrap_err();
        assert!(path.starts_with("/proc/none"), "{path:?}");
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
    }
}
