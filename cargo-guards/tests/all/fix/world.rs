//! The workspaces that `cargo guards fix` edits: copies in a git repository of their own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::{Ran, Workspace, ran};

/// A copy of `tests/fix/before`, which one test has at a time.
pub(crate) struct World {
    workspace: Workspace,
}

impl World {
    /// Makes it anew, committed.
    pub(crate) fn get() -> Self {
        Self::of("fix", |root| copy(&sources().join("before"), root))
    }

    /// A workspace of that name with what `fill` puts into it, committed. Its last build is kept.
    pub(crate) fn of(name: &str, fill: impl FnOnce(&Path)) -> Self {
        let workspace = Workspace::apart(name);
        let root = workspace.root();
        fs::create_dir_all(root).unwrap();
        for entry in fs::read_dir(root).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                fs::remove_dir_all(path).unwrap();
            } else if !path.ends_with("Cargo.lock") {
                fs::remove_file(path).unwrap();
            }
        }
        fill(root);
        let lock = root.join("Cargo.lock");
        if !lock.exists() {
            fs::copy(sources().join("../../../tests/crates/Cargo.lock"), lock).unwrap();
        }
        fs::write(root.join(".gitignore"), "Cargo.lock\n").unwrap();
        let world = Self { workspace };
        world.git(&["init", "--quiet"]);
        world.commit();
        world
    }

    pub(crate) fn commit(&self) {
        self.git(&["add", "--all"]);
        let who = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"];
        self.git(&[&who[..], &["commit", "--quiet", "--allow-empty", "-m", "all"]].concat());
    }

    /// Runs git, which must succeed, and gives what it prints.
    pub(crate) fn git(&self, words: &[&str]) -> String {
        let mut git = Command::new("git");
        git.args(words).current_dir(self.root());
        let ran = ran(git);
        assert_eq!(ran.code, 0, "git {words:?}: {}{}", ran.stdout, ran.stderr);
        ran.stdout
    }

    pub(crate) fn root(&self) -> &Path {
        self.workspace.root()
    }

    pub(crate) fn command(&self, words: &[&str]) -> Command {
        self.workspace.command("", words)
    }

    pub(crate) fn run(&self, words: &[&str]) -> Ran {
        ran(self.command(words))
    }

    /// Runs the tests without refusing anything; they must pass.
    pub(crate) fn observe(&self, words: &[&str]) -> Ran {
        let mut command = self.command(&["guards", "test", "--no-fail-fast"]);
        command.args(words).env("RESOURCE_GUARDS", "observe");
        let ran = ran(command);
        assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
        ran
    }

    /// Mends, with success, and says what it said.
    pub(crate) fn fix(&self, words: &[&str]) -> String {
        let ran = self.run(&[&["guards", "fix"], words].concat());
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        ran.stderr
    }

    pub(crate) fn read(&self, file: &str) -> String {
        fs::read_to_string(self.root().join(file)).unwrap()
    }

    pub(crate) fn write(&self, file: &str, text: impl AsRef<[u8]>) {
        fs::write(self.root().join(file), text).unwrap();
    }
}

pub(crate) fn sources() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fix")
}

/// The files below a folder, by their paths in it.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { open.push(path) } else { files.push(path.strip_prefix(folder).unwrap().to_owned()) }
        }
    }
    files.sort();
    files
}

/// Copies sources; a `*.toml` becomes a `Cargo.toml`.
fn copy(from: &Path, to: &Path) {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_str().unwrap();
    for file in files(from) {
        let text = fs::read_to_string(from.join(&file)).unwrap().replace("@ROOT@", workspace);
        let mut to = to.join(&file);
        if to.extension().is_some_and(|extension| extension == "toml") {
            to.set_file_name("Cargo.toml");
        }
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::write(to, text).unwrap();
    }
}
