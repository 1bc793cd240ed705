//! What a guard may ask for while it is installed.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use super::place::WRAPPERS_MARK;

/// Where PATH is not set, programs are looked for here, as `execvp` does.
const DEFAULT_PATH: &str = "/bin:/usr/bin";

/// The place where a guard is installed: it hands out directories and takes requests.
///
/// Nothing is applied at once. When every guard was asked, the session applies all requests together, while no other
/// thread exists; if any guard failed, none.
pub struct Site {
    wrappers: PathBuf,
    directory: PathBuf,
    environment: BTreeMap<OsString, OsString>,
    /// Who is being installed, for messages.
    pub(super) guard: String,
    /// The programs that guards of this process have wrapped, and who did.
    wrapped: BTreeMap<String, String>,
    pub(crate) requests: Requests,
}

/// A thread that a guard wants: its name, and what it does.
type Service = (String, Box<dyn FnOnce() + Send>);

/// What guards asked for.
#[derive(Default)]
pub(crate) struct Requests {
    pub(crate) environment: BTreeMap<OsString, Option<OsString>>,
    pub(crate) threads: Vec<Service>,
    pub(crate) unobserved: Vec<(String, String)>,
    pub(crate) wraps: bool,
}

impl Site {
    pub(crate) fn new(wrappers: PathBuf, directory: PathBuf, environment: BTreeMap<OsString, OsString>) -> Self {
        Self {
            wrappers,
            directory,
            environment,
            guard: String::new(),
            wrapped: BTreeMap::new(),
            requests: Requests::default(),
        }
    }

    /// A directory of this process, mode 0700, removed when the test is over. Its path is short where the session's
    /// place allows, but a socket in it must still be checked against the system's limit.
    #[must_use]
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// The value that the user gave to a variable, before any session changed it.
    #[must_use]
    pub fn env(&self, name: impl AsRef<OsStr>) -> Option<&OsStr> {
        self.environment.get(name.as_ref()).map(OsString::as_os_str)
    }

    /// Sets a variable for the tests of this process and for their children.
    pub fn set_env(&mut self, name: impl Into<OsString>, value: impl Into<OsString>) {
        self.requests.environment.insert(name.into(), Some(value.into()));
    }

    /// Removes a variable from the tests of this process and from their children.
    pub fn remove_env(&mut self, name: impl Into<OsString>) {
        self.requests.environment.insert(name.into(), None);
    }

    /// Starts a thread once the environment is applied. It ends with the process.
    pub fn spawn(&mut self, name: impl Into<String>, service: impl FnOnce() + Send + 'static) {
        self.requests.threads.push((name.into(), Box::new(service)));
    }

    /// Says that uses of a resource, by some route, cannot be seen in this process, and why. Such a resource is never
    /// called unused.
    pub fn cannot_observe(&mut self, resource: &str, why: impl Into<String>) {
        self.requests.unobserved.push((resource.to_owned(), why.into()));
    }

    /// The program of this name on the user's PATH: executable, a file, and not another session's wrapper.
    #[must_use]
    pub fn find_program(&self, name: &str) -> Option<PathBuf> {
        let path = self.env("PATH").unwrap_or(OsStr::new(DEFAULT_PATH));
        let cwd = std::env::current_dir().unwrap_or_default();
        std::env::split_paths(path)
            .map(|dir| cwd.join(dir))
            .filter(|dir| !dir.join(WRAPPERS_MARK).exists())
            .map(|dir| dir.join(name))
            .find(|program| is_executable(program))
    }

