//! As much of HTTP/1 as the demo's own servers need.

use std::io::{self, BufRead, Read as _, Write};

/// The longest head of a request, in bytes.
const MAX_HEAD: u64 = 64 * 1024;

/// The first line of a request.
pub(super) struct Request {
    pub(super) method: String,
    /// The path, the URL or the authority.
    pub(super) target: String,
}

/// Reads the head of the next request. `None`: there is none. Bodies are not expected.
pub(super) fn read(from: &mut impl BufRead) -> io::Result<Option<Request>> {
    let mut head = from.take(MAX_HEAD);
    let mut first = String::new();
    head.read_line(&mut first)?;
    let mut line = first.clone();
    while !line.trim_end().is_empty() {
        line.clear();
        head.read_line(&mut line)?;
    }
    let mut words = first.split_ascii_whitespace().map(str::to_owned);
    Ok(words.next().zip(words.next()).map(|(method, target)| Request { method, target }))
}

/// Answers a request, with no body to HEAD.
pub(super) fn answer(to: &mut impl Write, request: &Request, status: &str, kind: &str, body: &str) -> io::Result<()> {
    let sent = if request.method == "HEAD" { "" } else { body };
    let length = body.len();
    let head = format!("HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n");
    to.write_all(format!("{head}Connection: close\r\n\r\n{sent}").as_bytes())
}
