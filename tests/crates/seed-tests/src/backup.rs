//! Code under test: it runs `tar`.

use std::io;
use std::path::Path;
use std::process::Command;

/// Packs a directory into `backup.tar` beside it.
pub fn back_up(dir: &Path) -> io::Result<()> {
    let name = dir.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    let packed =
        Command::new("tar").current_dir(dir.with_file_name("")).args(["cf", "backup.tar"]).arg(name).output()?;
    if packed.status.success() { Ok(()) } else { Err(io::Error::other(String::from_utf8_lossy(&packed.stderr).trim())) }
}

/// A backup of a fresh directory with one file.
#[cfg(test)]
pub fn back_up_something() -> io::Result<()> {
    let temp = tempfile::tempdir()?;
    let dir = temp.path().join("notes");
    std::fs::create_dir(&dir)?;
    std::fs::write(dir.join("a.txt"), "a")?;
    back_up(&dir)?;
    assert!(temp.path().join("backup.tar").exists());
    Ok(())
}
