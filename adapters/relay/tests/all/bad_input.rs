//! Clients and services that do not keep to the rules: clear answers, nothing hangs, memory is bounded.

use std::io::ErrorKind;
use std::thread;
use std::time::{Duration, Instant};

use guard_relay::{Endpoint, Limits, Proxy, Relay, RelayError};

use crate::support::{Asked, Rig, Server, Socket, Wire, eventually, hello};

const END: &str = "HTTP/1.1\r\nHost: d\r\n\r\n";

#[test]
fn a_client_that_sends_its_head_too_slowly_is_answered_408() {
    let rig = Rig::with_limits(Limits::new().head_time(Duration::from_millis(200)), hello());
    let mut client = rig.client();
    let began = Instant::now();
    let mut sender = client.again();
    let dripping = thread::spawn(move || {
        sender.send("GET / HTTP/1.1\r\nX: ");
        while sender.try_send("x").is_ok() && began.elapsed() < Duration::from_secs(8) {
            thread::sleep(Duration::from_millis(20));
        }
    });
    let (head, text) = client.message().unwrap();
    assert!(head.starts_with("HTTP/1.1 408 Request Timeout\r\n"), "{head}");
    assert_eq!(text, "the head of this request was not complete after 200ms\n");
    assert!(began.elapsed() < Duration::from_secs(5), "dripping does not prolong it: {:?}", began.elapsed());
    drop(client);
    dripping.join().unwrap();
    assert!(rig.asked.all().is_empty());
}

#[test]
fn a_silent_client_costs_nothing_but_its_connection() {
    let rig = Rig::with_limits(Limits::new().head_time(Duration::from_millis(50)), hello());
    let mut silent = rig.client();
    thread::sleep(Duration::from_millis(200));
    // Pools connect ahead of time, and kept connections rest: neither is slow.
    silent.send(format!("GET /1 {END}"));
    assert!(silent.message().unwrap().0.starts_with("HTTP/1.1 200 "));
    thread::sleep(Duration::from_millis(200));
    silent.send(format!("GET /2 {END}"));
    assert!(silent.message().unwrap().0.starts_with("HTTP/1.1 200 "));
}

#[test]
fn a_header_of_a_mebibyte_is_answered_431() {
    let rig = Rig::http(hello());
    let mut client = rig.client();
    client.send("GET / HTTP/1.1\r\nX-Large: ");
    client.send(vec![b'x'; 1 << 20]);
    client.send("\r\n\r\n");
    let (head, text) = client.message().unwrap();
    assert!(head.starts_with("HTTP/1.1 431 Request Header Fields Too Large\r\n"), "{head}");
    assert_eq!(text, "the head of this request is larger than 65536 bytes or 256 lines\n");
    assert!(rig.asked.all().is_empty());
}

#[test]
fn a_head_just_below_the_limit_passes() {
    let rig = Rig::http(hello());
    let mut client = rig.client();
    let start = "GET / HTTP/1.1\r\nX-Large: ";
    client.send(format!("{start}{}\r\n\r\n", "x".repeat(65536 - start.len() - 4)));
    assert_eq!(client.message().unwrap().1, "GET / HTTP/1.1 []");
}

#[test]
fn what_is_no_http_1_is_answered_400() {
    let rig = Rig::http(hello());
    for (bytes, why) in [
        (&b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"[..], "only HTTP/1.0 and HTTP/1.1 are understood here\n"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", "this is no HTTP/1 request: "),
        (b"GET / HTTP/1.1\r\nbad header\r\n\r\n", "this is no HTTP/1 request: "),
        (b"POST / HTTP/1.1\r\nContent-Length: nine\r\n\r\n", "its Content-Length is no number\n"),
        (b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", "two different Content-Lengths\n"),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", "does not end with chunked\n"),
    ] {
        let mut client = rig.client();
        client.send(bytes);
        let (head, text) = client.message().unwrap();
        assert!(head.starts_with("HTTP/1.1 400 Bad Request\r\n"), "{head}");
        assert!(text.contains(why), "{text}");
        assert_eq!(client.rest(), "", "and the connection ends");
    }
    assert_eq!(rig.server.connections(), 0);
}

