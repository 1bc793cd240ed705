//! Asks the Docker daemon as most clients do: at the socket in `DOCKER_HOST`.

use std::env;
use std::io::{self, Read as _, Write as _};
use std::os::unix::net::UnixStream;

/// The containers that run, in the daemon's JSON.
///
/// # Errors
///
/// If the daemon cannot be asked, or refuses; its answer is in the message.
pub fn containers() -> io::Result<String> {
    get("/containers/json")
}

/// Asks for a path of the Engine API.
///
/// # Errors
///
/// The same.
pub fn get(path: &str) -> io::Result<String> {
    let host = env::var("DOCKER_HOST").unwrap_or_else(|_| "unix:///var/run/docker.sock".to_owned());
    let socket = host.strip_prefix("unix://").ok_or_else(|| io::Error::other(format!("`{host}` is no Unix socket")))?;
    let mut daemon = UnixStream::connect(socket)?;
    // Version 1.0: the answer ends with the connection, and is not cut into chunks.
    write!(daemon, "GET {path} HTTP/1.0\r\nHost: docker\r\n\r\n")?;
    let mut answer = String::new();
    daemon.read_to_string(&mut answer)?;
    let (head, body) = answer.split_once("\r\n\r\n").ok_or(io::ErrorKind::UnexpectedEof)?;
    match head.split(' ').nth(1) {
        Some("200") => Ok(body.to_owned()),
        status => Err(io::Error::other(format!("GET {path}: {}\n{}", status.unwrap_or("no status"), body.trim_end()))),
    }
}
