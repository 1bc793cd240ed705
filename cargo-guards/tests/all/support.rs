//! The workspace that the command is driven on.

use std::env;
use std::ffi::OsString;
use std::fs::{self, File};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The workspace, which one test has at a time: they share what is built.
pub(crate) struct Workspace {
    root: PathBuf,
    target: PathBuf,
    /// Released when it is closed.
    _lock: File,
}

/// What a command printed, and its exit code.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

pub(crate) const ENGINES: [&str; 2] = ["nextest", "cargo-test"];

impl Workspace {
    /// Makes it of `tests/crates`, with a space in its path, where its last build still is.
    pub(crate) fn get() -> Self {
        Self::made("work space", |root| copy(&sources().join("tests/crates"), root))
    }

    /// Makes it of `tests/services`: with a store that can be missing, and resources that only `guards.toml` knows.
    pub(crate) fn services() -> Self {
        Self::made("services", |root| copy(&sources().join("tests/services"), root))
    }

    /// Makes one of these files, which have `@ROOT@` where this repository is. What it had else stays.
    pub(crate) fn of(name: &str, files: &[(&str, String)]) -> Self {
        Self::made(name, |root| {
            for (file, text) in files {
                let path = root.join(file);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                write(&path, text);
            }
        })
    }

    fn made(name: &str, make: impl FnOnce(&Path)) -> Self {
        let workspace = Self::held("", name);
        make(&workspace.root);
        let locked = workspace.root.join("Cargo.lock");
        if !locked.exists() {
            fs::copy(sources().join("../Cargo.lock"), locked).unwrap();
        }
        workspace
    }

    /// One that shares its builds with nobody, for the caller to fill.
    pub(crate) fn apart(name: &str) -> Self {
        Self::held(name, "work space")
    }

    fn held(base: &str, name: &str) -> Self {
        let program = env::current_exe().unwrap();
        let base = program.ancestors().nth(3).unwrap().join("cargo-guards tests").join(base);
        fs::create_dir_all(&base).unwrap();
        let lock = File::create(base.join("lock")).unwrap();
        lock.lock().unwrap();
        let target = base.join("target");
        let _ = fs::remove_dir_all(target.join("guards"));
        let root = base.join(name);
        let _ = fs::remove_file(root.join("guards.toml"));
        Self { root, target, _lock: lock }
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    /// The directories of its runs, the last one last.
    pub(crate) fn runs(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.target.join("guards")).into_iter().flatten().flatten();
        let mut runs: Vec<_> =
            entries.map(|entry| entry.path()).filter(|path| path.join("run.json").exists()).collect();
        runs.sort();
        runs
    }

    /// A cargo command in a folder of the workspace.
    pub(crate) fn command(&self, folder: &str, words: &[&str]) -> Command {
        let mut command = self.clean("cargo", folder);
        command.args(words);
        command
    }

    /// A command of the shell, on a terminal of its own: what is written to its standard input is typed there.
    pub(crate) fn terminal(&self, folder: &str, line: &str) -> Command {
        let mut command = self.clean("script", folder);
        command.args(["--quiet", "--return", "--command", line, "/dev/null"]).env("SHELL", "/bin/sh");
        command
    }

    /// A command with as little as possible of the run that this test is part of.
    pub(crate) fn clean(&self, program: &str, folder: &str) -> Command {
        const OURS: &[&str] = &["CARGO", "NEXTEST", "RESOURCE_GUARDS", "RUST_TEST_", "OUT_DIR", "LD_LIBRARY_PATH"];
        const KEPT: &[&str] = &["CARGO_HOME", "CARGO_NET_OFFLINE"];
        let mut command = Command::new(program);
        for (name, _) in env::vars_os() {
            let name = name.to_string_lossy();
            if OURS.iter().any(|ours| name.starts_with(ours)) && !KEPT.contains(&&*name) {
                command.env_remove(&*name);
            }
        }
        command.current_dir(self.root.join(folder)).env("CARGO_TARGET_DIR", &self.target);
        command.env("PATH", path(&env::var_os("PATH").unwrap())).env("CARGO_TERM_COLOR", "never");
        command
    }

    /// Runs a command in the root of the workspace.
    pub(crate) fn run(&self, words: &[&str]) -> Ran {
        ran(self.command("", words))
    }
}

/// A `guards.toml` of the workspace, removed when this goes.
pub(crate) struct GuardsToml(PathBuf);

pub(crate) fn with_guards_toml(workspace: &Workspace, text: &str) -> GuardsToml {
    let path = workspace.root.join("guards.toml");
    fs::write(&path, text).unwrap();
    GuardsToml(path)
}

impl Drop for GuardsToml {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// PATH with the built command in front.
fn path(users: &OsString) -> OsString {
    let program = Path::new(env!("CARGO_BIN_EXE_cargo-guards")).parent().unwrap();
    env::join_paths([program.to_owned()].into_iter().chain(env::split_paths(users))).unwrap()
}

pub(crate) fn ran(mut command: Command) -> Ran {
    let Output { status, stdout, stderr } = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Ran { code: status.code().unwrap_or(-1), stdout: text(stdout), stderr: text(stderr) }
}

/// Hides nextest from a command: what is beside it on PATH stays.
pub(crate) fn hide_nextest(command: &mut Command, temp: &Path) {
    let shadow = |dir: &Path, name: &str, hidden: &str| {
        let shadow = temp.join(name);
        fs::create_dir(&shadow).unwrap();
        for entry in fs::read_dir(dir).unwrap().flatten().filter(|entry| entry.file_name() != hidden) {
            symlink(entry.path(), shadow.join(entry.file_name())).unwrap();
        }
        shadow
    };
    let dirs = env::split_paths(&path(&env::var_os("PATH").unwrap())).collect::<Vec<_>>();
    let dirs = dirs.iter().enumerate().map(|(n, dir)| {
        if dir.join("cargo-nextest").exists() { shadow(dir, &n.to_string(), "cargo-nextest") } else { dir.clone() }
    });
    command.env("PATH", env::join_paths(dirs).unwrap());
    let home = env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| Some(env::home_dir()?.join(".cargo"))).unwrap();
    if home.join("bin/cargo-nextest").exists() {
        command.env("CARGO_HOME", shadow(&home, "home", "bin"));
    }
}

/// Copies the sources, and leaves files alone that have not changed.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        if entry.path().is_dir() {
            copy(&entry.path(), &to.join(name));
            continue;
        }
        let to = to.join(if name.ends_with(".toml") { "Cargo.toml" } else { &name });
        write(&to, &fs::read_to_string(entry.path()).unwrap());
    }
}

fn sources() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Writes a file, unless it has that text: cargo would build it again.
fn write(path: &Path, text: &str) {
    let text = text.replace("@ROOT@", sources().parent().unwrap().to_str().unwrap());
    if fs::read_to_string(path).ok().as_ref() != Some(&text) {
        fs::write(path, text).unwrap();
    }
}