#[test]
fn a_body_that_is_not_chunked_as_it_says_is_answered_400() {
    let rig = Rig::http(|mut wire: Wire| drop(wire.try_rest()));
    let mut client = rig.client();
    client.send("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcGET /smuggled HTTP/1.1\r\n\r\n");
    assert!(client.message().unwrap().0.starts_with("HTTP/1.1 400 "));
    assert_eq!(rig.asked.all(), ["POST /"]);
}

#[test]
fn a_client_that_leaves_halfway_ends_its_connection_everywhere() {
    let rig = Rig::http(|mut wire: Wire| {
        wire.head();
        assert_eq!(wire.rest(), "half", "the service sees what a direct client would have sent");
    });
    rig.client().send("GET / HTTP/1.1\r\nHost");
    rig.client();
    let mut client = rig.client();
    client.send("POST / HTTP/1.1\r\nContent-Length: 1000\r\n\r\nhalf");
    drop(client);
    eventually("only the complete head was asked about", || rig.asked.all() == ["POST /"]);
    rig.relay.stop().unwrap();
}

#[test]
fn a_client_that_leaves_during_its_response_does_not_hold_the_service() {
    let (tell, told) = std::sync::mpsc::channel();
    let tell = std::sync::Mutex::new(tell);
    let rig = Rig::http(move |mut wire: Wire| {
        wire.head();
        wire.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        while wire.try_send(format!("1000\r\n{}\r\n", "x".repeat(0x1000))).is_ok() {}
        tell.lock().unwrap().send(()).unwrap();
    });
    let mut client = rig.client();
    client.send(format!("GET /logs {END}"));
    client.head();
    drop(client);
    assert_eq!(told.recv_timeout(Duration::from_secs(10)), Ok(()));
}

#[test]
fn a_reset_of_the_service_is_a_reset_for_the_client() {
    let server = Server::tcp(|mut wire: Wire| {
        wire.take(4);
        wire.send("partial");
        // Closing with unread bytes resets a TCP connection.
        thread::sleep(Duration::from_millis(100));
    });
    let relay = Relay::raw(|_| Ok(())).bind(&Endpoint::loopback(), server.endpoint()).unwrap().serve().unwrap();
    let mut client = Wire::to(relay.endpoint());
    client.send("ping and what is never read");
    assert_eq!(client.take_text(7), "partial");
    assert_eq!(client.try_rest().unwrap_err().kind(), ErrorKind::ConnectionReset);
}

#[test]
fn a_reset_in_the_middle_of_a_response_ends_it() {
    let asked = Asked::default();
    let server = Server::tcp(|mut wire: Wire| {
        wire.take(10);
        wire.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
        thread::sleep(Duration::from_millis(100));
    });
    let dir = tempfile::tempdir().unwrap();
    let at = Endpoint::unix(dir.path().join("relay"));
    let relay = Relay::http1(asked.gate()).bind(&at, server.endpoint()).unwrap().serve().unwrap();
    let mut client = Wire::to(relay.endpoint());
    client.send(format!("GET / {END}"));
    client.head().unwrap();
    assert_eq!(client.rest(), "half");
    assert_eq!(asked.all(), ["GET /"]);
}

#[test]
fn a_response_that_is_no_http_passes_as_it_is() {
    let rig = Rig::http(|mut wire: Wire| {
        wire.head();
        wire.send("ICY 200 OK\r\n\r\nmusic");
    });
    let mut client = rig.client();
    client.send(format!("GET / {END}"));
    assert_eq!(client.rest(), "ICY 200 OK\r\n\r\nmusic");
}

#[test]
fn a_head_of_a_response_may_be_larger_than_any_buffer() {
    let rig = Rig::http(|mut wire: Wire| {
        wire.head();
        wire.send(format!("HTTP/1.1 200 OK\r\nX: {}\r\nContent-Length: 2\r\n\r\nok", "x".repeat(300_000)));
    });
    let mut client = rig.client();
    client.send(format!("GET / {END}"));
    assert_eq!(client.rest().len(), 300_045);
}

