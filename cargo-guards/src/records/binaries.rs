//! Which test binaries the records of a run are of, as nextest names them. nextest tells its test processes the name; those of
//! `cargo test` know their package and their own file only, and a library, its program and a test can have files of one name.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use cargo_metadata::{Metadata, Target};

use crate::build;
use crate::format::Record;

/// The names of binaries whose records have none, by path. One that nobody can tell is not among them.
pub(crate) fn names(records: &[Record], workspace: &Metadata) -> BTreeMap<String, String> {
    let unnamed = records.iter().filter(|record| record.binary_id.is_none());
    let binaries: BTreeMap<&str, &Record> = unnamed.map(|record| (record.binary.as_str(), record)).collect();
    binaries.into_iter().filter_map(|(path, record)| Some((path.to_owned(), name(record, workspace)?))).collect()
}

fn name(record: &Record, workspace: &Metadata) -> Option<String> {
    let stem = record.file_name().rsplit_once('-')?.0;
    let packages = workspace.packages.iter();
    let packages = packages.filter(|package| record.package.as_ref().is_none_or(|name| *package.name == *name));
    let mut named: Vec<(&str, &Target)> = packages
        .flat_map(|package| package.targets.iter().map(|target| (package.name.as_str(), target)))
        .filter(|(_, target)| target.name.replace('-', "_") == stem)
        .collect();
    if named.len() > 1 {
        let root = noted_root(Path::new(&record.binary), workspace.workspace_root.as_std_path())?;
        named.retain(|(_, target)| fs::canonicalize(&target.src_path).is_ok_and(|path| path == root));
    }
    match named.as_slice() {
        [(package, target)] => Some(build::id(package, &target.kind, &target.name)),
        _ => None,
    }
}

/// The root of a binary: what the compiler notes beside it begins with the file that it read first.
fn noted_root(binary: &Path, workspace: &Path) -> Option<PathBuf> {
    let text = fs::read_to_string(binary.with_extension("d")).ok()?;
    let (_, files) = text.lines().next()?.split_once(": ")?;
    let files = files.replace("\\ ", "\0");
    let first = files.split(' ').next()?.replace('\0', " ");
    fs::canonicalize(workspace.join(first)).ok()
}
