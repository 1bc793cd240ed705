//! The public crates, and where their sources are.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::{Error, Result, run};

/// A crate whose published package has tests that run programs or reach sockets.
#[derive(Debug)]
pub(super) struct Public {
    pub(super) name: &'static str,
    pub(super) version: &'static str,
    /// What to build and to run of it.
    pub(super) flags: &'static [&'static str],
    /// Those of its tests that can be traced, as an expression of nextest: strace waits for what outlives a test.
    pub(super) filter: &'static str,
}

/// Small ones, which build fast.
pub(super) const CRATES: &[Public] = &[
    Public {
        name: "duct",
        version: "1.1.2",
        flags: &["--lib"],
        filter: "not test(grandchild) and not test(pipe_start)",
    },
    Public { name: "wait-timeout", version: "0.2.1", flags: &[], filter: "all()" },
    Public { name: "subprocess", version: "0.2.9", flags: &["--lib"], filter: "all()" },
    Public { name: "run_script", version: "0.11.2", flags: &["--lib", "--tests"], filter: "all()" },
    Public { name: "shared_child", version: "1.1.2", flags: &["--lib"], filter: "all()" },
    Public { name: "os_pipe", version: "1.2.3", flags: &["--lib"], filter: "all()" },
    Public { name: "command-group", version: "5.0.1", flags: &["--test", "stdlib_unix"], filter: "all()" },
    Public { name: "polling", version: "3.11.0", flags: &["--lib", "--tests"], filter: "all()" },
];

/// A copy of the crate's sources, as cargo has fetched them.
pub(super) fn source(public: &Public, base: &Path) -> Result<PathBuf> {
    let Public { name, version, .. } = public;
    let root = base.join(format!("{name}-{version}"));
    if root.join("Cargo.toml").is_file() {
        return Ok(root);
    }
    let fetch = base.join("fetch");
    let write = |file: &str, text: &str| {
        let path = fetch.join(file);
        fs::write(&path, text).map_err(Error::file("write", path))
    };
    fs::create_dir_all(fetch.join("src")).map_err(Error::file("make", &fetch))?;
    let package = "[package]\nname = \"fetch\"\nversion = \"0.0.0\"\nedition = \"2021\"\n\n[workspace]\n";
    write("Cargo.toml", &format!("{package}\n[dependencies]\n{name} = \"={version}\"\n"))?;
    write("src/lib.rs", "")?;
    let metadata = run::captured(run::cargo(&["metadata", "--format-version=1"]).current_dir(&fetch))?;
    let metadata: Value = serde_json::from_slice(&metadata.stdout)
        .map_err(|source| Error::Record { path: fetch.join("Cargo.toml"), source })?;
    let manifest = metadata["packages"].as_array().into_iter().flatten().find(|package| package["name"] == *name);
    let manifest = manifest.and_then(|package| package["manifest_path"].as_str());
    let manifest = manifest.ok_or_else(|| Error::Unexpected(format!("cargo has not fetched {name}")))?;
    copy(Path::new(manifest).parent().unwrap_or(Path::new("/")), &root)?;
    Ok(root)
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).map_err(Error::file("make", to))?;
    for entry in fs::read_dir(from).map_err(Error::file("read", from))?.flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), &target).map_err(Error::file("write", target))?;
        }
    }
    Ok(())
}
