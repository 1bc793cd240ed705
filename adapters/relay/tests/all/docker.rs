//! A real Docker daemon behind the relay, with the real command line in front of it.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;
use std::thread;
use std::time::{Duration, Instant};

use guard_relay::{Endpoint, Relay, Serving};

use crate::support::{Asked, Wire};

const SOCKET: &str = "/var/run/docker.sock";
const IMAGE: &str = "guard-relay-test:busybox";
const GET: &str = "HTTP/1.1\r\nHost: docker\r\n\r\n";

/// A relay in front of the daemon; `None`, and a word about it, where there is no daemon and none is required.
struct Daemon {
    asked: Asked,
    relay: Serving,
    _dir: tempfile::TempDir,
}

impl Daemon {
    fn find(test: &str) -> Option<Self> {
        let ping = std::os::unix::net::UnixStream::connect(SOCKET).map_err(|error| error.to_string());
        if let Err(why) = ping {
            let required = ["CI", "GUARD_REQUIRE_DOCKER"].iter().any(|name| std::env::var_os(name).is_some());
            assert!(!required, "{test}: a Docker daemon is required here, and {SOCKET} says: {why}");
            println!("NOT RUN: {test}: no Docker daemon at {SOCKET}: {why}");
            return None;
        }
        let asked = Asked::default();
        let dir = tempfile::tempdir().unwrap();
        let at = Endpoint::unix(dir.path().join("docker.sock"));
        let relay = Relay::http1(asked.gate()).bind(&at, Endpoint::unix(SOCKET)).unwrap().serve().unwrap();
        Some(Self { asked, relay, _dir: dir })
    }

    fn client(&self) -> Wire {
        Wire::to(self.relay.endpoint())
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new("docker");
        command.args(args).env("DOCKER_HOST", self.relay.endpoint().to_string());
        command.env_remove("DOCKER_CONTEXT").stdin(Stdio::null());
        command
    }

