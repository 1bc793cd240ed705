//! The made-up outside world of the HTTP tests: a proxy on loopback that answers for every host.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::{env, fs};

use black_box::Crate;

/// Says that something is not run, past what captures its output; in CI it must be.
pub(super) fn not_run(what: &str, why: &str) {
    assert!(env::var_os("CI").is_none_or(|ci| ci == "false"), "{what} must be run here: {why}");
    let _ = writeln!(std::io::stderr(), "NOT RUN: {what}: {why}");
}

/// The variables in which a user names a proxy, and exceptions.
const VARIABLES: [&str; 4] = ["http_proxy", "https_proxy", "all_proxy", "no_proxy"];

/// A running world. It ends when this is dropped.
pub(super) struct World {
    process: Child,
    directory: tempfile::TempDir,
    pub(super) port: u16,
    /// Whether `::1` can be listened on here.
    pub(super) speaks_ipv6: bool,
    /// Clients that are not installed.
    pub(super) missing: Vec<&'static str>,
}

impl World {
    /// Builds the crate under test and starts the world that comes with it.
    pub(super) fn start() -> Self {
        Crate::named("http-clients").cargo_args(&["--test=default"]).build();
        let directory = tempfile::tempdir().unwrap();
        let mut process = Command::new(Crate::target_directory().join("debug/world"))
            .arg(directory.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the world was built");
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let (port, listeners) = line.trim().split_once(' ').expect("the world says where it is");
        let mut missing = Vec::new();
        for (client, program) in [("curl", "curl"), ("urllib", "python3")] {
            if let Err(error) = Command::new(program).arg("--version").output() {
                not_run(&format!("the client {client}"), &error.to_string());
                missing.push(client);
            }
        }
        if python().is_none() {
            missing.push("requests");
        }
        Self { process, directory, port: port.parse().unwrap(), speaks_ipv6: listeners == "3", missing }
    }

    /// The tests of one module of a binary under test, with the world as the user's own proxy.
    pub(super) fn tests(&self, binary: &str, module: &str) -> Crate {
        let mut tests = Crate::named("http-clients").cargo_args(&[&format!("--test={binary}")]);
        if !module.is_empty() {
            tests = tests.args(&[module]);
        }
        for variable in VARIABLES {
            tests = tests.env_remove(variable).env_remove(variable.to_uppercase());
        }
        for client in &self.missing {
            tests = tests.args(&["--skip", &format!("::{client}")]);
        }
        if let Some(python) = python() {
            tests = tests.env("PYTHON_WITH_REQUESTS", python);
        }
        let proxy = format!("http://127.0.0.1:{}", self.port);
        tests
            .env("WORLD_PORT", self.port.to_string())
            .env("WORLD_CA", self.directory.path().join("ca.pem"))
            .env("HTTP_PROXY", &proxy)
            .env("HTTPS_PROXY", proxy)
    }

    /// The heads of all requests that have arrived.
    pub(super) fn requests(&self) -> String {
        fs::read_to_string(self.directory.path().join("requests")).unwrap()
    }
}

impl Drop for World {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}

/// A Python with the package `requests`, in a venv that is made once.
fn python() -> Option<PathBuf> {
    static MAKING: Mutex<()> = Mutex::new(());
    let _making = MAKING.lock().unwrap_or_else(PoisonError::into_inner);
    let venv = Crate::target_directory().join("python-requests");
    fs::create_dir_all(Crate::target_directory()).unwrap();
    // Under nextest, every test of ours is a process.
    let lock = fs::File::create(venv.with_extension("lock")).unwrap();
    lock.lock().unwrap();
    let python = venv.join("bin/python");
    let works = || Command::new(&python).args(["-c", "import requests"]).output().is_ok_and(|ran| ran.status.success());
    if !works() {
        let _ = Command::new("python3").args(["-m", "venv"]).arg(&venv).output();
        let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "requests"];
        let installed = Command::new(&python).args(pip).output();
        if !works() {
            not_run("the client requests", &format!("no Python with it can be made: {installed:?}"));
            return None;
        }
    }
    Some(python)
}
