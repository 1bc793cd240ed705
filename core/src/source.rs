//! The path of a source file as messages have it.

use std::borrow::Cow;
use std::fs;
use std::path::{Component, Path, PathBuf};

/// The path without `..`, which the compiler leaves in those of modules under `#[path]`.
///
/// Where a folder before `..` is a symbolic link, that is another file. So the file is looked for: from here, or, since paths
/// are those of the workspace and tests run in their package, from above.
pub(crate) fn shown(file: &str) -> Cow<'_, str> {
    let plain =
        if file.contains("/../") { std::env::current_dir().ok().and_then(|here| plain(file, &here)) } else { None };
    plain.map_or(Cow::Borrowed(file), Cow::Owned)
}

fn plain(file: &str, here: &Path) -> Option<String> {
    let mut plain = PathBuf::new();
    for part in Path::new(file).components() {
        match part {
            Component::ParentDir if matches!(plain.components().next_back(), Some(Component::Normal(_))) => {
                plain.pop();
            }
            part => plain.push(part),
        }
    }
    let mut found = here.ancestors().filter_map(|base| Some((base, fs::canonicalize(base.join(file)).ok()?)));
    let (base, real) = found.next()?;
    let is_same = fs::canonicalize(base.join(&plain)).is_ok_and(|other| other == real);
    plain.into_os_string().into_string().ok().filter(|_| is_same)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn a_path_is_made_plain_where_it_stays_that_of_the_file() {
        let temp = tempfile::tempdir().unwrap();
        let package = temp.path().join("pack");
        for folder in ["tests/it", "common", "tests/common", "elsewhere/deep"] {
            fs::create_dir_all(package.join(folder)).unwrap();
        }
        fs::write(package.join("tests/common/mod.rs"), "").unwrap();
        fs::write(package.join("elsewhere/mod.rs"), "").unwrap();
        symlink("../elsewhere/deep", package.join("tests/linked")).unwrap();

        let plain = |file: &str| plain(file, &package);
        assert_eq!(plain("pack/tests/it/../common/mod.rs").as_deref(), Some("pack/tests/common/mod.rs"));
        assert_eq!(plain("tests/it/../../tests/common/mod.rs").as_deref(), Some("tests/common/mod.rs"));
        assert_eq!(plain("pack/tests/linked/../mod.rs"), None, "that is elsewhere/mod.rs");
        assert_eq!(plain("pack/tests/it/../nowhere.rs"), None);
        fs::write(package.join("tests/mod.rs"), "").unwrap();
        assert_eq!(plain("pack/tests/linked/../mod.rs"), None, "and not this one");
        assert_eq!(shown("src/lib.rs"), "src/lib.rs");
    }
}
