//! Which program a file is: by its name, by its inode, by its content, or by the interpreter that it names.

use std::collections::{BTreeSet, HashMap};
use std::ffi::OsStr;
use std::fs::File;
use std::io::Read;
use std::os::unix::ffi::OsStrExt as _;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use crate::linux::files::{self, Base, Facts, Inode};
use crate::linux::{Exec, Found};

/// A file that marks a directory of wrappers, as `resource-guards` makes it.
const WRAPPERS_MARK: &str = ".resource-guards";

/// The kernel reads so much of a script's first line.
const FIRST_LINE: usize = 256;

/// So many characters of a path are shown.
const LONGEST_PATH: usize = 300;

/// A script's interpreter may be a script; the kernel follows so many.
const DEPTH: usize = 5;

/// Programs that are looked for, and how they are recognised.
#[derive(Debug, Default)]
pub struct Programs {
    names: BTreeSet<String>,
    /// The files that PATH finds under these names.
    files: HashMap<Inode, BTreeSet<String>>,
    /// The same by their size, for copies of them.
    sizes: HashMap<u64, Vec<(PathBuf, String)>>,
    /// What was found out about other files.
    known: Mutex<HashMap<Facts, BTreeSet<String>>>,
}

impl Programs {
    /// Looks for programs of these names on PATH.
    ///
    /// A file with several unlike names on PATH is a multi-call program (busybox): what it does depends on its name, so it
    /// is recognised by that alone.
    #[must_use]
    pub fn find(names: BTreeSet<String>, path: &OsStr) -> Self {
        let dirs = std::env::split_paths(path).filter(|dir| !dir.join(WRAPPERS_MARK).exists());
        let mut by_inode: HashMap<Inode, BTreeSet<String>> = HashMap::new();
        let mut found = Vec::new();
        for entry in dirs.filter_map(|dir| std::fs::read_dir(dir).ok()).flatten().flatten() {
            let Some(facts) = Facts::at(&entry.path()).filter(Facts::is_program) else { continue };
            let Ok(name) = entry.file_name().into_string() else { continue };
            by_inode.entry(facts.inode).or_default().insert(name.clone());
            if names.contains(&name) {
                found.push((name, facts, entry.path()));
            }
        }
        let mut programs = Self { names, ..Self::default() };
        for (name, facts, path) in found {
            let called = &by_inode[&facts.inode];
            if called.iter().all(|other| are_alike(&name, other) || programs.names.contains(other)) {
                programs.files.entry(facts.inode).or_default().insert(name.clone());
                programs.sizes.entry(facts.size).or_default().push((path, name));
            }
        }
        programs
    }

    /// The names of those that would be run.
    #[must_use]
    pub fn identify(&self, exec: &Exec) -> BTreeSet<String> {
        let name = exec.name();
        let mut found = self.of_name(&name);
        found.extend(self.of_file(exec, &exec.found, DEPTH));
        if found.is_empty() && is_loader(&name) {
            // The dynamic loader runs the program that it is given.
            let program = exec.arguments(8).into_iter().skip(1).find(|argument| !argument.starts_with(b"-"));
            if let Some(program) = program {
                found.extend(self.of_name(files::file_name(&program)));
                if let Ok(file) = files::find(exec.view, Base::Cwd, files::path(&program), true) {
                    found.extend(self.of_file(exec, &file, DEPTH));
                }
            }
        }
        found
    }

    fn of_name(&self, name: &[u8]) -> BTreeSet<String> {
        let name = std::str::from_utf8(name).ok().filter(|name| self.names.contains(*name));
        name.map(str::to_owned).into_iter().collect()
    }

    fn of_file(&self, exec: &Exec, file: &Found, depth: usize) -> BTreeSet<String> {
        if let Some(names) = self.files.get(&file.facts.inode) {
            return names.clone();
        }
        if let Some(known) = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(&file.facts) {
            return known.clone();
        }
        let mut names: BTreeSet<String> = self.copies(file);
        let mut head = [0; FIRST_LINE];
        let read = file.head(&mut head).unwrap_or_default();
        if let Some(interpreter) = interpreter(&head[..read]).filter(|_| depth > 0) {
            names.extend(self.of_name(files::file_name(interpreter)));
            if let Ok(found) = files::find(exec.view, Base::Cwd, files::path(interpreter), true) {
                names.extend(self.of_file(exec, &found, depth - 1));
            }
        }
        self.known.lock().unwrap_or_else(PoisonError::into_inner).insert(file.facts, names.clone());
        names
    }

    /// The programs that the file is a copy of.
    fn copies(&self, file: &Found) -> BTreeSet<String> {
        let alike = self.sizes.get(&file.facts.size).into_iter().flatten();
        alike
            .filter(|(path, _)| file.open().is_ok_and(|a| File::open(path).is_ok_and(|b| are_equal(a, b))))
            .map(|(_, name)| name.clone())
            .collect()
    }
}

/// The program that the file is a wrapper of, which records by itself: it stands in a directory of wrappers.
pub(crate) fn wrapped(file: &Found) -> Option<String> {
    let path = file.path()?;
    let is_wrapper = path.parent()?.join(WRAPPERS_MARK).exists();
    is_wrapper.then(|| path.file_name()?.to_str().map(str::to_owned))?
}

/// Whether two names are of one family: `git` and `git-shell`, `python3` and `python3.11`.
fn are_alike(name: &str, other: &str) -> bool {
    name.starts_with(other) || other.starts_with(name)
}

