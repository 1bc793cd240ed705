//! Resources that no guard watches and `guards.toml` describes: `cargo guards` watches them.
//!
//! A test process does not read that file, except to find out whether a name that no guard has, or a pattern that the guards
//! of its resource refuse, is a mistake.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::{env, fs};

/// The name of the file. It stands beside the `Cargo.toml` of the workspace.
const FILE: &str = "guards.toml";

/// Why nothing is seen of such a resource in a run without `cargo guards`.
pub(crate) const UNWATCHED: &str =
    "guards.toml describes it, and only `cargo guards test` watches what is described there";

/// Whether the file of this package's workspace describes the resource.
pub(crate) fn here(resource: &str) -> bool {
    static TEXT: OnceLock<Option<String>> = OnceLock::new();
    let text = TEXT.get_or_init(|| {
        let package = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        text_above(&package.or_else(|| env::current_dir().ok())?)
    });
    text.as_ref().is_some_and(|text| describes(text, resource))
}

/// The text of the nearest file in this folder or above it that stands beside a `Cargo.toml`.
fn text_above(folder: &Path) -> Option<String> {
    let mut roots = folder.ancestors().filter(|folder| folder.join("Cargo.toml").is_file());
    roots.find_map(|folder| fs::read_to_string(folder.join(FILE)).ok())
}

/// Whether the text describes the resource: a header `[resources.NAME]`, and below it, before the next one, a line that
/// sets `exec`, `unix` or `tcp`.
pub(crate) fn describes(text: &str, resource: &str) -> bool {
    let header = format!("[resources.{resource}]");
    let code = |line: &str| line.split('#').next().unwrap_or_default().split_whitespace().collect::<String>();
    let mut lines = text.lines().map(code).skip_while(|line| *line != header).skip(1);
    let sets = |line: &String| ["exec=", "unix=", "tcp="].iter().any(|key| line.starts_with(key));
    lines.by_ref().take_while(|line| !line.starts_with('[')).any(|line| sets(&line))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_and_a_line_below_it_describe() {
        let text = "max-exceptions = 1\n[ resources.a ] # of ours\nmax-threads = 1\n exec = [\n\"a\"]\n[resources.b]\n\
                    max-threads = 2\n[resources.c]\ntcp=['c:1']";
        let described = ["a", "b", "c", "d"].map(|name| describes(text, name));
        assert_eq!(described, [true, false, true, false]);
        assert!(!describes("resources.a.exec = ['a']", "a") && !describes("", "a"));
    }

    #[test]
    fn the_nearest_file_beside_a_manifest_is_taken() {
        let root = tempfile::tempdir().unwrap();
        let package = root.path().join("crates/one");
        fs::create_dir_all(&package).unwrap();
        fs::write(root.path().join("Cargo.toml"), "").unwrap();
        fs::write(package.join("Cargo.toml"), "").unwrap();
        fs::write(root.path().join("crates").join(FILE), "no").unwrap();
        fs::write(root.path().join(FILE), "yes").unwrap();
        assert_eq!(text_above(&package).as_deref(), Some("yes"));
    }
}
