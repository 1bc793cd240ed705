//! Requests that may pass.

use std::io::ErrorKind;
use std::thread;
use std::time::Duration;

use guard_relay::{Endpoint, Relay};

use crate::support::{Asked, Rig, Server, Wire, hello, http};

const GET: &str = "HTTP/1.1\r\nHost: d\r\n\r\n";

#[test]
fn a_request_and_its_response_pass_unchanged() {
    let rig = Rig::http(hello());
    let mut client = rig.client();
    client.send(
        "POST /v1.41/containers/create?name=x HTTP/1.1\r\nHost: d\r\nX-Odd:  two  \r\nContent-Length: 5\r\n\r\nhello",
    );
    let (head, body) = client.message().unwrap();
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
    assert_eq!(body, "POST /v1.41/containers/create?name=x HTTP/1.1 [hello]");
    assert_eq!(rig.asked.all(), ["POST /v1.41/containers/create"], "evidence has no query");
}

#[test]
fn each_head_on_a_kept_connection_is_asked_about() {
    let rig = Rig::http(hello());
    let mut client = rig.client();
    for n in 0..5 {
        client.send(format!("GET /{n} {GET}"));
        assert_eq!(client.message().unwrap().1, format!("GET /{n} HTTP/1.1 []"));
    }
    assert_eq!(rig.asked.all(), ["GET /0", "GET /1", "GET /2", "GET /3", "GET /4"]);
    assert_eq!(rig.server.connections(), 1, "and they share one connection to the service");
}

#[test]
fn pipelined_requests_are_answered_in_their_order() {
    let rig = Rig::http(hello());
    let mut client = rig.client();
    let requests: String =
        (0..200).map(|n| format!("PUT /{n} HTTP/1.1\r\nHost: d\r\nContent-Length: 3\r\n\r\nabc")).collect();
    client.send(requests);
    client.finish();
    for n in 0..200 {
        assert_eq!(client.message().unwrap().1, format!("PUT /{n} HTTP/1.1 [abc]"));
    }
    assert_eq!(client.rest(), "", "then the connection ends");
    assert_eq!(rig.asked.all().len(), 200);
}

#[test]
fn a_chunked_body_is_not_mistaken_for_a_request() {
    let rig = Rig::http(|mut wire: Wire| {
        while let Some(head) = wire.head() {
            let mut body = String::new();
            while !body.ends_with("0\r\n\r\n") {
                body += &wire.take_text(1);
            }
            let text = format!("{}+{}", head.len(), body.len());
            wire.send(format!(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{text}\r\n0\r\n\r\n",
                text.len()
            ));
        }
    });
    let mut client = rig.client();
    let head = "POST /one HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
    let smuggled = "GET /two HTTP/1.1\r\n\r\n";
    let body = format!("{:X}\r\n{smuggled}\r\n0\r\n\r\n", smuggled.len());
    for _ in 0..2 {
        for byte in [head, &body].concat().as_bytes() {
            client.send([*byte]);
        }
        client.head().unwrap();
        let text = format!("{}+{}", head.len(), body.len());
        assert_eq!(client.take_text(text.len() + 10), format!("{:x}\r\n{text}\r\n0\r\n\r\n", text.len()));
    }
    assert_eq!(rig.asked.all(), ["POST /one", "POST /one"]);
}