fn is_loader(name: &[u8]) -> bool {
    [&b"ld-linux"[..], b"ld-musl", b"ld.so"].iter().any(|loader| name.starts_with(loader))
}

/// The program that a script names in its first line.
fn interpreter(head: &[u8]) -> Option<&[u8]> {
    let line = head.strip_prefix(b"#!")?.split(|byte| *byte == b'\n').next()?;
    line.split(|byte| matches!(byte, b' ' | b'\t' | 0)).find(|word| !word.is_empty())
}

fn are_equal(mut a: impl Read, mut b: impl Read) -> bool {
    let (mut left, mut right) = (vec![0; 64 << 10], vec![0; 64 << 10]);
    loop {
        let Ok(n) = a.read(&mut left) else { return false };
        if n == 0 {
            return matches!(b.read(&mut right), Ok(0));
        }
        if b.read_exact(&mut right[..n]).is_err() || left[..n] != right[..n] {
            return false;
        }
    }
}

/// One of the names, for messages.
pub(crate) fn shown(exec: &Exec, names: &BTreeSet<String>) -> String {
    let given = exec.given.as_os_str().as_bytes();
    let path = |path| printable(path, LONGEST_PATH).unwrap_or_else(|| "?".to_owned());
    let mut text = path(given);
    if text.is_empty() {
        text = format!("descriptor of {}", path(&exec.name()));
    }
    let called = exec.name();
    if let Some(name) = names.iter().next().filter(|_| !names.iter().any(|name| name.as_bytes() == called)) {
        text = format!("{text} (which is {name})");
    }
    with_arguments(text, exec)
}

/// The same of a wrapper, which stands for the program of its name.
pub(crate) fn shown_wrapper(exec: &Exec, program: &str) -> String {
    with_arguments(program.to_owned(), exec)
}

fn with_arguments(mut text: String, exec: &Exec) -> String {
    let arguments = exec.arguments(3);
    if let Some(first) = arguments.get(1) {
        let none = if first.is_empty() { "" } else { "?" };
        text = format!("{text} {}", first_argument(first).as_deref().unwrap_or(none));
    }
    if arguments.len() > 2 {
        text.push_str(" …");
    }
    text
}

/// As wrappers write it: cut after 64 characters, which `…` says, and none where it is not all printable ASCII or has a
/// backslash.
pub(crate) fn first_argument(argument: &[u8]) -> Option<String> {
    const LONGEST: usize = 64;
    let mut text = printable(argument, LONGEST).filter(|text| argument.is_ascii() && !text.is_empty())?;
    if argument.len() > LONGEST {
        text.push('…');
    }
    Some(text)
}

fn printable(text: &[u8], most: usize) -> Option<String> {
    let text = std::str::from_utf8(text).ok().filter(|text| !text.contains(|c: char| c.is_control() || c == '\\'))?;
    Some(text.chars().take(most).collect())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn interpreters_are_read_as_the_kernel_reads_them() {
        let of = |text: &str| interpreter(text.as_bytes()).map(|found| String::from_utf8(found.to_vec()).unwrap());
        assert_eq!(of("#!/bin/sh\nfoo").as_deref(), Some("/bin/sh"));
        assert_eq!(of("#! \t/usr/bin/env  tar -x\n").as_deref(), Some("/usr/bin/env"));
        assert_eq!((of("\x7fELF"), of("#!"), of("#!\n/bin/sh")), (None, None, None));
    }

    #[test]
    fn first_arguments_are_those_of_wrappers() {
        let of = |argument: &str| first_argument(argument.as_bytes());
        assert_eq!(of("my file.txt").as_deref(), Some("my file.txt"));
        assert_eq!(of(&"x".repeat(64)), Some("x".repeat(64)));
        assert_eq!(of(&"x".repeat(65)), Some("x".repeat(64) + "…"));
        for none in ["", "größe.txt", "a\tb", "a\\b", "a\u{7f}"] {
            assert_eq!(of(none), None, "{none:?}");
        }
        assert_eq!(of(&("x".repeat(100) + "é")), None);
    }

    #[test]
    fn a_file_with_unlike_names_is_known_by_its_name_alone() {
        let temp = tempfile::tempdir().unwrap();
        let program = |name: &str| {
            let path = temp.path().join(name);
            std::fs::write(&path, name).unwrap();
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
            path
        };
        let box_ = program("box");
        let git = program("git");
        std::os::unix::fs::symlink(&box_, temp.path().join("tar")).unwrap();
        std::fs::hard_link(&git, temp.path().join("git-shell")).unwrap();
        let names = BTreeSet::from(["tar".to_owned(), "git".to_owned()]);
        let programs = Programs::find(names, temp.path().as_os_str());
        let inode = |path| Facts::at(path).unwrap().inode;
        assert!(!programs.files.contains_key(&inode(&box_)));
        assert_eq!(programs.files[&inode(&git)], BTreeSet::from(["git".to_owned()]));
    }

    #[test]
    fn equal_contents_are_equal() {
        assert!(are_equal(&b"abc"[..], &b"abc"[..]) && are_equal(&b""[..], &b""[..]));
        assert!(!are_equal(&b"abc"[..], &b"abd"[..]) && !are_equal(&b"abc"[..], &b"ab"[..]));
        assert!(!are_equal(&b"ab"[..], &b"abc"[..]));
    }
}
