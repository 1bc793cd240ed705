//! The real podman: its command, and what talks to its service. With images and containers of its own, in a folder that
//! goes with the test.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use black_box::Crate;
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use super::daemon::{IMAGE, busybox, image, not_run, program};
use super::{cells, expect};

const CONTAINER: &str = "resource-guards";

/// The clients of the crate, with what the evidence calls their first call.
const CLIENTS: &[(&str, &str)] = &[
    ("ps", "podman ps … (PATH wrapper, pid"),
    ("run", "podman run … (PATH wrapper, pid"),
    ("exec", "podman exec … (PATH wrapper, pid"),
    ("logs", "podman logs … (PATH wrapper, pid"),
    ("ps_by_path", "GET /libpod/containers/json (relay, pid"),
    ("run_by_path", "POST /libpod/images/pull (relay, pid"),
    ("exec_by_path", "POST /libpod/containers/resource-guards/exec (relay, pid"),
    ("logs_by_path", "GET /libpod/containers/resource-guards/logs (relay, pid"),
    ("bollard_exec", "POST /containers/resource-guards/exec (relay, pid"),
];

#[test]
fn every_client_of_podman_is_seen_and_belongs_to_its_test() {
    let Some(podman) = Podman::find() else { return };
    let table = cells(CLIENTS.iter().map(|(client, seen)| (*client, (*seen).to_owned())));
    expect(&podman.krate(), &table);
}

/// A service with the image in it and a container that prints a line ten times a second.
struct Podman {
    command: PathBuf,
    service: Child,
    folder: TempDir,
}

impl Podman {
    fn find() -> Option<Self> {
        let Some(command) = program("podman") else {
            not_run("podman is not installed");
            return None;
        };
        let busybox = busybox()?;
        let folder = tempfile::tempdir().unwrap();
        configure(folder.path());
        let service = configured(&command, folder.path())
            .args(["system", "service", "--time=0", &host(folder.path())])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let podman = Self { command, service, folder };
        let begin = Instant::now();
        while !podman.folder.path().join("podman.sock").exists() {
            assert!(begin.elapsed() < Duration::from_secs(20), "the service of podman does not listen");
            sleep(Duration::from_millis(10));
        }
        let tar = image(podman.folder.path(), &busybox);
        let policy = podman.folder.path().join("policy.json");
        podman.run(&["import", "--signature-policy", &text(&policy), &text(&tar), &format!("localhost/{IMAGE}")]);
        let print = "while :; do echo line; sleep 0.1; done";
        let name = format!("--name={CONTAINER}");
        podman.run(&["--remote", "run", "-d", &name, "--network=none", IMAGE, "sh", "-c", print]);
        Some(podman)
    }

    fn krate(&self) -> Crate {
        let host = host(self.folder.path());
        Crate::named("docker")
            .cargo_args(&["--test=podman"])
            .env("TEST_CONTAINER", CONTAINER)
            .env("TEST_PODMAN_PATH", &self.command)
            .env("CONTAINER_HOST", &host)
            .env("DOCKER_HOST", &host)
            .env_remove("DOCKER_CONTEXT")
    }

    /// A podman command, which must succeed.
    fn run(&self, arguments: &[&str]) {
        let mut command = configured(&self.command, self.folder.path());
        if arguments[0] == "--remote" {
            command.env("CONTAINER_HOST", host(self.folder.path()));
        }
        let output = command.args(arguments).output().unwrap();
        assert!(output.status.success(), "podman {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

impl Drop for Podman {
    fn drop(&mut self) {
        let _ = configured(&self.command, self.folder.path()).args(["rm", "-fa", "-t", "0"]).output();
        let _ = self.service.kill();
        let _ = self.service.wait();
        end_programs_of(self.folder.path());
    }
}

/// Ends what podman has left for the outcome of each `exec` to be asked for, five minutes long.
fn end_programs_of(folder: &Path) {
    let folder = format!("{}/", folder.display());
    for process in fs::read_dir("/proc").unwrap().flatten() {
        let pid = process.file_name().to_str().and_then(|name| Pid::from_raw(name.parse().ok()?));
        let command = fs::read(process.path().join("cmdline")).unwrap_or_default();
        if let Some(pid) = pid
            && String::from_utf8_lossy(&command).contains(&folder)
        {
            let _ = kill_process(pid, Signal::KILL);
        }
    }
}

fn host(folder: &Path) -> String {
    format!("unix://{}", folder.join("podman.sock").display())
}

fn text(path: &Path) -> String {
    path.display().to_string()
}

/// Settings with which containers also run where there is no systemd, no network and no right to raise limits.
fn configure(folder: &Path) {
    // crun does not run beside both versions of cgroups.
    let runtime = if program("runc").is_some() { "runc" } else { "crun" };
    let containers = format!(
        "[containers]\nnetns = \"none\"\ndefault_ulimits = [\"nofile=1024:1024\", \"nproc=1024:1024\"]\n\
         [network]\nnetwork_config_dir = \"{0}/networks\"\n\
         [engine]\ncgroup_manager = \"cgroupfs\"\nevents_logger = \"file\"\nruntime = \"{runtime}\"\n",
        folder.display()
    );
    let storage =
        format!("[storage]\ndriver = \"vfs\"\nrunroot = \"{0}/run\"\ngraphroot = \"{0}/graph\"\n", folder.display());
    let policy = r#"{"default": [{"type": "insecureAcceptAnything"}]}"#;
    for (name, text) in [("containers.conf", &*containers), ("storage.conf", &storage), ("policy.json", policy)] {
        fs::write(folder.join(name), text).unwrap();
    }
}

fn configured(podman: &Path, folder: &Path) -> Command {
    let mut command = Command::new(podman);
    command
        .env("CONTAINERS_CONF", folder.join("containers.conf"))
        .env("CONTAINERS_STORAGE_CONF", folder.join("storage.conf"))
        .env_remove("CONTAINER_HOST")
        .stdin(Stdio::null());
    command
}
