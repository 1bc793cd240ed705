//! The directory that stands first on PATH: the wrappers that guards asked for.
//!
//! Where one process lasts as long as the session, the wrappers are in the session's directory and go with it. Under
//! nextest no process does, and writing them for each test would be half of what a guard costs there: they are kept
//! beside the test binary, as a part of its build, in a directory for each set of programs.

use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::hash::{DefaultHasher, Hasher as _};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// A file that marks a directory of wrappers, so that nested sessions look behind it. It is written last.
pub(crate) const MARK: &str = ".resource-guards";

/// So many sets are kept beside one test binary. They differ where a wrapper restores a variable of the user's.
const KEPT: usize = 8;

/// A set takes less than this to be made.
const MAKING: Duration = Duration::from_secs(60);

/// A program that a guard wants to stand in front of the real one.
pub(crate) struct Program {
    pub(super) name: String,
    /// Whatever the text depends on.
    pub(super) key: String,
    pub(super) text: Box<dyn Fn() -> String + Send>,
}

/// Where sets of wrappers are put.
#[derive(Debug)]
pub(super) struct Home {
    dir: PathBuf,
    /// Whether it outlives the session, so that old sets have to go.
    lasts: bool,
}

/// The places for wrappers, best first. `alone`: no process lasts as long as the run.
pub(super) fn homes(session: &Path, alone: bool) -> Vec<Home> {
    let mut homes = vec![Home { dir: session.join("bin"), lasts: false }];
    // Runners name the binary in full, which is read faster than the link in /proc that `current_exe` follows.
    let named = std::env::args_os().next().map(PathBuf::from).filter(|name| name.is_absolute());
    if let Some(binary) = named.or_else(|| std::env::current_exe().ok()) {
        let mut dir = binary.into_os_string();
        dir.push(".guards");
        homes.insert(usize::from(!alone), Home { dir: dir.into(), lasts: true });
    }
    homes
}

/// The directory with wrappers that all test binaries of a run share: in its session, else in `beside`.
pub(crate) fn provide_shared(
    programs: impl IntoIterator<Item = (String, String)>,
    session: &Path,
    beside: &Path,
) -> Result<PathBuf, String> {
    let programs = programs.into_iter().map(|(name, text)| Program {
        name,
        key: text.clone(),
        text: Box::new(move || text.clone()),
    });
    let homes = [Home { dir: session.join("bin"), lasts: false }, Home { dir: beside.to_owned(), lasts: true }];
    provide(&programs.collect::<Vec<_>>(), &homes)
}

/// The directory with wrappers of these programs, in the first home that can have it.
pub(super) fn provide(programs: &[Program], homes: &[Home]) -> Result<PathBuf, String> {
    let mut errors = Vec::new();
    for home in homes {
        match provide_in(home, programs) {
            Ok(dir) => return Ok(dir),
            Err(error) => errors.push(format!("cannot write wrappers into `{}`: {error}", home.dir.display())),
        }
    }
    let mend = "set RESOURCE_GUARDS_TMPDIR to a directory that is writable and not full";
    Err(format!("{}; {mend}", errors.join("; ")))
}

fn provide_in(Home { dir: home, lasts }: &Home, programs: &[Program]) -> io::Result<PathBuf> {
    if home.as_os_str().as_encoded_bytes().contains(&b':') {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "a path with a colon cannot stand on PATH"));
    }
    let mut set = String::new();
    for Program { name, key, .. } in programs {
        for text in [name, key] {
            set.push_str(text);
            set.push('\0');
        }
    }
    let mut hash = DefaultHasher::new();
    hash.write(set.as_bytes());
    let dir = home.join(format!("{:016x}", hash.finish()));
    if is_whole(&dir, programs) {
        return Ok(dir);
    }
    fs::DirBuilder::new().mode(0o700).recursive(true).create(home)?;
    // `execvp` would pass over wrappers that it may not run, and find the real programs.
    if is_noexec(home)? {
        let why = "programs there cannot be run, it is mounted noexec";
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, why));
    }
    if *lasts {
        sweep(home);
    }
    let making = tempfile::Builder::new().prefix(".making").tempdir_in(home)?;
    for Program { name, text, .. } in programs {
        write_program(&making.path().join(name), &text())?;
    }
    File::create(making.path().join(MARK))?;
    // What is there is torn or was tampered with, unless another process has just made it whole.
    while let Err(error) = fs::rename(making.path(), &dir) {
        if is_whole(&dir, programs) {
            return Ok(dir);
        }
        let old = tempfile::Builder::new().prefix(".old").tempdir_in(home)?;
        fs::rename(&dir, old.path().join("set")).map_err(|_| error)?;
    }
    let _ = making.keep();
    Ok(dir)
}

