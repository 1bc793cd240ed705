//! Files as another process names them: through its root, its working directory and its descriptors.

use std::fs::File;
use std::io;
use std::os::fd::{AsRawFd as _, OwnedFd};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{FileExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use rustix::fs::{AtFlags, CWD, Mode, OFlags, ResolveFlags, StatxFlags};

/// A file, told from others whatever its name is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Inode {
    /// The number of the device.
    pub device: u64,
    /// The number on it.
    pub number: u64,
}

/// What is known of a file without reading it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Facts {
    /// Which one it is.
    pub inode: Inode,
    /// In bytes.
    pub size: u64,
    /// Type and permissions.
    pub mode: u32,
    /// When it was changed last, in nanoseconds since 1970, as far as they fit.
    pub changed: i64,
}

impl Facts {
    pub(crate) fn of(found: &std::fs::Metadata) -> Self {
        Self {
            inode: Inode { device: found.dev(), number: found.ino() },
            size: found.size(),
            mode: found.mode(),
            changed: found.ctime().wrapping_mul(1_000_000_000).wrapping_add(found.ctime_nsec()),
        }
    }

    /// The facts of what a path leads to.
    #[must_use]
    pub fn at(path: &Path) -> Option<Self> {
        std::fs::metadata(path).ok().map(|found| Self::of(&found))
    }

    /// Whether it is a file that can be run.
    #[must_use]
    pub fn is_program(&self) -> bool {
        self.mode & libc::S_IFMT == libc::S_IFREG && self.mode & 0o111 != 0
    }

    /// Whether running it is to give other rights than the caller's.
    #[must_use]
    pub fn is_set_id(&self) -> bool {
        let set_group = self.mode & libc::S_ISGID != 0 && self.mode & libc::S_IXGRP != 0;
        self.is_program() && (self.mode & libc::S_ISUID != 0 || set_group)
    }
}

/// A file of another process, held but not opened.
#[derive(Debug)]
pub struct Found {
    held: OwnedFd,
    /// What is known of it.
    pub facts: Facts,
}

impl Found {
    fn new(held: OwnedFd) -> io::Result<Self> {
        let file = File::from(held);
        let facts = Facts::of(&file.metadata()?);
        Ok(Self { held: file.into(), facts })
    }

    /// Where it is, as this process would name it.
    #[must_use]
    pub fn path(&self) -> Option<PathBuf> {
        std::fs::read_link(self.link()).ok()
    }

    /// Where the system shows it to this process, whatever becomes of its path.
    pub(crate) fn link(&self) -> PathBuf {
        format!("/proc/self/fd/{}", self.held.as_raw_fd()).into()
    }

    /// Opens it for reading.
    pub(crate) fn open(&self) -> io::Result<File> {
        File::open(self.link())
    }

    /// Its first bytes.
    pub(crate) fn head(&self, buffer: &mut [u8]) -> io::Result<usize> {
        self.open()?.read_at(buffer, 0)
    }
}

/// Where a relative path begins.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Base {
    Cwd,
    Descriptor(i32),
}

/// Whose paths they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct View {
    /// The thread.
    pub(crate) tid: u32,
    /// Whether an absolute path may lead it to another file than us. To ask `/proc` each time takes a fifth of the
    /// supervisor's time.
    pub(crate) moved: bool,
}

/// Finds what a thread names by a path. An empty path means the base itself.
pub(crate) fn find(View { tid, moved }: View, base: Base, path: &Path, follow: bool) -> io::Result<Found> {
    let mut flags = OFlags::PATH | OFlags::CLOEXEC;
    flags.set(OFlags::NOFOLLOW, !follow);
    let base = match base {
        Base::Cwd => PathBuf::from(format!("/proc/{tid}/cwd")),
        Base::Descriptor(fd) => PathBuf::from(format!("/proc/{tid}/fd/{fd}")),
    };
    if path.as_os_str().is_empty() {
        return Found::new(rustix::fs::open(&base, OFlags::PATH | OFlags::CLOEXEC, Mode::empty())?);
    }
    let path = own(tid, path);
    if path.is_relative() {
        let base = rustix::fs::open(&base, OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())?;
        return Found::new(rustix::fs::openat(&base, &path, flags, Mode::empty())?);
    }
    if !moved || is_our_root(tid) {
        return Found::new(rustix::fs::open(&path, flags, Mode::empty())?);
    }
    let root = format!("/proc/{tid}/root");
    let root = rustix::fs::open(root.as_str(), OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())?;
    Found::new(rustix::fs::openat2(&root, &path, flags, Mode::empty(), ResolveFlags::IN_ROOT)?)
}

