//! Tests of HTTP that keep their word.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::thread;

use resource_guards::uses;

#[uses(http("api.demo.test"))]
#[test]
fn the_latest_version_is_known() {
    assert_eq!(demo::http::latest("http://api.demo.test").unwrap(), "api.demo.test");
}

#[uses(http("*.demo.test"))]
#[test]
fn a_mirror_knows_it_too() {
    assert_eq!(demo::http::latest("http://mirror.demo.test").unwrap(), "mirror.demo.test");
}

/// A server of the test's own is no external resource.
#[uses()]
#[test]
fn a_server_of_its_own_is_no_use() {
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", server.local_addr().unwrap());
    let answering = thread::spawn(move || {
        let (mut client, _) = server.accept().unwrap();
        let mut head = [0; 1024];
        assert!(client.read(&mut head).unwrap() > 0);
        client.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n0.1.0").unwrap();
    });
    assert_eq!(demo::http::latest(&url).unwrap(), "0.1.0");
    answering.join().unwrap();
}
