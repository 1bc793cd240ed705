//! A relay whose real service is not there.

use std::io::ErrorKind;
use std::sync::{Arc, Mutex};

use guard_relay::{Endpoint, Refusal, Relay};

use crate::support::{Asked, Server, Wire, hello};

/// A port on which nothing listens. One that was free a moment ago may be taken by another test.
const NOBODY: u16 = 1;

const GET: &str = "GET / HTTP/1.1\r\nHost: d\r\n\r\n";

#[test]
fn the_connection_ends_without_a_byte_as_if_the_service_had_died() {
    let dir = tempfile::tempdir().unwrap();
    let asked = Asked::default();
    let at = Endpoint::unix(dir.path().join("relay"));
    let missing = Endpoint::unix(dir.path().join("missing"));
    let relay = Relay::http1(asked.gate()).bind(&at, missing).unwrap().serve().unwrap();
    let mut client = Wire::to(relay.endpoint());
    client.send(GET);
    assert_eq!(client.rest(), "");
    assert_eq!(asked.all(), ["GET /"], "the use is known all the same");

    let mut client = Wire::to(relay.endpoint());
    client.send("GET /refused HTTP/1.1\r\n\r\n");
    assert!(client.rest().starts_with("HTTP/1.1 403 "), "and a refusal needs no service");
}

#[test]
fn over_tcp_the_client_sees_a_reset() {
    for relay in [Relay::http1(|_| Ok(())), Relay::raw(|_| Ok(()))] {
        let relay =
            relay.bind(&Endpoint::loopback(), Endpoint::tcp(([127, 0, 0, 1], NOBODY))).unwrap().serve().unwrap();
        let mut client = Wire::to(relay.endpoint());
        // Whichever call comes first after the reset is told.
        let error = client.try_send(GET).and_then(|()| client.try_rest()).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::ConnectionReset | ErrorKind::BrokenPipe), "{error}");
    }
}

#[test]
fn a_guard_may_explain_instead_and_learns_why() {
    let dir = tempfile::tempdir().unwrap();
    let why = Arc::new(Mutex::new(None));
    let note = Arc::clone(&why);
    let relay = Relay::http1(|_| Ok(())).on_unreachable(move |error| {
        *note.lock().unwrap() = Some(error.kind());
        Some(Refusal::json("is the docker daemon running?").with_status(503))
    });
    let at = Endpoint::unix(dir.path().join("relay"));
    let relay = relay.bind(&at, Endpoint::unix(dir.path().join("missing"))).unwrap().serve().unwrap();
    let mut client = Wire::to(relay.endpoint());
    client.send(GET);
    let answer = client.rest();
    assert!(answer.starts_with("HTTP/1.1 503 ") && answer.ends_with(r#"running?"}"#), "{answer}");
    assert_eq!(*why.lock().unwrap(), Some(ErrorKind::NotFound));
}

#[test]
fn a_service_that_comes_later_is_found() {
    let dir = tempfile::tempdir().unwrap();
    let at = Endpoint::unix(dir.path().join("relay"));
    let real = dir.path().join("real");
    let relay = Relay::http1(|_| Ok(())).bind(&at, Endpoint::unix(&real)).unwrap().serve().unwrap();
    let mut client = Wire::to(relay.endpoint());
    client.send(GET);
    assert_eq!(client.rest(), "");
    let _server = Server::unix(real, hello());
    let mut client = Wire::to(relay.endpoint());
    client.send(GET);
    assert_eq!(client.message().unwrap().1, "GET / HTTP/1.1 []");
}
