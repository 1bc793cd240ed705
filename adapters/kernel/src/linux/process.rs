//! What `/proc` says of a process that has called and waits.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::PathBuf;

/// A process, told from later ones of the same number by when it started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ProcessId {
    /// Its number.
    pub pid: u32,
    /// Clock ticks since the machine was started.
    pub started: u64,
}

/// A process as it is just now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Process {
    /// Which one it is.
    pub id: ProcessId,
    /// The number of its parent.
    pub parent: u32,
    /// The number of its process group.
    pub group: u32,
    /// The number of its session.
    pub session: u32,
    /// What it runs: the first 15 bytes of the program's name, or what it calls itself.
    pub name: String,
    /// Whether it has ended, and nobody has asked how.
    pub is_zombie: bool,
}

impl Process {
    /// Reads about the process of this number. `None`: there is none, or it may not be looked at.
    #[must_use]
    pub fn of(pid: u32) -> Option<Self> {
        let stat = fs::read(format!("/proc/{pid}/stat")).ok()?;
        Self::parse(pid, &stat)
    }

    fn parse(pid: u32, stat: &[u8]) -> Option<Self> {
        // The name stands in parentheses, and may contain some.
        let open = stat.iter().position(|byte| *byte == b'(')?;
        let close = stat.iter().rposition(|byte| *byte == b')')?;
        let name = String::from_utf8_lossy(stat.get(open + 1..close)?).into_owned();
        let rest = std::str::from_utf8(stat.get(close + 1..)?).ok()?;
        let fields: Vec<&str> = rest.split_ascii_whitespace().collect();
        Some(Self {
            id: ProcessId { pid, started: fields.get(19)?.parse().ok()? },
            parent: fields.get(1)?.parse().ok()?,
            group: fields.get(2)?.parse().ok()?,
            session: fields.get(3)?.parse().ok()?,
            name,
            is_zombie: matches!(*fields.first()?, "Z" | "X"),
        })
    }

    /// The process that a thread belongs to.
    #[must_use]
    pub fn of_thread(tid: u32) -> Option<Self> {
        let status = fs::read_to_string(format!("/proc/{tid}/status")).ok()?;
        let pid = status.lines().find_map(|line| line.strip_prefix("Tgid:"))?;
        Self::of(pid.trim().parse().ok()?)
    }

    /// The names of all processes that it descends from, the nearest first; at most a hundred.
    pub fn ancestors(&self) -> impl Iterator<Item = Self> + use<> {
        const MOST: usize = 100;
        std::iter::successors(Self::of(self.parent), |process| Self::of(process.parent)).take(MOST)
    }

    /// A variable that it was started with. What it changed since cannot be seen.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<OsString> {
        let environment = fs::read(format!("/proc/{}/environ", self.id.pid)).ok()?;
        environment.split(|byte| *byte == 0).find_map(|entry| {
            let value = entry.strip_prefix(name.as_bytes())?.strip_prefix(b"=")?;
            Some(OsString::from_vec(value.to_vec()))
        })
    }

    /// The arguments that it was started with.
    #[must_use]
    pub fn arguments(&self) -> Vec<OsString> {
        let line = fs::read(format!("/proc/{}/cmdline", self.id.pid)).unwrap_or_default();
        let line = line.strip_suffix(b"\0").unwrap_or(&line);
        line.split(|byte| *byte == 0).map(|word| OsStr::from_bytes(word).to_owned()).collect()
    }

    /// The program that it runs.
    #[must_use]
    pub fn program(&self) -> Option<PathBuf> {
        fs::read_link(format!("/proc/{}/exe", self.id.pid)).ok()
    }
}

/// What a thread calls itself.
pub(crate) fn thread_name(tid: u32) -> String {
    let name = fs::read(format!("/proc/{tid}/comm")).unwrap_or_default();
    String::from_utf8_lossy(&name).trim_end_matches('\n').to_owned()
}

/// All processes that can be seen.
pub(crate) fn all() -> impl Iterator<Item = Process> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    entries.filter_map(|entry| Process::of(entry.file_name().to_str()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_may_contain_parentheses_and_spaces() {
        let stat = b"42 (a) b (c) S 7 42 42 0 -1 4194304 1 0 0 0 0 0 0 0 20 0 1 0 12345 0 0";
        let process = Process::parse(42, stat).unwrap();
        assert_eq!((process.name.as_str(), process.parent, process.id.started), ("a) b (c", 7, 12345));
        assert_eq!(Process::parse(42, b"garbage"), None);
    }

    #[test]
    fn this_process_is_found_by_its_threads() {
        let me = Process::of(std::process::id()).unwrap();
        let tid = std::thread::spawn(|| rustix::thread::gettid().as_raw_nonzero().get()).join().unwrap();
        assert!(Process::of_thread(u32::try_from(tid).unwrap()).is_none_or(|process| process.id == me.id));
        assert_eq!(me.program(), std::env::current_exe().ok());
        assert!(!me.arguments().is_empty());
        assert!(me.ancestors().count() > 0);
        assert_eq!(me.variable("PATH"), std::env::var_os("PATH"));
    }
}