/// What a thread means by `/proc/self` and its kin.
fn own(tid: u32, path: &Path) -> PathBuf {
    if !path.as_os_str().as_bytes().starts_with(b"/proc") && !path.as_os_str().as_bytes().starts_with(b"/dev") {
        return path.to_owned();
    }
    let prefixes = [
        ("/proc/self", format!("/proc/{tid}")),
        ("/proc/thread-self", format!("/proc/{tid}")),
        ("/dev/fd", format!("/proc/{tid}/fd")),
        ("/dev/stdin", format!("/proc/{tid}/fd/0")),
    ];
    for (prefix, instead) in prefixes {
        if let Ok(rest) = path.strip_prefix(prefix) {
            let instead = PathBuf::from(instead);
            return if rest.as_os_str().is_empty() { instead } else { instead.join(rest) };
        }
    }
    path.to_owned()
}

/// Whether a process sees the same tree of files: the same directory of the same mount.
pub(crate) fn is_our_root(pid: u32) -> bool {
    static OURS: OnceLock<Option<(u32, u32, u64, u64)>> = OnceLock::new();
    let key = |path: &str| {
        let found = rustix::fs::statx(CWD, path, AtFlags::empty(), StatxFlags::INO | StatxFlags::MNT_ID).ok()?;
        Some((found.stx_dev_major, found.stx_dev_minor, found.stx_ino, found.stx_mnt_id))
    };
    let ours = OURS.get_or_init(|| key("/"));
    ours.is_some() && key(&format!("/proc/{pid}/root/.")) == *ours
}

/// The last part of a path.
pub(crate) fn file_name(path: &[u8]) -> &[u8] {
    let end = path.iter().rposition(|byte| *byte != b'/').map_or(0, |last| last + 1);
    let path = &path[..end];
    let start = path.iter().rposition(|byte| *byte == b'/').map_or(0, |slash| slash + 1);
    &path[start..]
}

/// A path from bytes.
pub(crate) fn path(bytes: &[u8]) -> &Path {
    Path::new(std::ffi::OsStr::from_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_found_as_the_other_process_names_them() {
        let me = View { tid: std::process::id(), moved: false };
        let exe = Facts::at(Path::new("/proc/self/exe")).unwrap();
        for path in ["/proc/self/exe", "/proc/thread-self/exe"] {
            assert_eq!(find(me, Base::Cwd, Path::new(path), true).unwrap().facts.inode, exe.inode, "{path}");
        }
        let file = File::open("/proc/self/exe").unwrap();
        let empty = Path::new("");
        assert_eq!(find(me, Base::Descriptor(file.as_raw_fd()), empty, true).unwrap().facts.inode, exe.inode);
        let by_fd = format!("/dev/fd/{}", file.as_raw_fd());
        assert_eq!(find(me, Base::Cwd, Path::new(&by_fd), true).unwrap().facts.inode, exe.inode);
        let manifest = Facts::at(Path::new("Cargo.toml")).unwrap();
        assert_eq!(find(me, Base::Cwd, Path::new("Cargo.toml"), true).unwrap().facts.inode, manifest.inode);
        assert!(find(me, Base::Cwd, Path::new("/nonexistent"), true).is_err());
    }

    #[test]
    fn the_last_part_of_a_path_is_its_name() {
        for (path, name) in [("/usr/bin/tar", "tar"), ("tar", "tar"), ("./a/", "a"), ("/", ""), ("", "")] {
            assert_eq!(file_name(path.as_bytes()), name.as_bytes(), "{path}");
        }
    }
}
