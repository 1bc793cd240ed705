//! Connections that stop being HTTP, and bulk transfer.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use guard_relay::{Endpoint, Relay};

use crate::support::{Asked, Rig, Server, Wire};

/// After the head of a request, answers with `head` and echoes in upper case until the client ends.
fn shout(head: &'static str) -> impl Fn(Wire) + Send + Sync {
    move |mut wire| {
        wire.head();
        wire.send(head);
        let mut buffer = [0; 4096];
        while let Ok(count @ 1..) = wire.try_receive(&mut buffer) {
            wire.send(buffer[..count].to_ascii_uppercase());
        }
        wire.send("BYE");
    }
}

fn talk(client: &mut Wire) {
    client.send("GET /this is no request\r\n\r\n");
    assert_eq!(client.take_text(27), "GET /THIS IS NO REQUEST\r\n\r\n");
    client.send("and more");
    assert_eq!(client.take_text(8), "AND MORE");
    client.finish();
    assert_eq!(client.rest(), "BYE", "the end went one way only");
}

#[test]
fn an_upgraded_stream_belongs_to_the_request_that_opened_it() {
    let rig = Rig::http(shout("HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n"));
    let mut client = rig.client();
    client.send("POST /exec/1/start HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n");
    assert!(client.head().unwrap().starts_with("HTTP/1.1 101 "));
    talk(&mut client);
    assert_eq!(rig.asked.all(), ["POST /exec/1/start"]);
}

#[test]
fn dockers_older_hijack_is_a_stream_too() {
    let rig = Rig::http(shout("HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\n"));
    let mut client = rig.client();
    // What comes before the answer is not read as HTTP either.
    client.send("POST /containers/1/attach HTTP/1.1\r\nHost: d\r\n\r\nearly");
    assert!(client.head().unwrap().starts_with("HTTP/1.1 200 "));
    assert_eq!(client.take_text(5), "EARLY");
    talk(&mut client);
    assert_eq!(rig.asked.all(), ["POST /containers/1/attach"]);
}

#[test]
fn a_tunnel_through_the_service_is_a_stream() {
    let rig = Rig::http(shout("HTTP/1.1 200 OK\r\n\r\n"));
    let mut client = rig.client();
    client.send("CONNECT host:1 HTTP/1.1\r\n\r\n");
    assert!(client.head().unwrap().starts_with("HTTP/1.1 200 "));
    talk(&mut client);
    assert_eq!(rig.asked.all(), ["CONNECT host:1"]);
}

#[test]
fn an_upgrade_that_is_declined_leaves_http() {
    let rig = Rig::http(|mut wire: Wire| {
        while wire.message().is_some() {
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno");
        }
    });
    let mut client = rig.client();
    for path in ["/one", "/refused"] {
        client.send(format!("GET {path} HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"));
    }
    assert_eq!(client.message().unwrap().1, "no");
    assert!(client.message().unwrap().0.starts_with("HTTP/1.1 403 "));
}

#[test]
fn the_service_may_end_its_direction_first() {
    let rig = Rig::http(|mut wire: Wire| {
        wire.head();
        wire.send("HTTP/1.1 101 UPGRADED\r\n\r\nlast words");
        wire.finish();
        assert_eq!(wire.rest(), "still listening");
    });
    let mut client = rig.client();
    client.send("POST / HTTP/1.1\r\nUpgrade: tcp\r\n\r\n");
    client.head().unwrap();
    assert_eq!(client.rest(), "last words");
    client.send("still listening");
}

#[test]
fn bytes_of_both_directions_are_the_same_after_a_bulk_transfer() {
    const SIZE: usize = 64 << 20;
    let pattern = |at: usize| (at / 7 % 251) as u8;
    let echo = |mut wire: Wire| {
        let mut out = wire.again();
        let mut buffer = vec![0; 100_000];
        while let Ok(count @ 1..) = wire.try_receive(&mut buffer) {
            out.send(&buffer[..count]);
        }
    };
    let server = Server::tcp(echo);
    let relays = [Endpoint::loopback(), Endpoint::unix(tempfile::tempdir().unwrap().keep().join("relay"))];
    for at in relays {
        let relay = Relay::raw(|_| Ok(())).bind(&at, server.endpoint()).unwrap().serve().unwrap();
        let mut client = Wire::to(relay.endpoint());
        let mut sender = client.again();
        let sending = thread::spawn(move || {
            for start in (0..SIZE).step_by(1 << 20) {
                sender.send((start..start + (1 << 20)).map(pattern).collect::<Vec<_>>());
            }
            sender.finish();
        });
        let received = client.try_rest().unwrap();
        sending.join().unwrap();
        assert_eq!(received.len(), SIZE);
        assert!(received.iter().enumerate().all(|(at, byte)| *byte == pattern(at)));
    }
}

#[test]
fn a_slow_reader_slows_the_sender_and_no_memory_grows() {
    const PIECE: usize = 1 << 20;
    let sent = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&sent);
    let rig = Rig::new(Asked::default(), Relay::raw(|_| Ok(())), move |mut wire: Wire| {
        for _ in 0..64 {
            wire.send(vec![0; PIECE]);
            count.fetch_add(PIECE, Ordering::SeqCst);
        }
    });
    let mut client = rig.client();
    thread::sleep(Duration::from_millis(300));
    let buffered = sent.load(Ordering::SeqCst);
    assert!(buffered < 8 * PIECE, "{buffered} bytes were taken from the service before the client read one");
    assert_eq!(client.try_rest().unwrap().len(), 64 * PIECE);
}

#[test]
fn what_a_client_sent_before_it_left_still_arrives() {
    let (tell, told) = mpsc::channel();
    let tell = Mutex::new(tell);
    let rig = Rig::new(Asked::default(), Relay::raw(|_| Ok(())), move |mut wire: Wire| {
        thread::sleep(Duration::from_millis(200));
        tell.lock().unwrap().send(wire.try_rest().unwrap().len()).unwrap();
    });
    let mut client = rig.client();
    client.send(vec![1; 600_000]);
    drop(client);
    assert_eq!(told.recv_timeout(Duration::from_secs(10)), Ok(600_000));
}

#[test]
fn a_stream_whose_client_left_is_ended_for_a_silent_service() {
    let (tell, told) = mpsc::channel();
    let tell = Mutex::new(tell);
    let rig = Rig::new(Asked::default(), Relay::raw(|_| Ok(())), move |mut wire: Wire| {
        wire.take(2);
        // It never reads again, like a service that only waits for something to report.
        let began = Instant::now();
        while wire.try_send("tick").is_ok() {
            thread::sleep(Duration::from_millis(5));
            assert!(began.elapsed() < Duration::from_secs(10));
        }
        tell.lock().unwrap().send(()).unwrap();
    });
    let mut client = rig.client();
    client.send("hi");
    drop(client);
    assert_eq!(told.recv_timeout(Duration::from_secs(10)), Ok(()));
}