    fn docker(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    /// What a command prints; it must succeed.
    fn text(&self, args: &[&str]) -> String {
        let output = self.docker(args);
        assert!(output.status.success(), "docker {args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// The same with this on its standard input.
    fn fed(&self, args: &[&str], input: &[u8]) -> Vec<u8> {
        let mut child = self.command(args).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let input = input.to_vec();
        let feeding = thread::spawn(move || stdin.write_all(&input));
        let output = child.wait_with_output().unwrap();
        feeding.join().unwrap().unwrap();
        assert!(output.status.success(), "docker {args:?}");
        output.stdout
    }

    /// An image with a shell, made of a static busybox; `None` where none is installed and none is required.
    fn image(&self) -> Option<()> {
        static MADE: OnceLock<bool> = OnceLock::new();
        let made = *MADE.get_or_init(|| {
            let found = ["/bin/busybox", "/usr/bin/busybox"].into_iter().find(|path| Path::new(path).exists());
            let Some(busybox) = found else {
                assert!(std::env::var_os("CI").is_none(), "a static busybox is needed: install busybox-static");
                println!("NOT RUN: no static busybox is installed (busybox-static)");
                return false;
            };
            let root = tempfile::tempdir().unwrap();
            fs::create_dir(root.path().join("bin")).unwrap();
            fs::copy(busybox, root.path().join("bin/busybox")).unwrap();
            for tool in ["sh", "cat", "echo", "sleep", "wc", "seq", "head", "tr"] {
                std::os::unix::fs::symlink("busybox", root.path().join("bin").join(tool)).unwrap();
            }
            let tar = Command::new("tar").args(["-c", "-C"]).arg(root.path()).arg("bin").output().unwrap();
            assert!(tar.status.success());
            self.fed(&["import", "-", IMAGE], &tar.stdout);
            true
        });
        made.then_some(())
    }
}

#[test]
fn the_daemon_answers_through_the_relay() {
    let Some(daemon) = Daemon::find("the_daemon_answers_through_the_relay") else { return };
    let mut client = daemon.client();
    client.send(format!("GET /_ping {GET}HEAD /_ping {GET}GET /version {GET}"));
    assert_eq!(client.message().unwrap().1, "OK");
    assert!(client.head().unwrap().starts_with("HTTP/1.1 200 OK"));
    assert!(client.message().unwrap().1.contains("\"ApiVersion\""));
    client.send(format!("GET /refused {GET}"));
    assert_eq!(client.message().unwrap().1, r#"{"message":"GET /refused may not pass"}"#);
    assert_eq!(daemon.asked.all(), ["GET /_ping", "HEAD /_ping", "GET /version", "GET /refused"]);
}

#[test]
fn the_command_line_shows_a_refusal() {
    let Some(daemon) = Daemon::find("the_command_line_shows_a_refusal") else { return };
    let output = daemon.docker(&["inspect", "--type=container", "refused"]);
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success() && text.contains("/containers/refused/json may not pass"), "{text}");
}

#[test]
fn run_exec_logs_and_attach_behave_as_direct() {
    let Some(daemon) = Daemon::find("run_exec_logs_and_attach_behave_as_direct") else { return };
    let Some(()) = daemon.image() else { return };
    assert_eq!(daemon.text(&["run", "--rm", "--network=none", IMAGE, "echo", "hello"]), "hello\n");

    // The end of standard input must travel through the hijacked stream, and the output after it must come back.
    let input = vec![b'x'; 3_000_000];
    let counted = daemon.fed(&["run", "--rm", "-i", "--network=none", IMAGE, "wc", "-c"], &input);
    assert_eq!(String::from_utf8(counted).unwrap().trim(), "3000000");

    let id = daemon.text(&[
        "run",
        "-d",
        "--network=none",
        IMAGE,
        "sh",
        "-c",
        "for i in 1 2 3; do echo $i; sleep 0.2; done; sleep 60",
    ]);
    let id = id.trim();
    let echoed = daemon.fed(&["exec", "-i", id, "cat"], &input);
    assert_eq!(echoed, input, "exec -i");

    let mut logs = daemon.command(&["logs", "-f", id]).stdout(Stdio::piped()).spawn().unwrap();
    thread::sleep(Duration::from_millis(300));
    daemon.text(&["rm", "-f", id]);
    let mut text = String::new();
    std::io::Read::read_to_string(&mut logs.stdout.take().unwrap(), &mut text).unwrap();
    logs.wait().unwrap();
    assert!(text.starts_with("1\n2\n"), "logs -f follows until the container is gone: {text}");

    let asked = daemon.asked.all();
    for part in ["/containers/create", "/attach", "/start", "/exec", "/logs", "/wait"] {
        assert!(asked.iter().any(|evidence| evidence.contains(part)), "{part}: {asked:?}");
    }
}

#[test]
fn a_client_that_sends_no_upgrade_attaches_too() {
    let Some(daemon) = Daemon::find("a_client_that_sends_no_upgrade_attaches_too") else { return };
    let Some(()) = daemon.image() else { return };
    let id = daemon.text(&["create", "-i", "--network=none", IMAGE, "tr", "a-z", "A-Z"]);
    let id = id.trim();
    // The way older SDKs do it: the answer is a 200 without a length.
    let mut client = daemon.client();
    client.send(format!(
        "POST /containers/{id}/attach?stream=1&stdin=1&stdout=1 HTTP/1.1\r\nHost: d\r\nContent-Length: 0\r\n\r\n"
    ));
    let head = client.head().unwrap();
    assert!(head.starts_with("HTTP/1.1 200 OK") && head.contains("application/vnd.docker."), "{head}");
    daemon.text(&["start", id]);
    client.send("GET /shout HTTP/1.1\r\n\r\n");
    client.finish();
    let framed = client.try_rest().unwrap();
    let text = String::from_utf8_lossy(&framed);
    assert!(text.contains("GET /SHOUT HTTP/1.1"), "{text:?}");
    daemon.text(&["rm", "-f", id]);
}

#[test]
fn a_build_and_a_large_upload_pass() {
    let Some(daemon) = Daemon::find("a_build_and_a_large_upload_pass") else { return };
    let context = tempfile::tempdir().unwrap();
    fs::write(context.path().join("Dockerfile"), "FROM scratch\nCOPY large /large\n").unwrap();
    fs::write(context.path().join("large"), vec![7; 30 << 20]).unwrap();
    let mut command = daemon.command(&["build", "-q", "-t", "guard-relay-test:built", "."]);
    let output = command.current_dir(context.path()).env("DOCKER_BUILDKIT", "0").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let saved = daemon.docker(&["save", "guard-relay-test:built"]);
    assert!(saved.stdout.len() > 30 << 20, "{} bytes", saved.stdout.len());
    daemon.text(&["rmi", "guard-relay-test:built"]);
}

#[test]
fn sixty_four_clients_talk_at_once() {
    let Some(daemon) = Daemon::find("sixty_four_clients_talk_at_once") else { return };
    let began = Instant::now();
    let endpoint = daemon.relay.endpoint();
    thread::scope(|scope| {
        for _ in 0..64 {
            scope.spawn(|| {
                let mut client = Wire::to(endpoint);
                for _ in 0..10 {
                    client.send(format!("GET /_ping {GET}"));
                    assert_eq!(client.message().unwrap().1, "OK");
                }
            });
        }
    });
    assert_eq!(daemon.asked.all().len(), 640);
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
}
