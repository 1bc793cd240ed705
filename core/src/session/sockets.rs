//! Where guards put their sockets: the system bounds such paths more tightly than others.

use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use super::place::Place;

/// The longest path of a socket, in bytes, that every client can connect to. Linux holds 107 and macOS 103, and some
/// clients reserve a few for themselves.
const LONGEST: usize = 99;

/// A file in the scope's directory that names the directory of its sockets, where that is another one. Wrappers read it.
const ELSEWHERE: &str = "sockets";

/// The sockets of one process: in its scope's directory, or in a short one of their own where that is too deep.
pub(crate) struct Sockets {
    scope: PathBuf,
    short: Option<Place>,
}

impl Sockets {
    pub(crate) fn of(scope: PathBuf) -> Self {
        Self { scope, short: None }
    }

    /// The path of a socket of this name, not made yet.
    pub(crate) fn path(&mut self, name: &str) -> io::Result<PathBuf> {
        let beside_the_log = self.scope.join(name);
        if fits(&beside_the_log) {
            return Ok(beside_the_log);
        }
        let short = match &mut self.short {
            Some(short) => short,
            none => {
                let place = Place::create_short()?;
                std::fs::write(self.scope.join(ELSEWHERE), [place.dir().as_os_str().as_bytes(), b"\n"].concat())?;
                none.insert(place)
            }
        };
        let path = short.dir().join(name);
        if fits(&path) {
            return Ok(path);
        }
        let why = format!("the path `{}` has more than {LONGEST} bytes", path.display());
        Err(io::Error::new(io::ErrorKind::InvalidInput, why))
    }

    /// The short directory, to be removed with the session's own.
    pub(crate) fn elsewhere(self) -> Option<Place> {
        self.short
    }
}

fn fits(path: &Path) -> bool {
    path.as_os_str().len() <= LONGEST
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_socket_is_beside_the_log_where_its_path_is_short_enough() {
        let mut sockets = Sockets::of("/tmp/scope".into());
        assert_eq!(sockets.path("a.sock").unwrap(), Path::new("/tmp/scope/a.sock"));
        assert!(sockets.elsewhere().is_none());
    }

    #[test]
    fn the_sockets_of_a_deep_scope_share_a_short_directory_that_the_scope_names() {
        let temp = tempfile::tempdir().unwrap();
        let scope = temp.path().join("d".repeat(120));
        std::fs::create_dir(&scope).unwrap();
        let mut sockets = Sockets::of(scope.clone());
        let one = sockets.path("a.sock").unwrap();
        let other = sockets.path("b.sock").unwrap();
        assert!(fits(&one) && one.parent() == other.parent() && one != other);
        std::os::unix::net::UnixListener::bind(&one).unwrap();
        let named = std::fs::read_to_string(scope.join(ELSEWHERE)).unwrap();
        assert_eq!(Path::new(named.trim_end()), one.parent().unwrap());
        sockets.elsewhere().unwrap().remove();
        assert!(!one.parent().unwrap().exists());
    }

    #[test]
    fn a_name_that_fits_nowhere_is_an_error() {
        let temp = tempfile::tempdir().unwrap();
        let mut sockets = Sockets::of(temp.path().to_owned());
        let error = sockets.path(&"n".repeat(120)).unwrap_err();
        assert!(error.to_string().contains("has more than 99 bytes"), "{error}");
        sockets.elsewhere().unwrap().remove();
    }
}
