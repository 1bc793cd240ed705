//! What a `ping` costs: direct, through the guarded transport, and through the relay, in turn in one test.
//!
//! `cargo test --release --package guard-docker --test ping` appends the figures, in microseconds, to the file that
//! `BENCH_FIGURES` names, or prints them.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::time::Instant;

use bollard::{API_DEFAULT_VERSION, Docker};
use resource_guards::uses;

resource_guards::install!(guard_docker::Docker);

const ROUNDS: usize = 21;
const PINGS: u32 = 100;

#[uses(docker)]
#[tokio::test]
async fn ping() {
    let clients = [
        ("direct", Docker::connect_with_unix("/var/run/docker.sock", 120, API_DEFAULT_VERSION).unwrap()),
        ("hook", guard_docker::connect_with_unix("/var/run/docker.sock", 120, API_DEFAULT_VERSION).unwrap()),
        ("relay", Docker::connect_with_unix_defaults().unwrap()),
    ];
    // A ping alone is no use.
    clients[1].1.list_images(None::<bollard::query_parameters::ListImagesOptions>).await.unwrap();
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
    match std::env::var_os("BENCH_FIGURES") {
        Some(file) => {
            OpenOptions::new().create(true).append(true).open(file).unwrap().write_all(text.as_bytes()).unwrap();
        }
        None => print!("{text}"),
    }
}
