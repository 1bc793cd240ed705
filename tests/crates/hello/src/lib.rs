//! A crate with one guard, and one test of each kind.

use std::io;
use std::path::Path;
use std::process::Command;

/// Packs a file into an archive beside it, and lists the archive.
pub fn pack(file: &Path) -> io::Result<String> {
    let dir = file.parent().unwrap_or(Path::new("."));
    let name = file.file_name().unwrap_or_default();
    Command::new("tar").current_dir(dir).args(["cf", "packed.tar"]).arg(name).status()?;
    let listed = Command::new("tar").current_dir(dir).args(["tf", "packed.tar"]).output()?;
    Ok(String::from_utf8_lossy(&listed.stdout).into_owned())
}
