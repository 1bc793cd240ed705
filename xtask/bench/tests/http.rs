//! What a guarded request costs over loopback: through the middleware, and through the proxy.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread;

use bench::{median, microseconds, report};
use reqwest::Client;
use reqwest_middleware::{ClientBuilder, ClientWithMiddleware};
use resource_guards::uses;

resource_guards::install!(guard_http::Http.counting_loopback());

/// Answers whatever ends with an empty line, and keeps the connection.
fn answer(mut client: TcpStream) {
    let mut head = Vec::new();
    let mut piece = [0; 4096];
    while let Ok(count @ 1..) = client.read(&mut piece) {
        head.extend_from_slice(&piece[..count]);
        if head.ends_with(b"\r\n\r\n") {
            head.clear();
            if client.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").is_err() {
                return;
            }
        }
    }
}

/// A client that asks no proxy beside one that asks the guard's proxy, and beside one with the middleware.
#[uses(http)]
#[test]
fn requests() {
    let direct = || Client::builder().no_proxy().build().unwrap();
    let bare = || ClientBuilder::new(direct()).build();
    compare([("http-unproxied", bare()), ("http-proxied", ClientBuilder::new(Client::new()).build())]);
    on_one_core();
    compare([("http-direct", bare()), ("http-middleware", guard_http::client_builder(direct()).build())]);
}

/// A server on threads of its own; the URL of a page.
fn server() -> String {
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/users", server.local_addr().unwrap());
    thread::spawn(move || {
        for client in server.incoming() {
            let client = client.unwrap();
            client.set_nodelay(true).unwrap();
            thread::spawn(|| answer(client));
        }
    });
    url
}

/// Keeps this thread, and those that it starts, on one core. On several, where the scheduler happens to put the server of
/// a connection decides a comparison for as long as the connection is kept.
fn on_one_core() {
    let mut cores = rustix::thread::sched_getaffinity(None).unwrap();
    let first = (0..rustix::thread::CpuSet::MAX_CPU).find(|core| cores.is_set(*core)).unwrap();
    cores.clear();
    cores.set(first);
    rustix::thread::sched_setaffinity(None, &cores).unwrap();
}

/// Requests by two clients in turn, each as often the first as the second.
fn compare(clients: [(&str, ClientWithMiddleware); 2]) {
    const ROUNDS: usize = 4000;
    let url = server();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut costs = [const { Vec::new() }; 2];
    for round in 0..ROUNDS + 100 {
        for at in [round % 2, (round + 1) % 2] {
            let cost = microseconds(|| {
                let request = clients[at].1.get(&url).send();
                let text = runtime.block_on(async { request.await.unwrap().text().await.unwrap() });
                assert_eq!(text, "ok");
            });
            // The first rounds warm the caches.
            if round >= 100 {
                costs[at].push(cost);
            }
        }
    }
    for ((name, _), costs) in clients.iter().zip(&mut costs) {
        report(name, median(costs)).unwrap();
    }
}
