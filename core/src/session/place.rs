//! Where a session keeps its files, and the removal of what dead sessions left.

use std::fs::{self, DirBuilder, File};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};

use super::vars;

/// The directory of a session's wrappers, inside its own.
const WRAPPERS: &str = "bin";

/// A file that marks a directory of wrappers, so that nested sessions look behind it.
///
/// It is locked for as long as the session's process lives. A lock, unlike a process id, also tells the truth across
/// containers that share a directory.
pub(crate) const WRAPPERS_MARK: &str = ".resource-guards";

/// A session directory without a lock is being made, unless it is older than this.
const MAKING: Duration = Duration::from_secs(60);

/// The longest path, in bytes, of a directory where sockets are put for being short.
const SHORT: usize = 40;

/// The directory of one session.
#[derive(Debug)]
pub(crate) struct Place {
    dir: PathBuf,
    /// `None` where another process made the directory, and removes it.
    lock: Option<File>,
}

impl Place {
    /// Makes a directory for a new session and sweeps away those of dead ones.
    pub(crate) fn create() -> Result<Self, String> {
        let candidates = match std::env::var_os(vars::TMPDIR).filter(|dir| !dir.is_empty()) {
            Some(dir) => vec![PathBuf::from(dir)],
            None => memory().into_iter().chain([std::env::temp_dir()]).collect(),
        };
        let mut errors = Vec::new();
        for candidate in candidates {
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
        let candidate = std::path::absolute(candidate)?;
        if candidate.as_os_str().as_encoded_bytes().contains(&b':') {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "a path with a colon cannot stand on PATH"));
        }
        let base = base(&candidate)?;
        // `execvp` would pass over wrappers that it may not run, and find the real programs.
        if is_noexec(&base)? {
            return Err(io::Error::new(
                io::ErrorKind::PermissionDenied,
                "programs there cannot be run, it is mounted noexec",
            ));
        }
        Self::make(&base)
    }

    /// Makes a directory with a short path, for sockets only: nothing in it is run.
    pub(crate) fn create_short() -> io::Result<Self> {
        let runtime = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from).filter(|dir| dir.is_absolute());
        let mut error = io::Error::from(io::ErrorKind::NotFound);
        for candidate in
            runtime.filter(|dir| dir.as_os_str().len() <= SHORT).into_iter().chain(memory()).chain(["/tmp".into()])
        {
            match base(&candidate).and_then(|base| Self::make(&base)) {
                Ok(place) => return Ok(place),
                Err(why) => error = why,
            }
        }
        Err(error)
    }

    fn make(base: &Path) -> io::Result<Self> {
        sweep(base);
        let dir = tempfile::Builder::new()
            .prefix("s")
            .permissions(fs::Permissions::from_mode(0o700))
            .tempdir_in(base)?
            .keep();
        let made = Self::furnish(&dir);
        if made.is_err() {
            let _ = fs::remove_dir_all(&dir);
        }
        made.map(|lock| Self { dir, lock: Some(lock) })
    }

    fn furnish(dir: &Path) -> io::Result<File> {
        let wrappers = dir.join(WRAPPERS);
        fs::create_dir(&wrappers)?;
        // Locked before it has its name: a sweeper never sees an unlocked one.
        let making = wrappers.join(".making");
        let lock = File::create(&making)?;
        lock.lock()?;
        fs::rename(making, wrappers.join(WRAPPERS_MARK))?;
        Ok(lock)
    }

    /// The place of a session that another process made and will remove.
    pub(crate) fn join(dir: PathBuf) -> io::Result<Self> {
        if dir.join(WRAPPERS).join(WRAPPERS_MARK).is_file() {
            return Ok(Self { dir, lock: None });
        }
        Err(io::Error::new(io::ErrorKind::NotFound, format!("`{}` is no session directory", dir.display())))
    }

    /// The place of one test binary inside the session of a whole run, which a tool made and will remove.
    ///
    /// Binaries may wrap different programs, or give one program different resources: each has wrappers of its own.
    pub(crate) fn join_run(run: PathBuf, binary: &Path) -> io::Result<Self> {
        let Self { dir: run, .. } = Self::join(run)?;
        let mut hash = DefaultHasher::new();
        binary.hash(&mut hash);
        let dir = run.join(format!("{:012x}", hash.finish() >> 16));
        let wrappers = dir.join(WRAPPERS);
        let mark = wrappers.join(WRAPPERS_MARK);
        if !mark.is_file() {
            fs::create_dir_all(&wrappers)?;
            File::create(mark)?;
        }
        Ok(Self { dir, lock: None })
    }

    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    /// Where the wrappers are.
    pub(crate) fn wrappers(&self) -> PathBuf {
        self.dir.join(WRAPPERS)
    }

    /// Whether other processes have made this place, or join it.
    pub(crate) fn is_own(&self) -> bool {
        self.lock.is_some()
    }

    /// A name for a scope's directory, not made yet, that no other process of the session uses.
    pub(crate) fn scope(&self) -> PathBuf {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let n = NEXT.fetch_add(1, Ordering::Relaxed);
        self.dir.join(format!("{}-{n}", std::process::id()))
    }

    /// Removes the directory, if this process made it.
    pub(crate) fn remove(&self) {
        if self.lock.is_some() {
            let _ = fs::remove_dir_all(&self.dir);
        }
    }
}

