//! Requests that may not pass.

use std::io::ErrorKind;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use guard_relay::{Limits, Refusal, Relay};

use crate::support::{Asked, Rig, Wire, hello};

const END: &str = "HTTP/1.1\r\nHost: d\r\n\r\n";
const TEXT: &str = r#"{"message":"GET /refused may not pass"}"#;

#[test]
fn a_refusal_is_an_answer_in_the_protocol() {
    let rig = Rig::http(hello());
    let mut client = rig.client();
    client.send(format!("GET /refused?secret=1 {END}"));
    let answer = client.rest();
    let expected = format!(
        "HTTP/1.1 403 Forbidden\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{TEXT}",
        TEXT.len()
    );
    assert_eq!(answer, expected);
    assert_eq!(rig.server.connections(), 0, "the real service is not even connected to");
}

#[test]
fn a_service_is_touched_again_only_after_something_may_pass() {
    let rig = Rig::http(hello());
    let ask = |path: &str| {
        let mut client = rig.client();
        client.send(format!("GET {path} {END}"));
        client.message().unwrap();
    };
    ask("/1");
    assert_eq!(rig.server.connections(), 1);
    // Connected ahead, because the last one might pass.
    ask("/refused");
    ask("/refused");
    ask("/refused");
    assert!(rig.server.connections() <= 2, "{}", rig.server.connections());
}

#[test]
fn a_refusal_of_head_has_no_body() {
    let rig = Rig::http(hello());
    let mut client = rig.client();
    client.send(format!("HEAD /refused {END}"));
    let answer = client.rest();
    assert!(answer.contains("Content-Length: 40\r\n") && answer.ends_with("\r\n\r\n"), "{answer}");
}

#[test]
fn a_large_upload_that_is_refused_is_read_to_its_end() {
    let rig = Rig::http(hello());
    for head in ["Content-Length: 50000000", "Transfer-Encoding: chunked"] {
        let mut client = rig.client();
        let chunked = head.ends_with("chunked");
        client.send(format!("POST /refused HTTP/1.1\r\n{head}\r\n\r\n"));
        let piece = vec![b'x'; 1_000_000];
        for _ in 0..50 {
            if chunked {
                client.send(format!("{:x}\r\n", piece.len()));
            }
            // Without draining this is a broken pipe, and the client never reads why.
            client.send(&piece);
            if chunked {
                client.send("\r\n");
            }
        }
        if chunked {
            client.send("0\r\n\r\n");
        }
        assert!(client.rest().contains("POST /refused may not pass"), "{head}");
    }
}

#[test]
fn an_upload_without_end_is_drained_for_a_bounded_time_and_size() {
    let bounds = [
        Limits::new().drain_time(Duration::from_millis(100)),
        Limits::new().drain_time(Duration::from_secs(60)).drain_bytes(3_000_000),
    ];
    for limits in bounds {
        let rig = Rig::with_limits(limits, hello());
        let mut client = rig.client();
        client.send("POST /refused HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n");
        let began = Instant::now();
        let error = loop {
            if let Err(error) = client.try_send(b"5\r\nhello\r\n".repeat(1000)) {
                break error;
            }
        };
        assert!(matches!(error.kind(), ErrorKind::BrokenPipe | ErrorKind::ConnectionReset), "{error}");
        assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
    }
}

#[test]
fn a_client_that_keeps_a_refused_connection_open_is_left() {
    let rig = Rig::with_limits(Limits::new().drain_time(Duration::from_millis(50)), hello());
    let mut client = rig.client();
    client.send(format!("GET /refused {END}"));
    client.rest();
    thread::sleep(Duration::from_millis(300));
    assert!(client.try_send("x").is_err());
}

#[test]
fn a_refusal_waits_for_the_responses_before_it() {
    let (go, wait) = mpsc::channel::<()>();
    let wait = std::sync::Mutex::new(wait);
    let rig = Rig::http(move |mut wire: Wire| {
        wire.message();
        wire.send("HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nslow ");
        wait.lock().unwrap().recv().unwrap();
        wire.send("answer");
    });
    let mut client = rig.client();
    client.send(format!("GET /slow {END}GET /refused {END}GET /never {END}"));
    assert!(client.head().unwrap().starts_with("HTTP/1.1 200"));
    assert_eq!(client.take_text(5), "slow ");
    thread::sleep(Duration::from_millis(50));
    go.send(()).unwrap();
    assert_eq!(client.take_text(6), "answer");
    assert!(client.rest().ends_with(TEXT));
    assert_eq!(rig.asked.all(), ["GET /slow", "GET /refused"], "and nothing follows it");
}

#[test]
fn a_body_announced_with_expect_is_refused_before_it_is_sent() {
    let rig = Rig::http(hello());
    let mut client = rig.client();
    client.send("PUT /refused HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 1000\r\n\r\n");
    let (head, _) = client.message().unwrap();
    assert!(head.starts_with("HTTP/1.1 403 "), "{head}");
}

#[test]
fn a_gate_that_panics_lets_nothing_pass() {
    let rig = Rig::new(Asked::default(), Relay::http1(|_| panic!("a bug in a guard")), hello());
    for _ in 0..10 {
        let mut client = rig.client();
        client.send(format!("GET / {END}"));
        assert!(client.rest().starts_with("HTTP/1.1 500 "));
    }
    assert_eq!(rig.server.connections(), 0);
}

#[test]
fn a_guard_chooses_what_its_refusal_looks_like() {
    let relay = Relay::http1(|_| Err(Refusal::bytes("application/x-own", *b"own words").with_status(503)));
    let rig = Rig::new(Asked::default(), relay, hello());
    let mut client = rig.client();
    client.send(format!("GET / {END}"));
    let answer = client.rest();
    assert!(answer.starts_with("HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/x-own\r\n"), "{answer}");
    assert!(answer.ends_with("\r\n\r\nown words"), "{answer}");
}
