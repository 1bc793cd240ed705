//! Where a session keeps its files, and the removal of what dead sessions left.

use std::ffi::OsStr;
use std::fs::{self, DirBuilder, File};
use std::io;
use std::iter;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};

use super::vars;
use crate::log::FILES;
use crate::tool::Front;

/// A directory in that of a whole run, there if somebody watches from outside: each test process has a file in it.
pub(crate) const SCOPES: &str = "scopes";

/// A session directory gets its lock and its first file within this time.
const MAKING: Duration = Duration::from_secs(60);

/// The longest path, in bytes, of a directory where sockets are put for being short.
const SHORT: usize = 40;

/// The directory of one session.
///
/// It is locked for as long as the session's process lives. A lock, unlike a process id, also tells the truth across
/// containers that share a directory.
#[derive(Debug)]
pub(crate) struct Place {
    dir: PathBuf,
    /// `None` where another process made the directory, and removes it.
    lock: Option<File>,
}

impl Place {
    /// Makes a directory for a new session.
    pub(crate) fn create() -> Result<Self, String> {
        let mut errors = Vec::new();
        for candidate in candidates() {
            match Self::create_in(&candidate) {
                Ok(place) => return Ok(place),
                Err(error) => {
                    errors.push(format!("cannot make a session directory in `{}`: {error}", candidate.display()));
                }
            }
        }
        Err(format!("{}; set {} to a directory that is writable and not full", errors.join("; "), vars::TMPDIR))
    }

    fn create_in(candidate: &Path) -> io::Result<Self> {
        Self::make(&base(&std::path::absolute(candidate)?)?)
    }

    /// Makes a directory with a short path, for sockets only: nothing in it is run.
    pub(crate) fn create_short() -> io::Result<Self> {
        let runtime = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from).filter(|dir| dir.is_absolute());
        let mut error = io::Error::from(io::ErrorKind::NotFound);
        for candidate in
            runtime.filter(|dir| dir.as_os_str().len() <= SHORT).into_iter().chain(memory()).chain(["/tmp".into()])
        {
            sweep_in(&candidate);
            match base(&candidate).and_then(|base| Self::make(&base)) {
                Ok(place) => return Ok(place),
                Err(why) => error = why,
            }
        }
        Err(error)
    }

    /// Nobody sweeps it before it is locked: it is empty and young.
    fn make(base: &Path) -> io::Result<Self> {
        let pid = std::process::id();
        // Processes of several containers may have the same number.
        let mut n = 0_u32;
        let dir = loop {
            let dir = base.join(format!("{pid}-{n}"));
            match DirBuilder::new().mode(0o700).create(&dir) {
                Ok(()) => break dir,
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => n += 1,
                Err(error) => return Err(error),
            }
        };
        let lock = File::open(&dir)?;
        lock.lock()?;
        Ok(Self { dir, lock: Some(lock) })
    }

    /// The place of a session that another process made and will remove: the one that runs this test in a child, or a tool.
    pub(crate) fn join(dir: PathBuf) -> io::Result<Self> {
        let base = base_name(rustix::process::getuid().as_raw());
        if dir.parent().and_then(Path::file_name).is_some_and(|name| *name == *base) && dir.is_dir() {
            return Ok(Self { dir, lock: None });
        }
        Err(io::Error::new(io::ErrorKind::NotFound, format!("`{}` is no session directory", dir.display())))
    }

    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    /// Whether this process has made this place, so that no other one is in it yet.
    pub(crate) fn is_own(&self) -> bool {
        self.lock.is_some()
    }

    /// Whether it is on a file system in memory that had room for more files when the session began.
    pub(crate) fn is_in_memory(&self) -> bool {
        self.dir.starts_with(MEMORY)
    }

    /// A name for a scope's directory, not made yet, that no other process of the session uses.
    pub(crate) fn scope(&self) -> PathBuf {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let n = NEXT.fetch_add(1, Ordering::Relaxed);
        self.dir.join(format!("{}-{n}", std::process::id()))
    }

    /// Tells who watches the run from outside, if somebody does, what this process is. True if somebody does.
    pub(crate) fn register(&self, scope: &Path, test: Option<&str>, fronts: &[Front]) -> io::Result<bool> {
        let scopes = self.dir.join(SCOPES);
        if self.is_own() || !scopes.is_dir() {
            return Ok(false);
        }
        let binary = std::env::current_exe()?;
        let mut text = Vec::new();
        for line in [scope.as_os_str(), binary.as_os_str(), OsStr::new(test.unwrap_or_default())] {
            text.extend_from_slice(line.as_bytes());
            text.push(b'\n');
        }
        for Front { resource, real, relay } in fronts {
            text.extend_from_slice(resource.as_bytes());
            for path in [real, relay] {
                text.push(b'\t');
                text.extend_from_slice(path.as_os_str().as_bytes());
            }
            text.push(b'\n');
        }
        fs::write(scopes.join(std::process::id().to_string()), text)?;
        Ok(true)
    }

    /// Removes the directory, if this process made it.
    pub(crate) fn remove(&self) {
        if self.lock.is_some() {
            remove(&self.dir);
        }
    }
}

