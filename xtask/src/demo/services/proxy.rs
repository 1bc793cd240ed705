//! A proxy that has no way on: it answers by itself, for hosts that cannot exist.

use std::io::{self, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::thread;

use super::exchange::{self, Request};
use crate::{Error, Result};

/// A domain that is nobody's (RFC 2606).
const NOBODYS: &str = ".test";

/// Listens on loopback until this process ends.
pub(super) fn start() -> Result<SocketAddr> {
    let failed = || Error::file("listen at", Path::new("127.0.0.1:0"));
    let listener = TcpListener::bind("127.0.0.1:0").map_err(failed())?;
    let address = listener.local_addr().map_err(failed())?;
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            // A client that goes away is its own business.
            thread::spawn(move || serve(client));
        }
    });
    Ok(address)
}

/// Answers one request, in a tunnel or not, with the host that was asked.
fn serve(mut client: TcpStream) -> io::Result<()> {
    let mut reader = BufReader::new(client.try_clone()?);
    let Some(mut request) = exchange::read(&mut reader)? else { return Ok(()) };
    let Some(host) = host(&request).filter(|host| host.ends_with(NOBODYS)) else {
        return exchange::answer(&mut client, &request, "502 Bad Gateway", "text/plain", "the demo has no way there");
    };
    if request.method == "CONNECT" {
        client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")?;
        match exchange::read(&mut reader)? {
            Some(inner) => request = inner,
            None => return Ok(()),
        }
    }
    exchange::answer(&mut client, &request, "200 OK", "text/plain", &host)
}

/// The host that a proxy is asked for: in the authority of CONNECT, or in the URL.
fn host(request: &Request) -> Option<String> {
    let authority = match request.method.as_str() {
        "CONNECT" => request.target.as_str(),
        _ => request.target.strip_prefix("http://")?.split(['/', '?']).next()?,
    };
    Some(authority.split(':').next()?.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_is_found_in_tunnels_and_urls() {
        let host =
            |method: &str, target: &str| super::host(&Request { method: method.to_owned(), target: target.to_owned() });
        assert_eq!(host("CONNECT", "api.demo.test:80").as_deref(), Some("api.demo.test"));
        assert_eq!(host("GET", "http://API.demo.test:8080/latest").as_deref(), Some("api.demo.test"));
        assert_eq!(host("GET", "http://api.demo.test?q").as_deref(), Some("api.demo.test"));
        assert_eq!(host("GET", "/latest"), None);
    }
}