/// Whether every wrapper is there, and nobody has written to one since they were made.
fn is_whole(dir: &Path, programs: &[Program]) -> bool {
    let Ok(dir) = File::open(dir) else { return false };
    let written = |name: &str| {
        let file = rustix::fs::statat(&dir, name, rustix::fs::AtFlags::empty()).ok()?;
        Some((file.st_mtime, file.st_mtime_nsec))
    };
    written(MARK).is_some_and(|made| programs.iter().all(|program| written(&program.name).is_some_and(|at| at <= made)))
}

/// Makes room for a new set: removes the oldest ones, and what a dead process was making.
fn sweep(home: &Path) {
    let Ok(found) = fs::read_dir(home) else { return };
    let now = SystemTime::now();
    let mut sets = Vec::new();
    for entry in found.flatten() {
        let Ok(modified) = entry.metadata().and_then(|set| set.modified()) else { continue };
        if !entry.file_name().as_encoded_bytes().starts_with(b".") {
            sets.push((modified, entry.path()));
        } else if now.duration_since(modified).is_ok_and(|age| age > MAKING) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
    while sets.len() >= KEPT {
        let oldest = (0..sets.len()).min_by_key(|at| sets[*at].0).unwrap_or_default();
        let _ = fs::remove_dir_all(sets.swap_remove(oldest).1);
    }
}

fn write_program(path: &Path, text: &str) -> io::Result<()> {
    OpenOptions::new().write(true).create_new(true).mode(0o700).open(path)?.write_all(text.as_bytes())
}

/// Whether the directory has wrappers, of this session or of one around it.
pub(super) fn has_mark(dir: &Path) -> bool {
    dir.join(MARK).exists()
}

/// Why programs found on this PATH may not be wrapped ones.
pub(super) fn escape(wrappers: &Path, path: &OsStr) -> Option<&'static str> {
    if std::env::split_paths(path).next().as_deref() != Some(wrappers) {
        return Some("changed PATH, which no longer begins with the wrappers");
    }
    (!has_mark(wrappers)).then_some("removed the wrappers")
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

    fn program(name: &str, key: &str) -> Program {
        let (name, key) = (name.to_owned(), key.to_owned());
        let text = format!("# {key}\n");
        Program { name, key, text: Box::new(move || text.clone()) }
    }

    fn home(dir: &Path) -> Home {
        Home { dir: dir.to_owned(), lasts: true }
    }

    #[test]
    fn a_set_is_written_once_and_another_one_beside_it() {
        let temp = tempfile::tempdir().unwrap();
        let homes = [home(temp.path())];
        let set = [program("git", "1"), program("tar", "1")];
        let dir = provide(&set, &homes).unwrap();
        let made = fs::metadata(dir.join("git")).unwrap().modified().unwrap();
        assert_eq!(provide(&set, &homes).unwrap(), dir);
        assert_eq!(fs::metadata(dir.join("git")).unwrap().modified().unwrap(), made);
        assert_eq!(fs::read_to_string(dir.join("tar")).unwrap(), "# 1\n");
        assert_ne!(provide(&[program("git", "2")], &homes).unwrap(), dir);
        assert_eq!(fs::read_dir(temp.path()).unwrap().count(), 2);
    }

    #[test]
    fn a_set_that_somebody_wrote_to_or_tore_is_made_again() {
        let temp = tempfile::tempdir().unwrap();
        let homes = [home(temp.path())];
        let set = [program("git", "1"), program("tar", "1")];
        let dir = provide(&set, &homes).unwrap();
        std::thread::sleep(std::time::Duration::from_millis(20));
        fs::write(dir.join("git"), "#!/bin/sh\n").unwrap();
        assert_eq!(provide(&set, &homes).unwrap(), dir);
        assert_eq!(fs::read_to_string(dir.join("git")).unwrap(), "# 1\n");
        fs::remove_file(dir.join("tar")).unwrap();
        assert_eq!(provide(&set, &homes).unwrap(), dir);
        assert!(dir.join("tar").exists());
        assert_eq!(fs::read_dir(temp.path()).unwrap().count(), 1, "nothing is left of the old ones");
    }

    #[test]
    fn old_sets_give_way_and_a_home_that_cannot_be_is_passed_over() {
        let temp = tempfile::tempdir().unwrap();
        let lasting = temp.path().join("home");
        for key in 0..2 * KEPT {
            provide(&[program("git", &key.to_string())], &[home(&temp.path().join("a:b")), home(&lasting)]).unwrap();
        }
        assert_eq!(fs::read_dir(&lasting).unwrap().count(), KEPT);
        let error = provide(&[program("git", "1")], &[home(&temp.path().join("a:b"))]).unwrap_err();
        assert!(error.contains("a:b") && error.contains("colon"), "{error}");
    }
}
