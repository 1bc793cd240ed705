//! Writing a file so that it is always whole: the old text or the new one.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use crate::{Error, Result};

/// Replaces the text of a file, if it is still `before`. Its permissions stay.
pub(super) fn replace(path: &Path, before: &str, after: &str) -> Result<()> {
    let replaced = || -> io::Result<()> {
        let folder = path.parent().unwrap_or(path);
        let mut file = tempfile::Builder::new().prefix(".guards-fix-").tempfile_in(folder)?;
        file.write_all(after.as_bytes())?;
        fs::set_permissions(file.path(), fs::metadata(path)?.permissions())?;
        file.as_file().sync_all()?;
        if fs::read(path)? != before.as_bytes() {
            return Err(io::Error::other("it was changed in the meantime"));
        }
        file.persist(path)?;
        Ok(())
    };
    replaced().map_err(Error::file("write", path))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn permissions_stay_and_what_was_changed_is_not_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.rs");
        fs::write(&path, "old").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        replace(&path, "old", "new").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
        let refused = replace(&path, "old", "newer").unwrap_err();
        assert!(refused.with_causes().ends_with("a.rs`: it was changed in the meantime"), "{}", refused.with_causes());
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else is left");
    }
}
