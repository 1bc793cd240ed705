//! The real daemon, and what the crates under test need of it. Without one, a test is reported as not run, and in CI it
//! fails.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::{env, thread};

use black_box::Crate;

pub(crate) const SOCKET: &str = "/var/run/docker.sock";
pub(super) const IMAGE: &str = "resource-guards-test:busybox";
const BUILT: &str = "resource-guards-test:built";

/// Says that a test is not run, past what captures its output; in CI it must be.
pub(crate) fn not_run(why: &str) {
    let name = thread::current().name().unwrap_or_default().to_owned();
    assert!(env::var_os("CI").is_none_or(|ci| ci == "false"), "`{name}` must be run here: {why}");
    let _ = writeln!(std::io::stderr(), "NOT RUN: {name}: {why}");
}

/// Where the docker command is, if the daemon listens.
pub(crate) fn command_of_daemon() -> Option<PathBuf> {
    if let Err(error) = UnixStream::connect(SOCKET) {
        not_run(&format!("no Docker daemon listens on {SOCKET}: {error}"));
        return None;
    }
    let command = program("docker");
    if command.is_none() {
        not_run("the docker command is not installed");
    }
    command
}

/// The daemon, with the image in it and a container that prints a line ten times a second.
pub(super) struct Daemon {
    pub(super) container: String,
    command: PathBuf,
}

impl Daemon {
    pub(super) fn find() -> Option<Self> {
        let command = command_of_daemon()?;
        let busybox = busybox()?;
        static IMPORTED: OnceLock<()> = OnceLock::new();
        IMPORTED.get_or_init(|| import(&command, &busybox));
        let mut daemon = Self { container: String::new(), command };
        // Named after this test, so that evidence is the same in all runs of it.
        let name = format!("resource-guards-{}-{:?}", std::process::id(), thread::current().id());
        let name = name.replace(|c: char| !c.is_ascii_alphanumeric() && c != '-', "");
        let print = "while :; do echo line; sleep 0.1; done";
        daemon.docker(&["run", "-d", "--rm", "--network=none", &format!("--name={name}"), IMAGE, "sh", "-c", print]);
        daemon.container = name;
        Some(daemon)
    }

    /// The crate under test, told what there is.
    pub(super) fn krate(&self, binary: &str) -> Crate {
        let crate_ = Crate::named("docker")
            .cargo_args(&[&format!("--test={binary}")])
            .env("TEST_CONTAINER", &self.container)
            .env("TEST_DOCKER_PATH", &self.command);
        ["DOCKER_HOST", "DOCKER_CONTEXT", "CONTAINER_HOST"]
            .into_iter()
            .fold(crate_, |crate_, name| crate_.env_remove(name))
    }

    /// What a docker command prints; it must succeed.
    pub(super) fn docker(&self, arguments: &[&str]) -> String {
        let output = command(&self.command).args(arguments).output().unwrap();
        assert!(output.status.success(), "docker {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = command(&self.command).args(["rm", "-f", &self.container]).output();
        let _ = command(&self.command).args(["rmi", "-f", BUILT]).output();
    }
}

fn command(docker: &Path) -> Command {
    let mut command = Command::new(docker);
    command.env_remove("DOCKER_CONTEXT").env("DOCKER_HOST", format!("unix://{SOCKET}")).stdin(Stdio::null());
    command
}

/// The program of this name on PATH.
pub(super) fn program(name: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?).map(|dir| dir.join(name)).find(|path| path.is_file())
}

/// A static busybox, of which an image can be made.
pub(super) fn busybox() -> Option<PathBuf> {
    let found = ["/bin/busybox", "/usr/bin/busybox"].into_iter().map(PathBuf::from).find(|path| path.exists());
    if found.is_none() {
        not_run("no static busybox is installed (busybox-static)");
    }
    found
}

/// Makes an image with a shell of a static busybox, unless there is one.
fn import(docker: &Path, busybox: &Path) {
    if command(docker).args(["image", "inspect", IMAGE]).output().is_ok_and(|found| found.status.success()) {
        return;
    }
    let root = tempfile::tempdir().unwrap();
    let tar = image(root.path(), busybox);
    let output = command(docker).arg("import").arg(tar).arg(IMAGE).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// What the image holds, as a tar in the folder.
pub(super) fn image(folder: &Path, busybox: &Path) -> PathBuf {
    let bin = folder.join("bin");
    fs::create_dir(&bin).unwrap();
    fs::copy(busybox, bin.join("busybox")).unwrap();
    for tool in ["sh", "cat", "echo", "sleep", "wc"] {
        symlink("busybox", bin.join(tool)).unwrap();
    }
    let tar = folder.join("image.tar");
    let output = Command::new("tar").arg("-cf").arg(&tar).arg("-C").arg(folder).arg("bin").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    tar
}

/// A Python with the Docker SDK, in a venv that is made once.
pub(super) fn python() -> Option<PathBuf> {
    static MAKING: Mutex<()> = Mutex::new(());
    let _making = MAKING.lock().unwrap_or_else(PoisonError::into_inner);
    let venv = Crate::target_directory().join("python-docker");
    let python = venv.join("bin/python");
    let works = || Command::new(&python).args(["-c", "import docker"]).output().is_ok_and(|ran| ran.status.success());
    if !works() {
        let _ = Command::new("python3").args(["-m", "venv"]).arg(&venv).output();
        let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "docker"];
        let installed = Command::new(&python).args(pip).output();
        if !works() {
            not_run(&format!("no Python with the docker package can be made: {installed:?}"));
            return None;
        }
    }
    Some(python)
}