#[test]
fn many_slow_clients_do_not_keep_a_fast_one_waiting() {
    let rig = Rig::http(hello());
    let mut slow: Vec<Wire> = (0..100).map(|_| rig.client()).collect();
    for client in &mut slow {
        client.send("GET / HT");
    }
    let began = Instant::now();
    let mut client = rig.client();
    client.send(format!("GET / {END}"));
    client.message().unwrap();
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
}

#[test]
fn a_socket_path_of_a_hundred_bytes_is_refused_with_a_way_out() {
    let path = format!("/tmp/{}", "x".repeat(95));
    for bound in [
        Relay::raw(|_| Ok(())).bind(&Endpoint::unix(&path), Endpoint::loopback()),
        Proxy::new(|_| Ok(())).bind(&Endpoint::unix(&path)),
    ] {
        let error = bound.unwrap_err();
        assert!(matches!(&error, RelayError::SocketPathTooLong { length: 100, .. }), "{error:?}");
        assert_eq!(
            error.to_string(),
            format!(
                "cannot use the socket path `{path}`: it has 100 bytes and at most 99 are safe; \
                 use a directory with a shorter path, for example by pointing TMPDIR at /tmp"
            )
        );
    }
    assert!(guard_relay::socket_path("/tmp", &"x".repeat(94)).is_ok(), "99 bytes are fine");
}

#[test]
fn an_endpoint_that_is_taken_or_impossible_says_what_to_do() {
    let dir = tempfile::tempdir().unwrap();
    let taken = Server::unix(dir.path().join("taken"), hello()).endpoint();
    let port = Server::tcp(hello()).endpoint();
    for (at, hint) in [
        (taken, "remove the file, or choose another path"),
        (port, "choose port 0 to get a free one"),
        (Endpoint::unix(dir.path().join("no/such/dir")), "create its directory first"),
        (Endpoint::tcp(([192, 0, 2, 1], 80)), "choose an address of this machine"),
    ] {
        let error = Relay::raw(|_| Ok(())).bind(&at, Endpoint::loopback()).unwrap_err().to_string();
        assert!(error.starts_with(&format!("cannot listen on `{at}`: ")) && error.ends_with(hint), "{error}");
    }
}

#[test]
fn a_relay_in_front_of_itself_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let at = Endpoint::unix(dir.path().join("relay"));
    let error = Relay::raw(|_| Ok(())).bind(&at, at.clone()).unwrap_err();
    assert!(error.to_string().starts_with(&format!("cannot relay `{at}` to itself; ")), "{error}");
    assert!(!dir.path().join("relay").exists());
}

#[test]
fn a_malformed_endpoint_is_told_apart() {
    for (text, why) in [
        ("", "it has no scheme"),
        ("/var/run/docker.sock", "it has no scheme"),
        ("unix://relative", "the path of the socket is not absolute"),
        ("unix://", "the path of the socket is not absolute"),
        ("tcp://host:2375", "it is not an IP address and a port"),
        ("tcp://127.0.0.1", "it is not an IP address and a port"),
        ("ssh://host", "the scheme ssh is not known"),
    ] {
        let error = text.parse::<Endpoint>().unwrap_err().to_string();
        assert!(error.starts_with(&format!("cannot read the endpoint `{text}`: {why}; ")), "{error}");
    }
}

#[test]
fn a_client_over_tcp_that_resets_is_forgotten() {
    let rig = Rig::http(hello());
    let server = rig.server.endpoint();
    let relay = Relay::http1(|_| Ok(())).bind(&Endpoint::loopback(), server).unwrap().serve().unwrap();
    for _ in 0..20 {
        let mut client = Wire::to(relay.endpoint());
        client.send(format!("GET / {END}GET / {END}"));
        client.take(1);
        // Unread bytes make this a reset.
        let Socket::Tcp(_) = client.socket else { unreachable!() };
    }
    let mut client = Wire::to(relay.endpoint());
    client.send(format!("GET / {END}"));
    client.message().unwrap();
    drop(client);
    relay.stop().unwrap();
}