/// The version of the layout stands in the name, so that no version sweeps what it cannot read.
fn base_name(uid: u32) -> String {
    const LAYOUT: u32 = 1;
    format!("resource-guards-v{LAYOUT}-{uid}")
}

/// The directory of all sessions of this user.
fn base(candidate: &Path) -> io::Result<PathBuf> {
    let uid = rustix::process::getuid().as_raw();
    let base = candidate.join(base_name(uid));
    match DirBuilder::new().mode(0o700).create(&base) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    // In a directory that everybody may write to, somebody else may have been first.
    let found = fs::symlink_metadata(&base)?;
    if found.is_dir() && found.uid() == uid && found.mode() & 0o077 == 0 {
        return Ok(base);
    }
    Err(io::Error::new(
        io::ErrorKind::PermissionDenied,
        format!("`{}` exists, but is no directory of this user with mode 0700", base.display()),
    ))
}

/// Removes the directories of sessions whose process has died.
fn sweep(base: &Path) {
    let Ok(sessions) = fs::read_dir(base) else { return };
    for session in sessions.flatten() {
        let dir = session.path();
        let dead = match File::open(dir.join(WRAPPERS).join(WRAPPERS_MARK)) {
            Ok(lock) => lock.try_lock().is_ok(),
            Err(_) => session
                .metadata()
                .and_then(|made| made.modified())
                .is_ok_and(|made| SystemTime::now().duration_since(made).is_ok_and(|age| age > MAKING)),
        };
        if dead {
            let _ = fs::remove_dir_all(dir);
        }
    }
}

/// A file system in memory with some room: starting a session there takes a fraction of the time.
#[cfg(target_os = "linux")]
fn memory() -> Option<PathBuf> {
    const TMPFS: u32 = 0x0102_1994;
    const ROOM: u64 = 1 << 20;
    let dir = Path::new("/dev/shm");
    let found = rustix::fs::statfs(dir).ok()?;
    let room = u64::try_from(found.f_bsize).unwrap_or_default().saturating_mul(found.f_bavail);
    (found.f_type as u32 == TMPFS && room >= ROOM).then(|| dir.to_owned())
}

#[cfg(not(target_os = "linux"))]
fn memory() -> Option<PathBuf> {
    None
}

#[cfg(target_os = "linux")]
fn is_noexec(dir: &Path) -> io::Result<bool> {
    Ok(rustix::fs::statvfs(dir)?.f_flag.contains(rustix::fs::StatVfsMountFlags::NOEXEC))
}

#[cfg(not(target_os = "linux"))]
fn is_noexec(_: &Path) -> io::Result<bool> {
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dead_session_is_swept_and_a_living_one_is_not() {
        let temp = tempfile::tempdir().unwrap();
        let living = Place::create_in(temp.path()).unwrap();
        let dead = Place::create_in(temp.path()).unwrap();
        let dead_dir = dead.dir().to_owned();
        drop(dead);
        let next = Place::create_in(temp.path()).unwrap();
        assert!(!dead_dir.exists());
        assert!(living.dir().exists() && next.dir().exists());
        living.remove();
        assert!(!living.dir().exists());
    }

    #[test]
    fn the_binaries_of_a_run_do_not_share_wrappers() {
        let temp = tempfile::tempdir().unwrap();
        let run = Place::create_in(temp.path()).unwrap();
        let join = |binary: &str| Place::join_run(run.dir().to_owned(), Path::new(binary)).unwrap();
        let (one, again, other) = (join("/t/one"), join("/t/one"), join("/t/other"));
        assert_eq!(one.dir(), again.dir());
        assert_ne!(one.wrappers(), other.wrappers());
        assert!(!one.is_own() && other.wrappers().join(WRAPPERS_MARK).is_file());
        run.remove();
        assert!(!one.dir().exists());
        assert!(Place::join_run(temp.path().to_owned(), Path::new("/t/one")).is_err());
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