#[test]
fn a_body_waits_for_its_100_continue() {
    let rig = Rig::http(|mut wire: Wire| {
        while let Some(_head) = wire.head() {
            wire.send("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n");
            let body = wire.take_text(5);
            wire.send(format!("HTTP/1.1 201 Created\r\nContent-Length: 5\r\n\r\n{body}"));
        }
    });
    let mut client = rig.client();
    for _ in 0..2 {
        client.send("PUT /x HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
        assert_eq!(client.head().unwrap(), "HTTP/1.1 100 Continue\r\n\r\n");
        assert!(client.head().unwrap().starts_with("HTTP/1.1 103 "));
        client.send("hello");
        assert_eq!(client.message().unwrap().1, "hello");
    }
    assert_eq!(rig.asked.all(), ["PUT /x", "PUT /x"]);
}

#[test]
fn responses_without_a_body_end_with_their_head() {
    let rig = Rig::http(http(|head, _| {
        let status = if head.contains("/204") { "204 No Content" } else { "200 OK" };
        let length = if head.contains("/204") { "" } else { "Content-Length: 1000\r\n" };
        let status = if head.contains("/304") { "304 Not Modified" } else { status };
        format!("HTTP/1.1 {status}\r\n{length}\r\n")
    }));
    let mut client = rig.client();
    for request in ["HEAD /", "GET /204", "GET /304", "HEAD /204", "HEAD /again"] {
        client.send(format!("{request} {GET}"));
        assert!(client.head().is_some(), "{request}");
    }
    assert_eq!(rig.asked.all().len(), 5);
}

#[test]
fn a_response_may_end_with_the_connection() {
    let rig = Rig::http(|mut wire: Wire| {
        wire.head();
        wire.send("HTTP/1.1 200 OK\r\n\r\nall of this");
        wire.send(", and this");
    });
    let mut client = rig.client();
    client.send(format!("GET / {GET}"));
    client.head().unwrap();
    assert_eq!(client.rest(), "all of this, and this");
}

#[test]
fn a_client_that_says_no_more_still_gets_its_response() {
    let rig = Rig::http(|mut wire: Wire| {
        let asked = wire.rest();
        wire.send(format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{asked}", asked.len()));
    });
    let mut client = rig.client();
    client.send(format!("GET / {GET}"));
    client.finish();
    assert_eq!(client.message().unwrap().1, format!("GET / {GET}"), "the service saw the end too");
}

#[test]
fn an_early_response_does_not_cut_the_request_short() {
    let rig = Rig::http(|mut wire: Wire| {
        wire.head();
        wire.send("HTTP/1.1 413 Too Much\r\nContent-Length: 2\r\n\r\nno");
        assert_eq!(wire.take(300_000).len(), 300_000);
        wire.head();
        wire.send("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nyes");
    });
    let mut client = rig.client();
    client.send("POST /big HTTP/1.1\r\nContent-Length: 300000\r\n\r\n");
    assert_eq!(client.message().unwrap().1, "no");
    client.send(vec![b'x'; 300_000]);
    client.send(format!("GET /next {GET}"));
    assert_eq!(client.message().unwrap().1, "yes");
    assert_eq!(rig.asked.all(), ["POST /big", "GET /next"]);
}

#[test]
fn when_the_service_ends_a_kept_connection_the_client_sees_it() {
    let rig = Rig::http(|mut wire: Wire| {
        wire.message();
        wire.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    });
    let mut client = rig.client();
    client.send(format!("GET / {GET}"));
    assert_eq!(client.message().unwrap().1, "ok");
    assert_eq!(client.rest(), "");
    assert_eq!(client.try_send("GET").unwrap_err().kind(), ErrorKind::BrokenPipe, "both directions are over");
}

#[test]
fn a_connection_made_ahead_is_replaced_when_the_service_has_ended_it() {
    // A service that ends what is silent for a moment.
    let rig = Rig::http(|mut wire: Wire| {
        wire.patience(Duration::from_millis(30));
        let mut byte = [0];
        if matches!(wire.try_receive(&mut byte), Ok(1)) {
            wire.head();
            wire.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok");
        }
    });
    for n in 1..=3 {
        let mut client = rig.client();
        thread::sleep(Duration::from_millis(100));
        client.send(format!("GET /{n} {GET}"));
        assert_eq!(client.message().unwrap().1, "ok");
        assert_eq!(rig.asked.all().len(), n);
    }
}

#[test]
fn what_a_service_says_unasked_passes() {
    let rig = Rig::http(|mut wire: Wire| {
        wire.message();
        wire.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        wire.send("HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n");
    });
    let mut client = rig.client();
    client.send(format!("GET / {GET}"));
    assert_eq!(client.message().unwrap().1, "ok");
    assert!(client.rest().starts_with("HTTP/1.1 408 "));
}

#[test]
fn a_relay_stands_between_either_family() {
    let asked = Asked::default();
    let server = Server::tcp(hello());
    let relay = Relay::http1(asked.gate()).bind(&Endpoint::loopback(), server.endpoint()).unwrap().serve().unwrap();
    let clients: Vec<_> = (0..8)
        .map(|n| {
            let endpoint = relay.endpoint().clone();
            thread::spawn(move || {
                let mut client = Wire::to(&endpoint);
                client.send(format!("GET /{n} {GET}"));
                thread::sleep(Duration::from_millis(20));
                assert_eq!(client.message().unwrap().1, format!("GET /{n} HTTP/1.1 []"));
            })
        })
        .collect();
    clients.into_iter().for_each(|client| client.join().unwrap());
    assert_eq!(asked.all().len(), 8);
}

#[cfg(target_os = "linux")]
#[test]
fn a_gate_sees_headers_and_the_asking_process() {
    let asked = Asked::default();
    let note = asked.clone();
    let relay = Relay::http1(move |request| {
        let peer = request.peer().pid().map(|pid| pid == std::process::id());
        note.note(format!("{} {:?} {:?}", request.host(), request.header("x-one"), peer));
        Ok(())
    });
    let rig = Rig::new(asked, relay, hello());
    let mut client = rig.client();
    client.send("GET / HTTP/1.1\r\nHOST: Docker.:80\r\nX-One: 1\r\n\r\n");
    client.message().unwrap();
    assert_eq!(rig.asked.all(), ["docker Some(\"1\") Some(true)"]);
}
