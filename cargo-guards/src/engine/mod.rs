//! The engine that runs the tests: nextest where it is installed, else `cargo test`.

pub(crate) mod archive;
pub(crate) mod build;
pub(crate) mod chain;
pub(crate) mod flags;
pub(crate) mod groups;
pub(crate) mod interrupt;
pub(crate) mod runner;
pub(crate) mod session;
pub(crate) mod supervise;

use std::ffi::{OsStr, OsString};
use std::os::unix::fs::MetadataExt as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::flags::BuildFlags;
use crate::{Error, Result};

/// What `--engine` says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Choice {
    /// nextest where it is installed, else `cargo test`
    #[default]
    Auto,
    /// `cargo nextest run`
    Nextest,
    /// `cargo test`
    CargoTest,
}

/// What runs the tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Engine {
    Nextest,
    CargoTest,
}

impl Engine {
    /// The one that is asked for, or that is there.
    pub(crate) fn choose(choice: Choice) -> Result<Self> {
        match choice {
            Choice::CargoTest => Ok(Self::CargoTest),
            Choice::Auto if find_nextest().is_none() => Ok(Self::CargoTest),
            Choice::Nextest if find_nextest().is_none() => Err(Error::Usage(
                "nextest is not installed; install it (https://nexte.st), or pass --engine cargo-test".to_owned(),
            )),
            Choice::Auto | Choice::Nextest => Ok(Self::Nextest),
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Nextest => "nextest",
            Self::CargoTest => "cargo test",
        }
    }

    /// A command that runs tests, with the flags of the build.
    pub(crate) fn command(self, flags: &BuildFlags) -> Command {
        match self {
            Self::Nextest => {
                let mut command = nextest();
                command.args(flags.of_nextest());
                command
            }
            Self::CargoTest => {
                let mut command = build::cargo();
                command.arg("test").args(flags.of_cargo_test());
                command
            }
        }
    }
}

/// `cargo nextest run` without cargo, which would only start it: that takes time, and is not needed for an archive.
pub(crate) fn nextest() -> Command {
    let mut command = Command::new(find_nextest().unwrap_or_else(|| NEXTEST.into()));
    command.args(["nextest", "run"]);
    command
}

const NEXTEST: &str = "cargo-nextest";

/// The nextest that cargo would find.
fn find_nextest() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| std::env::home_dir().map(|home| home.join(".cargo")));
    let mut dirs: Vec<PathBuf> = std::env::split_paths(&path).collect();
    if let Some(bin) = home.map(|home| home.join("bin"))
        && !dirs.contains(&bin)
    {
        dirs.insert(0, bin);
    }
    let is_program = |file: &PathBuf| file.metadata().is_ok_and(|found| found.is_file() && found.mode() & 0o111 != 0);
    dirs.into_iter().map(|dir| dir.join(NEXTEST)).find(is_program)
}

/// What the user wrote after `--`, taken apart.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Passed {
    /// The engine's options.
    pub(crate) engine: Vec<OsString>,
    /// The expressions among them, if they are to be joined with ours.
    pub(crate) filtersets: Vec<String>,
    /// What follows a second `--`, for the test binaries.
    pub(crate) tests: Option<Vec<OsString>>,
}

impl Passed {
    /// Takes `-E` and its other spellings out, since nextest would add what each selects to what ours does.
    pub(crate) fn parse(words: &[OsString], engine: Engine) -> Self {
        let mut passed = Self::default();
        let end = words.iter().position(|word| word == "--");
        passed.tests = end.map(|end| words[end + 1..].to_vec());
        let mut words = words[..end.unwrap_or(words.len())].iter();
        while let Some(word) = words.next() {
            let text = word.to_str().filter(|_| engine == Engine::Nextest).unwrap_or_default();
            let long = ["--filterset", "--filter-expr"];
            if text == "-E" || long.contains(&text) {
                passed.filtersets.extend(words.next().map(|value| value.to_string_lossy().into_owned()));
            } else if let Some(value) = long.iter().find_map(|name| text.strip_prefix(name)?.strip_prefix('=')) {
                passed.filtersets.push(value.to_owned());
            } else if let Some(value) = text.strip_prefix("-E") {
                passed.filtersets.push(value.strip_prefix('=').unwrap_or(value).to_owned());
            } else {
                passed.engine.push(word.clone());
            }
        }
        passed
    }

    /// Whether the user says when a failure ends the run. Engines refuse to be told twice.
    pub(crate) fn is_about_failures(&self) -> bool {
        const NAMES: [&str; 6] = ["--fail-fast", "--ff", "--no-fail-fast", "--nff", "--max-fail", "--no-run"];
        let name = |word: &OsString| word.to_string_lossy().split('=').next().map(str::to_owned).unwrap_or_default();
        self.engine.iter().any(|word| NAMES.contains(&name(word).as_str()))
    }
}

/// The target whose programs cargo runs: that of the flags, of the environment, or this machine.
pub(crate) fn triple(flags: &BuildFlags) -> Result<String> {
    if let Some(target) = flags.target.clone().or_else(|| std::env::var("CARGO_BUILD_TARGET").ok()) {
        return Ok(target);
    }
    let mut rustc = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| OsStr::new("rustc").into()));
    rustc.arg("-vV").stdin(Stdio::null());
    let output = rustc.output().map_err(|source| Error::Start { command: build::line(&rustc), source })?;
    let text = String::from_utf8_lossy(&output.stdout);
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(|host| host.trim().to_owned())
        .ok_or_else(|| Error::Usage("rustc does not say which machine it is made for; pass --target".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_of_the_user_are_taken_out() {
        let words = |line: &str| line.split_whitespace().map(OsString::from).collect::<Vec<_>>();
        let line = words("--retries 2 -E a --filterset=b -Ec name -- --ignored -E d");
        let passed = Passed::parse(&line, Engine::Nextest);
        assert_eq!(passed.engine, words("--retries 2 name"));
        assert_eq!(passed.filtersets, ["a", "b", "c"]);
        assert_eq!(passed.tests, Some(words("--ignored -E d")));
        assert_eq!(Passed::parse(&words("-E x"), Engine::CargoTest).engine, words("-E x"));
    }
}