/// Whether the process that has made a scope's directory runs the same file as this one. It has the number of that process in
/// its name. Known where there is a `/proc`.
pub(crate) fn was_made_by_this_binary(scope: &Path) -> bool {
    let file = |process: &str| fs::metadata(format!("/proc/{process}/exe")).map(|file| (file.dev(), file.ino())).ok();
    let name = scope.file_name().and_then(OsStr::to_str).unwrap_or_default();
    let maker = name.split('-').next().and_then(file);
    maker.is_some() && maker == file("self")
}

/// Removes a directory; fast, if it has only what scopes have. Whoever has its path sees all of it or nothing: a directory
/// without files is that of a test which goes on.
pub(crate) fn remove(dir: &Path) {
    match fs::remove_dir(dir) {
        Ok(()) => return,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return,
        Err(_) => {}
    }
    let over = dir.with_extension("over");
    let dir = if fs::rename(dir, &over).is_ok() { &over } else { dir };
    for file in FILES {
        let _ = fs::remove_file(dir.join(file));
    }
    if fs::remove_dir(dir).is_err() {
        let _ = fs::remove_dir_all(dir);
    }
}

/// The version of the layout stands in the name, so that no version sweeps what it cannot read.
fn base_name(uid: u32) -> String {
    const LAYOUT: u32 = 4;
    format!("resource-guards-v{LAYOUT}-{uid}")
}

/// The directory of all sessions of this user, where none is left of dead ones.
fn base(candidate: &Path) -> io::Result<PathBuf> {
    let uid = rustix::process::getuid().as_raw();
    let base = candidate.join(base_name(uid));
    let found = match fs::symlink_metadata(&base) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            match DirBuilder::new().mode(0o700).create(&base) {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
                // In a directory that everybody may write to, somebody else may have been first.
                _ => fs::symlink_metadata(&base)?,
            }
        }
        found => found?,
    };
    if is_ours(&found) {
        return Ok(base);
    }
    Err(io::Error::new(
        io::ErrorKind::PermissionDenied,
        format!("`{}` exists, but is no directory of this user with mode 0700", base.display()),
    ))
}

fn is_ours(base: &fs::Metadata) -> bool {
    base.is_dir() && base.uid() == rustix::process::getuid().as_raw() && base.mode() & 0o077 == 0
}

/// Where sessions are made, best first.
fn candidates() -> impl Iterator<Item = PathBuf> {
    let told = std::env::var_os(vars::TMPDIR).filter(|dir| !dir.is_empty()).map(PathBuf::from);
    let others = told.is_none().then(|| memory().into_iter().chain(iter::once_with(std::env::temp_dir)));
    told.into_iter().chain(others.into_iter().flatten())
}

/// Removes the directories of sessions whose process has died. Done once where a run begins, not for each test of it.
pub(crate) fn sweep() {
    candidates().for_each(|candidate| sweep_in(&candidate));
}