    /// Puts a program in front of all others on PATH. `text` is called only if the session does not have it yet: test
    /// processes share a session's wrappers.
    ///
    /// # Errors
    ///
    /// If the file cannot be written or run, or if another guard of this process has wrapped the program.
    pub fn wrap(&mut self, name: &str, text: impl FnOnce() -> String) -> io::Result<()> {
        if let Some(other) = self.wrapped.insert(name.to_owned(), self.guard.clone()) {
            return Err(io::Error::new(
                io::ErrorKind::AlreadyExists,
                format!("{other} wraps it too; keep one of them"),
            ));
        }
        // `execvp` would pass over a wrapper that it may not run, and find the real program.
        if is_noexec(&self.wrappers)? {
            let why = format!("programs in `{}` cannot be run, it is mounted noexec", self.wrappers.display());
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, why));
        }
        let wrapper = self.wrappers.join(name);
        if !wrapper.exists() {
            // Written aside and renamed: another process may be about to run it.
            let new = self.wrappers.join(format!(".{name}.{}", std::process::id()));
            let written = OpenOptions::new()
                .write(true)
                .create(true)
                .truncate(true)
                .mode(0o700)
                .open(&new)
                .and_then(|mut file| file.write_all(text().as_bytes()));
            if let Err(error) = written.and_then(|()| fs::rename(&new, &wrapper)) {
                let _ = fs::remove_file(&new);
                return Err(error);
            }
        }
        self.requests.wraps = true;
        Ok(())
    }
}

impl Requests {
    /// The variables to set, PATH with the wrappers in front included.
    pub(crate) fn variables(
        &self,
        wrappers: &Path,
        original: &BTreeMap<OsString, OsString>,
    ) -> Vec<(OsString, Option<OsString>)> {
        let mut variables: Vec<_> = self.environment.iter().map(|(k, v)| (k.clone(), v.clone())).collect();
        if self.wraps {
            let old = match variables.iter().find(|(name, _)| name == "PATH") {
                Some((_, path)) => path.clone(),
                None => original.get(OsStr::new("PATH")).cloned(),
            };
            let mut path = wrappers.as_os_str().to_owned();
            path.push(":");
            path.push(old.unwrap_or_else(|| DEFAULT_PATH.into()));
            variables.retain(|(name, _)| name != "PATH");
            variables.push(("PATH".into(), Some(path)));
        }
        variables
    }
}

#[cfg(target_os = "linux")]
fn is_noexec(dir: &Path) -> io::Result<bool> {
    Ok(rustix::fs::statvfs(dir)?.f_flag.contains(rustix::fs::StatVfsMountFlags::NOEXEC))
}

#[cfg(not(target_os = "linux"))]
fn is_noexec(_: &Path) -> io::Result<bool> {
    Ok(false)
}

fn is_executable(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    fn site(temp: &Path, path: &str) -> Site {
        Site::new(temp.join("bin"), temp.join("dir"), BTreeMap::from([("PATH".into(), path.into())]))
    }

    #[test]
    fn dangling_links_files_without_the_bit_folders_and_other_wrappers_are_no_programs() {
        let temp = tempfile::tempdir().unwrap();
        let dirs: Vec<PathBuf> =
            ["dangling", "plain", "folder", "outer", "good one"].map(|d| temp.path().join(d)).into();
        for dir in &dirs {
            fs::create_dir(dir).unwrap();
        }
        symlink("/nonexistent", dirs[0].join("tool")).unwrap();
        fs::write(dirs[1].join("tool"), "").unwrap();
        fs::create_dir(dirs[2].join("tool")).unwrap();
        for dir in &dirs[3..] {
            fs::write(dir.join("tool"), "").unwrap();
            fs::set_permissions(dir.join("tool"), fs::Permissions::from_mode(0o755)).unwrap();
        }
        fs::write(dirs[3].join(WRAPPERS_MARK), "").unwrap();
        let path = std::env::join_paths(&dirs).unwrap().into_string().unwrap();
        assert_eq!(site(temp.path(), &path).find_program("tool"), Some(dirs[4].join("tool")));
        assert_eq!(site(temp.path(), "").find_program("no such tool"), None);
    }

    #[test]
    fn wrappers_come_first_also_where_path_is_not_set() {
        let requests = Requests { wraps: true, ..Requests::default() };
        let variables = requests.variables(Path::new("/w"), &BTreeMap::new());
        assert_eq!(variables, [("PATH".into(), Some("/w:/bin:/usr/bin".into()))]);
        let unwrapped = Requests::default().variables(Path::new("/w"), &BTreeMap::new());
        assert!(unwrapped.is_empty());
    }
}
