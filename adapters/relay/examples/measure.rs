//! What a relay costs: `cargo run --release -p guard-relay --example measure`.
//!
//! Direct and relayed connections alternate in one run, so that their ratio does not depend on what else the machine
//! does. With a Docker daemon, `ping` is the daemon's; without one, a small server stands in and the output says so.

use std::error::Error;
use std::io::{Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use guard_relay::{Endpoint, Relay};

const DOCKER: &str = "/var/run/docker.sock";
const PINGS: usize = 10_000;
const BATCH: usize = 100;
const BULK: usize = 256 << 20;
const ROUNDS: usize = 8;

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let dir = tempfile::tempdir()?;
    let daemon = match UnixStream::connect(DOCKER) {
        Ok(_) => PathBuf::from(DOCKER),
        Err(error) => {
            println!("no Docker daemon ({error}): a small server stands in");
            serve(&dir.path().join("ping"), |mut client| {
                let mut head = [0; 1024];
                while client.read(&mut head).is_ok_and(|count| count > 0) {
                    client.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK")?;
                }
                Ok(())
            })?
        }
    };

    let at = Endpoint::unix(dir.path().join("docker"));
    let relay = Relay::http1(|_| Ok(())).bind(&at, Endpoint::unix(&daemon))?.serve()?;
    let fresh = compare(PINGS / BATCH, &daemon, &dir.path().join("docker"), |path| {
        (0..BATCH).try_for_each(|_| ping(&mut UnixStream::connect(path)?))
    })?;
    println!("{PINGS} pings, a connection each: {}", fresh.show(BATCH));
    let kept = compare(PINGS / BATCH, &daemon, &dir.path().join("docker"), |path| {
        let mut connection = UnixStream::connect(path)?;
        (0..BATCH).try_for_each(|_| ping(&mut connection))
    })?;
    println!("{PINGS} pings, {BATCH} on a connection: {}", kept.show(BATCH));
    relay.stop()?;

    let source = serve(&dir.path().join("source"), |mut client| {
        let piece = vec![1; 64 * 1024];
        (0..BULK / piece.len()).try_for_each(|_| client.write_all(&piece))
    })?;
    let at = Endpoint::unix(dir.path().join("bulk"));
    let relay = Relay::raw(|_| Ok(())).bind(&at, Endpoint::unix(&source))?.serve()?;
    let bulk = compare(ROUNDS, &source, &dir.path().join("bulk"), |path| {
        let mut connection = UnixStream::connect(path)?;
        let mut buffer = vec![0; 256 * 1024];
        while connection.read(&mut buffer)? > 0 {}
        Ok(())
    })?;
    let speed = |time: Duration| BULK as f64 / time.as_secs_f64() / 1e9;
    println!(
        "{} MiB in bulk: direct {:.2} GB/s, relayed {:.2} GB/s, throughput {:.2} of direct",
        BULK >> 20,
        speed(bulk.direct),
        speed(bulk.relayed),
        bulk.direct.as_secs_f64() / bulk.relayed.as_secs_f64(),
    );
    relay.stop()?;
    Ok(())
}

/// The median time of a round, each way.
struct Comparison {
    direct: Duration,
    relayed: Duration,
}

impl Comparison {
    fn show(&self, per_round: usize) -> String {
        let one = |time: Duration| time.as_secs_f64() * 1e6 / per_round as f64;
        let ratio = self.relayed.as_secs_f64() / self.direct.as_secs_f64();
        format!("direct {:.0} µs, relayed {:.0} µs, ratio {ratio:.2}", one(self.direct), one(self.relayed))
    }
}

fn compare(rounds: usize, direct: &Path, relayed: &Path, work: impl Fn(&Path) -> Outcome<()>) -> Outcome<Comparison> {
    let timed = |path| -> Outcome<Duration> {
        let began = Instant::now();
        work(path)?;
        Ok(began.elapsed())
    };
    let (mut one, mut other) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        one.push(timed(direct)?);
        other.push(timed(relayed)?);
    }
    one.sort();
    other.sort();
    Ok(Comparison { direct: one[rounds / 2], relayed: other[rounds / 2] })
}

fn ping(connection: &mut UnixStream) -> Outcome<()> {
    connection.write_all(b"GET /_ping HTTP/1.1\r\nHost: docker\r\n\r\n")?;
    let mut answer = Vec::new();
    let mut buffer = [0; 1024];
    while !answer.ends_with(b"\r\n\r\nOK") {
        match connection.read(&mut buffer)? {
            0 => return Err("the connection ended".into()),
            count => answer.extend_from_slice(&buffer[..count]),
        }
    }
    Ok(())
}

fn serve(path: &Path, answer: fn(UnixStream) -> std::io::Result<()>) -> Outcome<PathBuf> {
    let listener = UnixListener::bind(path)?;
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            thread::spawn(move || answer(client));
        }
    });
    Ok(path.to_owned())
}
