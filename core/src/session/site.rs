//! What a guard may ask for while it is installed.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::panic::Location;
use std::path::{Path, PathBuf};

use super::changes::Changes;
use super::sockets::Sockets;
use super::wrappers::{self, Program};
use crate::tool::Front;

/// Where PATH is not set, programs are looked for here, as `execvp` does.
const DEFAULT_PATH: &str = "/bin:/usr/bin";

/// The place where a guard is installed: it hands out directories and takes requests.
///
/// Nothing is applied at once. When every guard was asked, the session applies all requests together, while no other
/// thread exists; if any guard failed, none.
pub struct Site {
    directory: PathBuf,
    pub(super) sockets: Sockets,
    /// What an outer session changed, as it was before.
    pub(super) before: Changes,
    /// Who is being installed, for messages.
    pub(super) guard: Option<&'static Location<'static>>,
    pub(crate) requests: Requests,
}

/// A thread that a guard wants: its name, and what it does.
type Service = (String, Box<dyn FnOnce() + Send>);

/// What guards asked for.
#[derive(Default)]
pub(crate) struct Requests {
    pub(crate) environment: Changes,
    pub(crate) threads: Vec<Service>,
    pub(crate) unobserved: Vec<(String, String)>,
    /// Programs to wrap, and who wants that.
    pub(crate) programs: Vec<Program>,
    wrappers_of: Vec<Option<&'static Location<'static>>>,
    pub(crate) fronts: Vec<Front>,
}

impl Site {
    pub(crate) fn new(directory: PathBuf, before: Changes) -> Self {
        Self { sockets: Sockets::of(directory.clone()), directory, before, guard: None, requests: Requests::default() }
    }

    /// A directory of this process, mode 0700, removed when the test is over. For a socket, ask for a
    /// [`socket`](Self::socket) instead: the path of this directory may be too long for one.
    #[must_use]
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// The path of a socket of this name, for the guard to make. It is shorter than 100 bytes, however deep the session's
    /// directory is (an address holds 103 to 107): in [`directory`](Self::directory) if that allows, else in another
    /// directory of this process with mode 0700. Either way it is removed when the test is over.
    ///
    /// # Errors
    ///
    /// If there is no directory for it, or if the name is too long.
    pub fn socket(&mut self, name: &str) -> io::Result<PathBuf> {
        self.sockets.path(name)
    }

    /// The value that the user gave to a variable, before any session changed it.
    #[must_use]
    pub fn env(&self, name: impl AsRef<OsStr>) -> Option<OsString> {
        match self.before.get(name.as_ref()) {
            Some(before) => before.map(OsStr::to_owned),
            None => std::env::var_os(name),
        }
    }

    /// Sets a variable for the tests of this process and for their children.
    pub fn set_env(&mut self, name: impl Into<OsString>, value: impl Into<OsString>) {
        self.requests.environment.put(name.into(), Some(value.into()));
    }

    /// Removes a variable from the tests of this process and from their children.
    pub fn remove_env(&mut self, name: impl Into<OsString>) {
        self.requests.environment.put(name.into(), None);
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

    /// Says that a relay of this process stands in front of a Unix socket. Who connects to the socket itself, past the
    /// relay, is led to it where the kernel's view is on; elsewhere this has no effect.
    pub fn in_front(&mut self, resource: &str, real: &Path, relay: &Path) {
        self.requests.fronts.push(Front { resource: resource.to_owned(), real: real.into(), relay: relay.into() });
    }

    /// The program of this name on the user's PATH: executable, a file, and not another session's wrapper.
    #[must_use]
    pub fn find_program(&self, name: &str) -> Option<PathBuf> {
        let path = self.env("PATH").unwrap_or_else(|| DEFAULT_PATH.into());
        let cwd = std::env::current_dir().unwrap_or_default();
        std::env::split_paths(&path)
            .map(|dir| cwd.join(dir))
            .map(|dir| dir.join(name))
            .find(|program| is_executable(program) && !program.parent().is_some_and(wrappers::has_mark))
    }

    /// Puts a program in front of all others on PATH, once every guard was asked.
    ///
    /// Test processes share such programs, so `text` is called only where nobody has written it yet. `key` stands for it:
    /// two texts of one name have two keys. Put the version of your crate into it, and all that the text depends on.
    ///
    /// # Errors
    ///
    /// If another guard of this process wraps the program.
    pub fn wrap(
        &mut self,
        name: &str,
        key: impl Into<String>,
        text: impl Fn() -> String + Send + 'static,
    ) -> io::Result<()> {
        let Requests { programs, wrappers_of, .. } = &mut self.requests;
        if let Some(at) = programs.iter().position(|program| program.name == name) {
            let other = wrappers_of[at];
            let place = other.map(|at| format!(" registered at {at}")).unwrap_or_default();
            let why = format!("another guard{place} wraps it too; keep one of them");
            return Err(io::Error::new(io::ErrorKind::AlreadyExists, why));
        }
        programs.push(Program { name: name.to_owned(), key: key.into(), text: Box::new(text) });
        wrappers_of.push(self.guard);
        Ok(())
    }
}

impl Requests {
    /// The variables to set, PATH with these directories of wrappers in front included.
    pub(crate) fn variables(&self, wrappers: &[&Path], path: Option<OsString>) -> Changes {
        let mut variables = self.environment.clone();
        if !wrappers.is_empty() {
            let asked = variables.get(OsStr::new("PATH")).map(|path| path.map(OsStr::to_owned));
            let path = asked.unwrap_or(path);
            let mut first = OsString::new();
            for dir in wrappers {
                first.push(dir);
                first.push(":");
            }
            first.push(path.unwrap_or_else(|| DEFAULT_PATH.into()));
            variables.put("PATH".into(), Some(first));
        }
        variables
    }
}

fn is_executable(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    fn changed_path(path: &str) -> Changes {
        let mut changes = Changes::default();
        changes.put("PATH".into(), Some(path.into()));
        changes
    }

    fn site(temp: &Path, path: &str) -> Site {
        Site::new(temp.join("dir"), changed_path(path))
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
        fs::write(dirs[3].join(wrappers::MARK), "").unwrap();
        let path = std::env::join_paths(&dirs).unwrap().into_string().unwrap();
        assert_eq!(site(temp.path(), &path).find_program("tool"), Some(dirs[4].join("tool")));
        assert_eq!(site(temp.path(), "").find_program("no such tool"), None);
    }

    #[test]
    fn wrappers_come_first_also_where_path_is_not_set() {
        let requests = Requests::default();
        let wrappers = [Path::new("/w"), Path::new("/r")];
        assert_eq!(requests.variables(&wrappers[..1], None), changed_path("/w:/bin:/usr/bin"));
        assert_eq!(requests.variables(&wrappers, Some("/x".into())), changed_path("/w:/r:/x"));
        assert!(requests.variables(&[], None).iter().next().is_none());
    }
}
