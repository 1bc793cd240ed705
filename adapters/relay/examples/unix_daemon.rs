//! A guard of one's own for a daemon that speaks HTTP on a Unix socket, and a test under it:
//! `cargo test -p guard-relay --example unix_daemon`. Without its `#[uses(queue)]` the test fails.
#![cfg_attr(not(test), allow(dead_code, unused_imports, reason = "guards are installed around tests only"))]

use std::io::{Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::PathBuf;
use std::sync::OnceLock;

use guard_relay::{Endpoint, Handle, Refusal, Relay, socket_path};
use resource_guards::{GuardError, Resource, ResourceGuard, Site, Via, async_trait, uses};

// The guard: the resource `queue`, behind the variable that its clients read.

static QUEUE: Resource = Resource::new("queue");
static RELAY: OnceLock<Handle> = OnceLock::new();

struct Queue;

#[async_trait]
impl ResourceGuard for Queue {
    fn resource(&self) -> &Resource {
        &QUEUE
    }

    async fn install(&self, site: &mut Site) -> Result<(), GuardError> {
        let fail = |error| GuardError::new("relay", "the queue", error);
        let real = site.env("QUEUE_SOCKET").map_or_else(default_socket, PathBuf::from);
        let path = socket_path(site.directory(), "queue.sock").map_err(fail)?;
        let relay = Relay::http1(|request| {
            QUEUE.enforce_via(&Via::relay("relay"), || request.evidence()).map_err(Refusal::text)
        });
        let bound = relay.bind(&Endpoint::unix(&path), Endpoint::unix(real)).map_err(fail)?;
        let _ = RELAY.set(bound.handle());
        site.set_env("QUEUE_SOCKET", path);
        site.spawn("queue relay", move || bound.run());
        Ok(())
    }

    async fn cleanup(&self) -> Result<(), GuardError> {
        let Some(relay) = RELAY.get() else { return Ok(()) };
        relay.stop().map_err(|error| GuardError::new("stop the relay of", "the queue", error))
    }
}

resource_guards::install!(Queue);

// What a project has anyway: the daemon, a client that nobody rewrote, and a test.

fn default_socket() -> PathBuf {
    std::env::temp_dir().join(format!("queue-{}.sock", std::process::id()))
}

fn push(job: &str) -> std::io::Result<String> {
    let socket = std::env::var_os("QUEUE_SOCKET").map_or_else(default_socket, PathBuf::from);
    let mut queue = UnixStream::connect(socket)?;
    write!(queue, "POST /jobs/{job} HTTP/1.1\r\nHost: queue\r\nConnection: close\r\n\r\n")?;
    let mut answer = String::new();
    queue.read_to_string(&mut answer)?;
    Ok(answer)
}

#[uses(queue)]
#[test]
fn the_queue_takes_a_job() -> std::io::Result<()> {
    let daemon = UnixListener::bind(default_socket())?;
    std::thread::spawn(move || {
        for mut client in daemon.incoming().flatten() {
            let _ = client.read(&mut [0; 1024]);
            let _ = client.write_all(b"HTTP/1.1 201 Created\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
        }
    });
    let answer = push("1")?;
    std::fs::remove_file(default_socket())?;
    assert!(answer.starts_with("HTTP/1.1 201 Created"), "{answer}");
    Ok(())
}

#[cfg(not(test))]
fn main() {}