fn sweep_in(candidate: &Path) {
    let base = candidate.join(base_name(rustix::process::getuid().as_raw()));
    // Most file systems count a link for each directory inside, beside the two that it has itself.
    if !fs::symlink_metadata(&base).is_ok_and(|found| is_ours(&found) && found.nlink() != 2) {
        return;
    }
    let Ok(sessions) = fs::read_dir(base) else { return };
    for session in sessions.flatten() {
        let dir = session.path();
        let Ok(lock) = File::open(&dir) else { continue };
        if lock.try_lock().is_ok() && !may_be_being_made(&dir, &session) {
            let _ = fs::remove_dir_all(dir);
        }
    }
}

/// Whether the process that makes it may not have come to lock it yet.
fn may_be_being_made(dir: &Path, session: &fs::DirEntry) -> bool {
    let is_empty = || fs::read_dir(dir).is_ok_and(|mut inside| inside.next().is_none());
    let age = || SystemTime::now().duration_since(session.metadata()?.modified()?).map_err(io::Error::other);
    is_empty() && !age().is_ok_and(|age| age > MAKING)
}

/// Where Linux has a file system in memory.
const MEMORY: &str = "/dev/shm";

/// A file system in memory with some room, and for some files: starting a session there takes a fraction of the time.
#[cfg(target_os = "linux")]
fn memory() -> Option<PathBuf> {
    const TMPFS: u32 = 0x0102_1994;
    const ROOM: u64 = 1 << 20;
    const FILES: u64 = 1 << 10;
    let dir = Path::new(MEMORY);
    let found = rustix::fs::statfs(dir).ok()?;
    let room = u64::try_from(found.f_bsize).unwrap_or_default().saturating_mul(found.f_bavail);
    // None in all means that there is no limit.
    let files = if found.f_files == 0 { FILES } else { found.f_ffree };
    (found.f_type as u32 == TMPFS && room >= ROOM && files >= FILES).then(|| dir.to_owned())
}

#[cfg(not(target_os = "linux"))]
fn memory() -> Option<PathBuf> {
    None
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_dead_session_is_swept_and_a_living_one_is_not() {
        let temp = tempfile::tempdir().unwrap();
        let living = Place::create_in(temp.path()).unwrap();
        let dead = Place::create_in(temp.path()).unwrap();
        let dead_dir = dead.dir().to_owned();
        fs::write(dead_dir.join("events"), "").unwrap();
        drop(dead);
        sweep_in(temp.path());
        assert!(!dead_dir.exists());
        let next = Place::create_in(temp.path()).unwrap();
        assert!(living.dir().exists() && next.dir().exists());
        living.remove();
        assert!(!living.dir().exists());
    }

    #[test]
    fn only_a_session_directory_can_be_joined() {
        let temp = tempfile::tempdir().unwrap();
        let session = Place::create_in(temp.path()).unwrap();
        assert!(!Place::join(session.dir().to_owned()).unwrap().is_own());
        assert!(Place::join(temp.path().to_owned()).is_err());
        let gone = session.dir().to_owned();
        session.remove();
        assert!(Place::join(gone).is_err());
    }

    #[test]
    fn one_that_is_being_made_is_not_swept() {
        let temp = tempfile::tempdir().unwrap();
        let base = base(temp.path()).unwrap();
        let making = base.join("123-0");
        fs::create_dir(&making).unwrap();
        sweep_in(temp.path());
        assert!(making.exists());
        let old = SystemTime::now() - 2 * MAKING;
        File::open(&making).unwrap().set_modified(old).unwrap();
        sweep_in(temp.path());
        assert!(!making.exists());
    }

    #[test]
    fn a_base_that_others_may_write_to_is_refused() {
        let temp = tempfile::tempdir().unwrap();
        let base = temp.path().join(base_name(rustix::process::getuid().as_raw()));
        fs::create_dir(&base).unwrap();
        fs::set_permissions(&base, fs::Permissions::from_mode(0o777)).unwrap();
        let error = Place::create_in(temp.path()).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::PermissionDenied);
    }
}
