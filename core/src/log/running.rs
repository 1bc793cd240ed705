//! The first line of a log in a session of a whole run: which test it is, for whoever finds the log of one that was killed.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;

/// A test and its process, as it describes itself. What is not known is empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Running {
    pub(crate) test: String,
    /// The path of the test binary.
    pub(crate) binary: String,
    /// As the runner calls the binary.
    pub(crate) binary_id: String,
    pub(crate) package: String,
    /// Which try of the test it is.
    pub(crate) attempt: String,
    /// Which repetition of a stress test.
    pub(crate) iteration: String,
}

impl Running {
    const BEGIN: &[u8] = b"runs\0";

    /// The line, of fields that cannot contain a NUL. `None`: one of them has a line feed. It is written by every test of a
    /// run, so that it is put together in the fastest way.
    pub(crate) fn line(fields: [&OsStr; 6]) -> Option<Vec<u8>> {
        let mut line = Vec::with_capacity(512);
        line.extend_from_slice(Self::BEGIN);
        for field in fields {
            line.extend_from_slice(field.as_bytes());
            line.push(0);
        }
        let is_one_line = !line.contains(&b'\n');
        line.push(b'\n');
        is_one_line.then_some(line)
    }

    /// Reads a line without its line feed.
    pub(crate) fn parse(line: &[u8]) -> Option<Self> {
        let mut fields = line.strip_prefix(Self::BEGIN)?.split(|byte| *byte == 0).map(String::from_utf8_lossy);
        let mut next = || fields.next().map(String::from);
        Some(Self {
            test: next()?,
            binary: next()?,
            binary_id: next()?,
            package: next()?,
            attempt: next()?,
            iteration: next()?,
        })
    }

    pub(crate) fn is_one(line: &[u8]) -> bool {
        line.starts_with(Self::BEGIN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_back_as_written() {
        let line = |fields: [&str; 6]| Running::line(fields.map(OsStr::new));
        let written = line(["a::b", "/t/a\tb", "p::b", "p", "1", ""]).unwrap();
        let read = Running::parse(written.strip_suffix(b"\n").unwrap()).unwrap();
        let fields = [read.test, read.binary, read.binary_id, read.package, read.attempt, read.iteration];
        assert_eq!(fields, ["a::b", "/t/a\tb", "p::b", "p", "1", ""]);
        assert_eq!(line(["a", "/t/a\nb", "", "", "", ""]), None);
        assert_eq!(Running::parse(b"used\t0"), None);
    }
}
