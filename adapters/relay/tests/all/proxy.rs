//! The forward proxy.

use std::sync::Arc;

use guard_relay::{Endpoint, HttpProxy, NoProxy, Proxy, Route, Serving};

use crate::support::{Asked, Server, Wire, hello, http};

/// A port on which nothing listens. One that was free a moment ago may be taken by another test.
const NOBODY: u16 = 1;

fn direct(asked: &Asked) -> Serving {
    Proxy::new(asked.gate()).bind(&Endpoint::loopback()).unwrap().serve().unwrap()
}

/// A server that sends back the head that it got.
fn mirror() -> Server {
    Server::tcp(http(|head, _| format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{head}", head.len())))
}

#[test]
fn a_request_in_absolute_form_reaches_its_host_as_a_plain_one() {
    let (asked, server) = (Asked::default(), mirror());
    let proxy = direct(&asked);
    let port = server.port();
    let mut client = Wire::to(proxy.endpoint());
    client.send(format!(
        "GET http://user:pw@127.0.0.1:{port}/a?b=1 HTTP/1.1\r\nHost: other\r\nX-Kept: yes\r\n\
         Proxy-Connection: keep-alive\r\nProxy-Authorization: Basic eDp5\r\n\r\n"
    ));
    let plain = format!("GET /a?b=1 HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nX-Kept: yes\r\n\r\n");
    assert_eq!(client.message().unwrap().1, plain);
    client.send(format!("OPTIONS http://127.0.0.1:{port} HTTP/1.1\r\n\r\n"));
    assert!(client.message().unwrap().1.starts_with("OPTIONS * HTTP/1.1\r\n"));
    client.send(format!("GET http://localhost:{port}?q HTTP/1.1\r\n\r\n"));
    assert!(client.message().unwrap().1.starts_with("GET /?q HTTP/1.1\r\n"));
    let evidence =
        [format!("GET 127.0.0.1:{port}/a"), format!("OPTIONS 127.0.0.1:{port}"), format!("GET localhost:{port}")];
    assert_eq!(asked.all(), evidence);
}

#[test]
fn one_connection_may_ask_for_several_hosts() {
    let (asked, one, two) = (Asked::default(), Server::tcp(hello()), Server::tcp(hello()));
    let proxy = direct(&asked);
    let mut client = Wire::to(proxy.endpoint());
    for (port, path) in [(one.port(), "1"), (one.port(), "2"), (two.port(), "3"), (one.port(), "4")] {
        client.send(format!("POST http://127.0.0.1:{port}/{path} HTTP/1.1\r\nContent-Length: 2\r\n\r\nhi"));
        assert_eq!(client.message().unwrap().1, format!("POST /{path} HTTP/1.1 [hi]"));
    }
    assert_eq!((one.connections(), two.connections()), (2, 1), "a connection is kept while the host is the same");
    client.send(format!("GET http://127.0.0.1:{}/refused HTTP/1.1\r\n\r\n", two.port()));
    assert!(client.rest().starts_with("HTTP/1.1 403 "));
}

#[test]
fn connect_opens_a_tunnel_for_any_bytes() {
    let asked = Asked::default();
    let server = Server::tcp(|mut wire: Wire| {
        let said = wire.rest();
        wire.send(said.to_uppercase());
    });
    let proxy = direct(&asked);
    let mut client = Wire::to(proxy.endpoint());
    // A client that knows what it wants sends its first bytes along.
    client.send(format!("CONNECT localhost:{} HTTP/1.1\r\nHost: x\r\n\r\nhello ", server.port()));
    assert_eq!(client.head().unwrap(), "HTTP/1.1 200 Connection established\r\n\r\n");
    client.send("world");
    client.finish();
    assert_eq!(client.rest(), "HELLO WORLD");
    assert_eq!(asked.all(), [format!("CONNECT localhost:{}", server.port())]);
}

#[test]
fn a_gate_sees_method_host_port_and_path() {
    let asked = Asked::default();
    let note = asked.clone();
    let proxy = Proxy::new(move |request| {
        let (host, port) = (request.host(), request.port());
        note.note(format!("{} {host} {port:?} {:?}", request.method(), request.path()));
        Err(guard_relay::Refusal::text("no"))
    });
    let proxy = proxy.bind(&Endpoint::loopback()).unwrap().serve().unwrap();
    for line in ["GET http://API.Example.com./x/y?z", "CONNECT [::1]:443", "DELETE http://[::1]"] {
        let mut client = Wire::to(proxy.endpoint());
        client.send(format!("{line} HTTP/1.1\r\nHost: h\r\n\r\n"));
        assert!(client.rest().starts_with("HTTP/1.1 403 "));
    }
    let expected =
        [r#"GET api.example.com Some(80) "/x/y""#, r#"CONNECT ::1 Some(443) """#, r#"DELETE ::1 Some(80) """#];
    assert_eq!(asked.all(), expected);
}

#[test]
fn what_is_no_request_for_a_proxy_is_answered_400() {
    let asked = Asked::default();
    let proxy = direct(&asked);
    for (line, why) in [
        ("CONNECT example.com", "`example.com` is no host and port: the port is missing"),
        ("CONNECT example.com:99999", "the port is not a number from 1 to 65535"),
        ("CONNECT :443", "the host is missing"),
        ("CONNECT user:secret@example.com:443", "`example.com:443` is no host and port"),
        ("CONNECT http://example.com:443/", "is no host and port"),
        ("GET /", "this is a forward proxy: the target of a request must be a URL"),
        ("GET http:///x", "the host is missing"),
        ("GET https://example.com/", "a request for the scheme `https` cannot be passed on"),
        ("GET ftp://example.com/", "a request for the scheme `ftp` cannot be passed on"),
    ] {
        let mut client = Wire::to(proxy.endpoint());
        client.send(format!("{line} HTTP/1.1\r\nHost: x\r\n\r\n"));
        let (head, text) = client.message().unwrap();
        assert!(head.starts_with("HTTP/1.1 400 Bad Request\r\n"), "{line}: {head}");
        assert!(text.contains(why) && !text.contains("secret"), "{line}: {text}");
    }
    assert!(asked.all().is_empty());
}

#[test]
fn a_host_that_cannot_be_reached_is_answered_502_by_name() {
    let asked = Asked::default();
    let proxy = direct(&asked);
    for line in [format!("CONNECT localhost:{NOBODY}"), format!("GET http://localhost:{NOBODY}/")] {
        let mut client = Wire::to(proxy.endpoint());
        client.send(format!("{line} HTTP/1.1\r\nHost: x\r\n\r\n"));
        let (head, text) = client.message().unwrap();
        assert!(head.starts_with("HTTP/1.1 502 Bad Gateway\r\n"), "{head}");
        assert!(text.starts_with(&format!("cannot connect to localhost:{NOBODY}: Connection refused")), "{text}");
    }
    let mut client = Wire::to(proxy.endpoint());
    client.send("GET http://no-such-host.invalid/ HTTP/1.1\r\n\r\n");
    let (head, text) = client.message().unwrap();
    assert!(head.starts_with("HTTP/1.1 502 ") && text.contains("no-such-host.invalid:80"), "{head}{text}");
    assert_eq!(asked.all().len(), 3);
}

#[test]
fn another_proxy_gets_the_request_with_its_credentials() {
    let (asked, upstream) = (Asked::default(), mirror());
    let via: HttpProxy = format!("http://me:p%40ss@127.0.0.1:{}", upstream.port()).parse().unwrap();
    let exceptions = NoProxy::read("localhost");
    let proxy = Proxy::new(asked.gate()).route(move |request| {
        match exceptions.covers(&request.host(), request.port().unwrap()) {
            true => Route::Direct,
            false => Route::Via(via.clone()),
        }
    });
    let proxy = proxy.bind(&Endpoint::loopback()).unwrap().serve().unwrap();
    let mut client = Wire::to(proxy.endpoint());
    for host in ["made-up.example", "another.example"] {
        client.send(format!("GET http://{host}/x HTTP/1.1\r\nHost: {host}\r\nProxy-Authorization: Basic b2xk\r\n\r\n"));
        assert_eq!(
            client.message().unwrap().1,
            format!("GET http://{host}/x HTTP/1.1\r\nProxy-Authorization: Basic bWU6cEBzcw==\r\nHost: {host}\r\n\r\n")
        );
    }
    assert_eq!(upstream.connections(), 1, "a proxy's connection serves every host");
    let server = mirror();
    client.send(format!("GET http://localhost:{}/y HTTP/1.1\r\n\r\n", server.port()));
    assert!(client.message().unwrap().1.starts_with("GET /y HTTP/1.1\r\n"), "an exception goes direct");
    assert_eq!(asked.all().len(), 3);
}

#[test]
fn what_is_sent_through_a_tunnel_later_is_told() {
    let (asked, carried) = (Asked::default(), Asked::default());
    let server = Server::tcp(|mut wire: Wire| {
        let mut piece = [0; 64];
        while let Ok(count @ 1..) = wire.try_receive(&mut piece) {
            wire.send(&piece[..count]);
        }
    });
    let note = carried.clone();
    let proxy = Proxy::new(asked.gate()).carried(move |host, port| note.note(format!("{host}:{port}")));
    let proxy = proxy.bind(&Endpoint::loopback()).unwrap().serve().unwrap();
    let mut client = Wire::to(proxy.endpoint());
    client.send(format!("CONNECT localhost:{} HTTP/1.1\r\n\r\n", server.port()));
    client.head().unwrap();
    assert!(carried.all().is_empty(), "opening it is asked for, not told");
    for n in 1..=3 {
        client.send("line\n");
        assert_eq!(client.take_text(5), "line\n");
        assert_eq!(carried.all(), vec![format!("localhost:{}", server.port()); n]);
    }
    assert_eq!(asked.all().len(), 1);
}

#[test]
fn the_way_may_depend_on_what_a_request_is() {
    let (plain, tunnels) = (
        mirror(),
        Server::tcp(|mut wire: Wire| {
            let head = wire.head().unwrap();
            wire.send(format!("HTTP/1.1 200 Fine\r\n\r\n{}", head.lines().next().unwrap()));
        }),
    );
    let via = [&plain, &tunnels].map(|server| format!("127.0.0.1:{}", server.port()).parse::<HttpProxy>().unwrap());
    let asked = Asked::default();
    let proxy = Proxy::new(asked.gate())
        .route(move |request| Route::Via(via[usize::from(request.method() == "CONNECT")].clone()));
    let proxy = proxy.bind(&Endpoint::loopback()).unwrap().serve().unwrap();
    let mut client = Wire::to(proxy.endpoint());
    client.send("GET http://a.example:443/x HTTP/1.1\r\n\r\n");
    assert!(client.message().unwrap().1.starts_with("GET http://a.example:443/x HTTP/1.1\r\n"));
    client.send("CONNECT a.example:80 HTTP/1.1\r\n\r\n");
    assert_eq!(client.head().unwrap(), "HTTP/1.1 200 Fine\r\n\r\n");
    assert_eq!(client.rest(), "CONNECT a.example:80 HTTP/1.1");
    assert_eq!((plain.connections(), tunnels.connections()), (1, 1));
}

#[test]
fn connect_through_another_proxy_is_its_answer_and_its_tunnel() {
    let asked = Asked::default();
    let upstream = Server::tcp(|mut wire: Wire| {
        let head = wire.head().unwrap();
        if head.contains("closed.example") {
            wire.send("HTTP/1.1 407 Who are you\r\nContent-Length: 3\r\n\r\nwho");
            return;
        }
        wire.send("HTTP/1.1 200 Fine\r\n\r\n");
        let said = wire.rest();
        wire.send(format!("{}|{said}", head.lines().next().unwrap()));
    });
    let via: Arc<HttpProxy> = Arc::new(format!("127.0.0.1:{}", upstream.port()).parse().unwrap());
    let proxy = Proxy::new(asked.gate()).route(move |_| Route::Via((*via).clone()));
    let proxy = proxy.bind(&Endpoint::loopback()).unwrap().serve().unwrap();

    let mut client = Wire::to(proxy.endpoint());
    client.send("CONNECT open.example:443 HTTP/1.1\r\n\r\n");
    assert_eq!(client.head().unwrap(), "HTTP/1.1 200 Fine\r\n\r\n");
    client.send("\x16\x03\x01");
    client.finish();
    assert_eq!(client.rest(), "CONNECT open.example:443 HTTP/1.1|\x16\x03\x01");

    let mut client = Wire::to(proxy.endpoint());
    client.send("CONNECT closed.example:443 HTTP/1.1\r\n\r\n");
    assert_eq!(client.message().unwrap().1, "who");
    assert_eq!(asked.all(), ["CONNECT open.example:443", "CONNECT closed.example:443"]);
}

#[test]
fn another_proxy_that_is_missing_is_named() {
    let via: HttpProxy = format!("http://me:secret@127.0.0.1:{NOBODY}").parse().unwrap();
    let proxy = Proxy::new(|_| Ok(())).route(move |_| Route::Via(via.clone()));
    let proxy = proxy.bind(&Endpoint::loopback()).unwrap().serve().unwrap();
    let mut client = Wire::to(proxy.endpoint());
    client.send("CONNECT a.example:443 HTTP/1.1\r\n\r\n");
    let (head, text) = client.message().unwrap();
    assert!(head.starts_with("HTTP/1.1 502 "), "{head}");
    assert!(
        text.starts_with(&format!("cannot connect to a.example:443 through the proxy 127.0.0.1:{NOBODY}: ")),
        "{text}"
    );
    assert!(!text.contains("secret"), "{text}");
}
