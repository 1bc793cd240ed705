//! Tests that do nothing but what the kernel's view looks at. Each says by itself how long that took.

use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::time::Instant;

resource_guards::install!(guard_binary::Binary("git"), guard_binary::Binary("tar"), guard_http::Http);

fn timed(name: &str, work: impl FnOnce()) {
    let begin = Instant::now();
    work();
    let kind = std::env::var("BENCH_KIND").unwrap_or_else(|_| "by-hand".to_owned());
    bench::report(&format!("{name}-{kind}"), begin.elapsed().as_secs_f64()).expect("figures are written");
}

#[test]
fn a_shell_runs_500_programs() {
    timed("spawns", || {
        let script = "n=0; while [ $n -lt 500 ]; do /bin/true; n=$((n + 1)); done";
        let status = Command::new("sh").args(["-c", script]).stdin(Stdio::null()).status();
        assert!(status.is_ok_and(|status| status.success()));
    });
}

#[test]
fn ten_thousand_connections_to_this_machine() {
    // Ports wait a minute after a connection, for each address: one that no run before has used.
    let [.., high, low] = std::process::id().to_be_bytes();
    let own = Ipv4Addr::new(127, 1, high, low);
    let listener = TcpListener::bind((own, 0)).expect("loopback is there");
    let address = listener.local_addr().expect("it is bound");
    timed("connects", || {
        for _ in 0..10_000 {
            let client = TcpStream::connect(address).expect("it listens");
            // Each is taken at once: where the queue is full, the next one waits for a second.
            drop((listener.accept().expect("somebody has connected"), client));
        }
    });
}
