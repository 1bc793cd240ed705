//! Clients that go past the relay, to the daemon's own socket.

use std::io::{Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::process::{Command, Stdio};

use adversaries::{is_strict, setting};
use resource_guards::uses;

resource_guards::install!(guard_docker::Docker);

/// A client with a socket of its own; the status that it is answered with.
fn status() -> u16 {
    let mut engine = UnixStream::connect(setting("ENGINE")).unwrap();
    engine.write_all(b"GET /info HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = [0; 12];
    engine.read_exact(&mut answer).unwrap();
    String::from_utf8_lossy(&answer[9..]).parse().unwrap()
}

/// What curl prints, which is told the socket.
fn curl() -> String {
    let mut curl = Command::new("curl");
    curl.args(["--silent", "--max-time", "20", "--unix-socket", &setting("ENGINE"), "http://docker/info"]);
    String::from_utf8(curl.stdin(Stdio::null()).output().unwrap().stdout).unwrap()
}

/// What a client prints that follows `DOCKER_HOST`.
fn following(set_up: impl FnOnce(&mut Command) -> &mut Command) -> String {
    let mut sh = Command::new("sh");
    sh.args(["-c", "curl --silent --max-time 20 --unix-socket \"${DOCKER_HOST#unix://}\" http://docker/info"]);
    String::from_utf8(set_up(&mut sh).stdin(Stdio::null()).output().unwrap().stdout).unwrap()
}

/// The same with another `DOCKER_HOST` than the session's.
fn overriding() -> String {
    following(|sh| sh.env("DOCKER_HOST", format!("unix://{}", setting("ENGINE"))))
}

/// The command, a static Go program, by its path and with another `DOCKER_HOST` than the session's. Whether the daemon
/// answered.
fn by_path() -> bool {
    let host = format!("unix://{}", setting("ENGINE"));
    ps(Command::new(setting("DOCKER")).env("DOCKER_HOST", host))
}

fn ps(docker: &mut Command) -> bool {
    let docker = docker.args(["ps", "--quiet"]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    docker.status().is_ok_and(|status| status.success())
}

mod declared {
    use super::*;

    #[uses(docker)]
    #[test]
    fn own_socket() {
        assert_eq!(status(), 200);
    }

    #[uses(docker)]
    #[test]
    fn curl() {
        assert!(super::curl().contains("\"ServerVersion\""));
    }

    #[uses(docker)]
    #[test]
    fn followed_host() {
        assert!(following(|sh| sh).contains("\"ServerVersion\""));
    }

    #[uses(docker)]
    #[test]
    fn overridden_host() {
        assert!(overriding().contains("\"ServerVersion\""));
    }

    #[uses(docker)]
    #[test]
    fn by_path() {
        assert!(super::by_path());
    }

    /// Seen by the wrapper, and by nobody else: neither the real program nor its connection counts again.
    #[uses(docker)]
    #[test]
    fn by_name() {
        assert!(ps(&mut Command::new("docker")));
    }
}

mod undeclared {
    use super::*;

    fn is_refused(said: &str, refused: bool) {
        assert_eq!(said.contains("used `docker` without declaring it"), refused, "{said}");
        assert_eq!(said.contains("\"ServerVersion\""), !refused, "{said}");
    }

    #[uses()]
    #[test]
    fn own_socket() {
        assert_eq!(status(), if is_strict() { 403 } else { 200 });
    }

    #[uses()]
    #[test]
    fn curl() {
        is_refused(&super::curl(), is_strict());
    }

    /// What it follows leads to the relay.
    #[uses()]
    #[test]
    fn followed_host() {
        is_refused(&following(|sh| sh), true);
    }

    #[uses()]
    #[test]
    fn overridden_host() {
        is_refused(&overriding(), is_strict());
    }

    #[uses()]
    #[test]
    fn by_path() {
        assert_eq!(super::by_path(), !is_strict());
    }
}
