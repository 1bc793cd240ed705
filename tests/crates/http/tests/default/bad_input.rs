//! Clients that do not keep to the rules are answered, and what they do is not counted.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use http_clients::clients::reqwest;
use resource_guards::uses;

fn proxy() -> TcpStream {
    let url = std::env::var("http_proxy").expect("the guard has set it");
    let stream = TcpStream::connect(url.strip_prefix("http://").expect("a URL")).expect("it listens");
    stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a time");
    stream
}

/// The first line of the answer to these bytes.
fn answer(bytes: &[u8]) -> String {
    let mut stream = proxy();
    let mut writer = stream.try_clone().expect("a descriptor");
    let bytes = bytes.to_owned();
    // A refusal may come before all is sent.
    let sending = std::thread::spawn(move || writer.write_all(&bytes).and_then(|()| writer.shutdown(Shutdown::Write)));
    let mut answer = Vec::new();
    _ = stream.read_to_end(&mut answer);
    _ = sending.join();
    String::from_utf8_lossy(&answer).lines().next().unwrap_or_default().to_owned()
}

/// Nothing that is no request is a use, and the next request is answered as ever.
#[uses()]
#[test]
fn what_is_no_request_is_answered_and_not_counted() {
    for (bytes, expected) in [
        (&b"CONNECT api.github.test HTTP/1.1\r\n\r\n"[..], "HTTP/1.1 400 Bad Request"),
        (b"CONNECT :443 HTTP/1.1\r\n\r\n", "HTTP/1.1 400 Bad Request"),
        (b"CONNECT a b:443 HTTP/1.1\r\n\r\n", "HTTP/1.1 400 Bad Request"),
        (b"GET /origin-form HTTP/1.1\r\nHost: api.github.test\r\n\r\n", "HTTP/1.1 400 Bad Request"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 TLS to a proxy\r\n\r\n", "HTTP/1.1 400 Bad Request"),
        (
            &[b"GET http://api.github.test/ HTTP/1.1\r\nX: ", &[b'x'; 1 << 20][..], b"\r\n\r\n"].concat(),
            "HTTP/1.1 431 Request Header Fields Too Large",
        ),
        (b"GET http://api.github.te", ""),
    ] {
        assert_eq!(answer(bytes), expected, "{}", String::from_utf8_lossy(&bytes[..bytes.len().min(60)]));
    }
    drop(proxy());
    let url = format!("http://localhost:{}/x", http_clients::world_port());
    assert_eq!(answer(format!("GET {url} HTTP/1.1\r\nConnection: close\r\n\r\n").as_bytes()), "HTTP/1.1 200 OK");
}

/// It has asked; whether it waits for the answer makes no difference.
#[uses()]
#[test]
fn a_client_that_does_not_wait_for_its_refusal_is_counted() {
    let mut stream = proxy();
    stream.write_all(b"GET http://api.github.test/gone HTTP/1.1\r\nHost: api.github.test\r\n\r\n").expect("it is read");
    drop(stream);
    std::thread::sleep(Duration::from_millis(300));
}

#[uses(http("api.github.test"))]
#[test]
fn clients_that_wait_keep_no_other_from_its_answer() {
    let idle: Vec<TcpStream> = (0..40)
        .map(|_| {
            let mut stream = proxy();
            stream.write_all(b"GET http://api.github.test/ HTTP/1.1\r\nX-Slow: ").expect("it is read");
            stream
        })
        .collect();
    assert!(reqwest::plain("https://api.github.test/users", "").is_ok());
    drop(idle);
}
