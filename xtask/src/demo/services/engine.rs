//! A small Engine API on a Unix socket: a daemon without containers.

use std::io::{self, BufReader};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::thread;

use super::exchange::{self, Request};
use crate::{Error, Result};

/// Listens at a socket until this process ends. Gives the value for `DOCKER_HOST`.
pub(super) fn start(socket: &Path) -> Result<String> {
    let listener = UnixListener::bind(socket).map_err(Error::file("listen at", socket))?;
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            // A client that goes away is its own business.
            thread::spawn(move || serve(client));
        }
    });
    Ok(format!("unix://{}", socket.display()))
}

fn serve(mut client: UnixStream) -> io::Result<()> {
    let Some(request) = exchange::read(&mut BufReader::new(client.try_clone()?))? else { return Ok(()) };
    let (status, kind, body) = respond(&request);
    exchange::answer(&mut client, &request, status, kind, body)
}

fn respond(request: &Request) -> (&'static str, &'static str, &'static str) {
    const JSON: &str = "application/json";
    let path = request.target.split('?').next().unwrap_or_default();
    let asks = matches!(request.method.as_str(), "GET" | "HEAD");
    match without_version(path) {
        "/_ping" if asks => ("200 OK", "text/plain", "OK"),
        "/version" if asks => ("200 OK", JSON, r#"{"Version":"embedded","ApiVersion":"1.41","MinAPIVersion":"1.12"}"#),
        "/containers/json" if asks => ("200 OK", JSON, "[]"),
        _ => ("404 Not Found", JSON, r#"{"message":"the demo's Engine API has no such page"}"#),
    }
}

/// The path without `/v1.41` in front.
fn without_version(path: &str) -> &str {
    let version = path.strip_prefix("/v").and_then(|rest| rest.find('/'));
    match version.map(|length| path.split_at(length + 2)) {
        Some((version, rest)) if version[2..].bytes().all(|b| b.is_ascii_digit() || b == b'.') => rest,
        _ => path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_found_with_and_without_a_version() {
        let status = |method: &str, target: &str| {
            respond(&Request { method: method.to_owned(), target: target.to_owned() }).0.to_owned()
        };
        for target in ["/_ping", "/v1.41/_ping", "/containers/json?all=1", "/v1.41/containers/json", "/version"] {
            assert_eq!(status("GET", target), "200 OK", "{target}");
        }
        for (method, target) in [("POST", "/containers/json"), ("GET", "/volumes/json"), ("GET", "/v"), ("GET", "")] {
            assert_eq!(status(method, target), "404 Not Found", "{method} {target}");
        }
    }
}
