//! What a `ping` and a bulk transfer cost: direct, through the guarded transport, and through the relay, in turn in one test.
//!
//! `cargo test --release --package guard-docker --test ping` appends the figures to the file that `BENCH_FIGURES` names,
//! or prints them: microseconds a ping, mebibytes a second.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use bollard::query_parameters::ListImagesOptions;
use bollard::{API_DEFAULT_VERSION, Docker};
use resource_guards::uses;
use tokio_stream::StreamExt as _;

resource_guards::install!(guard_docker::Docker);

const ROUNDS: usize = 21;
const PINGS: u32 = 100;

/// So many bytes are transferred, so often.
const BULK: usize = 64 << 20;
const TRANSFERS: usize = 7;

fn clients() -> [(&'static str, Docker); 3] {
    let (socket, time) = ("/var/run/docker.sock", 120);
    [
        ("direct", Docker::connect_with_unix(socket, time, API_DEFAULT_VERSION).unwrap()),
        ("hook", guard_docker::connect_with_unix(socket, time, API_DEFAULT_VERSION).unwrap()),
        ("relay", Docker::connect_with_unix_defaults().unwrap()),
    ]
}

fn report(text: &str) {
    match std::env::var_os("BENCH_FIGURES") {
        Some(file) => {
            OpenOptions::new().create(true).append(true).open(file).unwrap().write_all(text.as_bytes()).unwrap();
        }
        None => print!("{text}"),
    }
}

#[uses(docker)]
#[tokio::test]
async fn ping() {
    let clients = clients();
    // A ping alone is no use.
    clients[1].1.list_images(None::<ListImagesOptions>).await.unwrap();
    let mut text = String::new();
    for round in 0..=ROUNDS {
        let mut spent = [0.0; 3];
        for _ in 0..PINGS {
            for ((_, client), spent) in clients.iter().zip(&mut spent) {
                let begin = Instant::now();
                client.ping().await.unwrap();
                *spent += begin.elapsed().as_secs_f64();
            }
        }
        // The first round warms the caches.
        if round > 0 {
            for ((name, _), spent) in clients.iter().zip(spent) {
                text += &format!("docker-ping-{name} {}\n", spent * 1e6 / f64::from(PINGS));
            }
        }
    }
    report(&text);
}

/// An image with one large file, until this is dropped.
struct Image(&'static str);

impl Image {
    fn import(name: &'static str) -> Self {
        let temp = tempfile::tempdir().unwrap();
        let (blob, tar) = (temp.path().join("blob"), temp.path().join("image.tar"));
        std::fs::write(&blob, (0..BULK).map(|at| (at >> 8 ^ at) as u8).collect::<Vec<_>>()).unwrap();
        run(
            Command::new("tar").args(["-c", "-C"]).arg(temp.path()).arg("-f").arg(&tar).arg("blob"),
            Path::new("/dev/null"),
        );
        run(Command::new("docker").args(["import", "-", name]), &tar);
        Self(name)
    }
}

impl Drop for Image {
    fn drop(&mut self) {
        run(Command::new("docker").args(["rmi", self.0]), Path::new("/dev/null"));
    }
}

fn run(command: &mut Command, stdin: &Path) {
    let output = command.stdin(File::open(stdin).unwrap()).stdout(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// What `docker save` does: the daemon sends a whole image.
#[uses(docker)]
#[tokio::test]
async fn save() {
    let image = Image::import("resource-guards-bench:bulk");
    let clients = clients();
    let mut text = String::new();
    for round in 0..=TRANSFERS {
        for (name, client) in &clients {
            let begin = Instant::now();
            let (mut pieces, mut size) = (std::pin::pin!(client.export_image(image.0)), 0);
            while let Some(piece) = pieces.next().await {
                size += piece.unwrap().len();
            }
            assert!(size >= BULK, "the whole image comes");
            if round > 0 {
                text += &format!(
                    "docker-save-{name} {}\n",
                    size as f64 / f64::from(1 << 20) / begin.elapsed().as_secs_f64()
                );
            }
        }
    }
    report(&text);
}
