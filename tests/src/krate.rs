//! A crate under test, and how it is run.

use std::ffi::OsString;
use std::fs::File;
use std::io::{Read as _, Seek as _};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::{OnceLock, mpsc};
use std::time::Duration;
use std::{env, io, thread};

use crate::engine::Engine;
use crate::run::Run;
use crate::{environment, libtest, nextest};

/// A crate of `tests/crates`, with the settings for a run.
#[derive(Debug, Clone)]
#[must_use = "nothing is built or run until `run` or `expect` is called"]
pub struct Crate {
    name: String,
    environment: Vec<(OsString, Option<OsString>)>,
    cargo_arguments: Vec<String>,
    test_arguments: Vec<String>,
    strict: bool,
    directory: PathBuf,
}

impl Crate {
    /// The package of this name.
    pub fn named(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            environment: Vec::new(),
            cargo_arguments: Vec::new(),
            test_arguments: Vec::new(),
            strict: false,
            directory: Path::new(env!("CARGO_MANIFEST_DIR")).join("crates"),
        }
    }

    /// The name of the package.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Sets a variable for the run, but not for the build.
    pub fn env(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.environment.push((name.into(), Some(value.into())));
        self
    }

    /// Removes a variable for the run, but not for the build.
    pub fn env_remove(mut self, name: impl Into<OsString>) -> Self {
        self.environment.push((name.into(), None));
        self
    }

    /// Adds arguments of `cargo test` and `cargo nextest run`: `--lib`, `--test=name`, `--features=x`.
    pub fn cargo_args(mut self, arguments: &[&str]) -> Self {
        self.cargo_arguments.extend(arguments.iter().map(|&argument| argument.to_owned()));
        self
    }

    /// Adds arguments after `--`: filters, `--exact`, `--ignored`. nextest understands most of libtest's.
    pub fn args(mut self, arguments: &[&str]) -> Self {
        self.test_arguments.extend(arguments.iter().map(|&argument| argument.to_owned()));
        self
    }

    /// Runs the tests by `cargo guards test --strict`.
    pub fn strict(self) -> Self {
        Self { strict: true, ..self }.env("STRICT", "1")
    }

    /// Where everything is built: one directory for all crates, so that their dependencies are compiled once.
    ///
    /// # Panics
    ///
    /// If the running program does not lie in a target directory.
    #[must_use]
    pub fn target_directory() -> PathBuf {
        let program = env::current_exe().expect("the path of a running program is known");
        let target = program.ancestors().nth(3).expect("a test runs in target/debug/deps");
        target.join("black-box")
    }

    /// A cargo command in the workspace of the crates under test, in a clean environment.
    #[must_use]
    pub fn cargo(&self) -> Command {
        let mut command = environment::command(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.current_dir(&self.directory).env("CARGO_TARGET_DIR", Self::target_directory());
        command
    }

    /// Builds the tests and returns the executables, libraries' unit tests first.
    ///
    /// # Panics
    ///
    /// If they do not compile.
    pub fn build(&self) -> Vec<PathBuf> {
        let mut command = self.cargo();
        command.args(["test", "--no-run", "--color=never", "-p", &self.name]).args(&self.cargo_arguments);
        let (status, output, _) = finish(command);
        assert!(status.success(), "the crate `{}` under test does not build:\n{output}", self.name);
        output.lines().filter_map(executable).map(|path| self.directory.join(path)).collect()
    }

    /// Builds the crate and runs its tests.
    ///
    /// # Panics
    ///
    /// If it does not build, or if the engine is not there.
    #[must_use]
    pub fn run(&self, engine: Engine) -> Run {
        self.build();
        if self.strict {
            build_guards();
        }
        let mut command = if self.strict { self.guards(engine) } else { self.cargo() };
        if !self.strict {
            command.args(engine.cargo_arguments()).args(["-p", &self.name]).args(&self.cargo_arguments);
        }
        command.arg("--").args(engine.test_arguments()).args(&self.test_arguments);
        for (name, value) in &self.environment {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        let (status, output, pid) = finish(command);
        assert!(
            !output.starts_with("error: no such command: `nextest`"),
            "cargo-nextest is not installed, and the black-box tests need it"
        );
        // What `cargo guards` says in the end.
        let (output, summary) = match output.split_once("\nguards: ") {
            Some((output, summary)) if self.strict => (output.to_owned(), summary.to_owned()),
            _ => (output, String::new()),
        };
        let (tests, unattributed) = match engine {
            Engine::CargoTest | Engine::OneThread => libtest::read(&output),
            Engine::Nextest => (nextest::read(&output), Vec::new()),
        };
        Run { engine, pid, status, output, summary, tests, unattributed }
    }
}

impl Crate {
    /// `cargo guards test --strict` with an engine and its arguments, as far as they stand before the second `--`.
    fn guards(&self, engine: Engine) -> Command {
        let built = Self::target_directory();
        let program = built.parent().expect("it is in a target directory").join("debug/cargo-guards");
        let mut command = environment::command(program);
        command.current_dir(&self.directory).env("CARGO_TARGET_DIR", built);
        command.args(["guards", "--color=never", "test", "--strict", "--no-fail-fast", "-p", &self.name]);
        command.args(["--engine", if engine == Engine::Nextest { "nextest" } else { "cargo-test" }]);
        command.args(&self.cargo_arguments).arg("--");
        // The first ones say what to run, and `--no-fail-fast` and colours are given above.
        let given = |word: &&&str| !word.starts_with("--no-fail") && !word.starts_with("--color");
        let words = if engine == Engine::Nextest { 2 } else { 1 };
        command.args(engine.cargo_arguments().iter().skip(words).filter(given));
        command
    }
}

/// Builds the command `cargo guards`, once.
///
/// # Panics
///
/// If it does not build.
fn build_guards() {
    static BUILT: OnceLock<()> = OnceLock::new();
    BUILT.get_or_init(|| {
        let mut command = environment::command(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        let target = Crate::target_directory();
        command.current_dir(env!("CARGO_MANIFEST_DIR")).args(["build", "--quiet", "-p", "cargo-guards"]);
        command.env("CARGO_TARGET_DIR", target.parent().expect("it is in a target directory"));
        let (status, output, _) = finish(command);
        assert!(status.success(), "cargo-guards does not build:\n{output}");
    });
}

/// The path in cargo's line `  Executable tests/all.rs (target/debug/deps/all-0123456789abcdef)`.
fn executable(line: &str) -> Option<&str> {
    line.trim_start().strip_prefix("Executable ")?.strip_suffix(')')?.rsplit_once('(').map(|(_, path)| path)
}

/// How long one command may take, on a machine that is busy with other builds.
const LIMIT: Duration = Duration::from_secs(300);

/// Runs a command with both outputs in one file: their order is kept, and a process that outlives the command and holds
/// its output delays nothing. A command that hangs is ended, with its children. Gives its process id too.
fn finish(mut command: Command) -> (ExitStatus, String, u32) {
    let run = |command: &mut Command| -> io::Result<(ExitStatus, String, u32)> {
        let mut file: File = tempfile::tempfile()?;
        command.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file.try_clone()?);
        let mut child = command.process_group(0).spawn()?;
        let (ended, hangs) = mpsc::channel::<()>();
        let pid = child.id();
        let group = format!("-{pid}");
        let watch = thread::spawn(move || {
            hangs.recv_timeout(LIMIT) == Err(mpsc::RecvTimeoutError::Timeout)
                && Command::new("kill").args(["-TERM", "--", &group]).status().is_ok()
        });
        let status = child.wait()?;
        drop(ended);
        let mut bytes = Vec::new();
        file.rewind()?;
        file.read_to_end(&mut bytes)?;
        let mut output = String::from_utf8_lossy(&bytes).into_owned();
        if watch.join().is_ok_and(|killed| killed) {
            output.push_str("\n(it hung, and was ended)\n");
        }
        Ok((status, output, pid))
    };
    run(&mut command).unwrap_or_else(|error| panic!("cannot run {command:?}: {error}"))
}
