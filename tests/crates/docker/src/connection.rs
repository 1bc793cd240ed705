//! A client of three dozen lines: what SDKs do, with a connection that can be held on to.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::os::unix::net::UnixStream;

/// A connection to an Engine, kept from one request to the next.
pub struct Connection(BufReader<UnixStream>);

impl Connection {
    /// To the daemon that `DOCKER_HOST` names, else to the default one.
    pub fn open() -> io::Result<Self> {
        Self::to(std::env::var("DOCKER_HOST").as_deref().unwrap_or("unix:///var/run/docker.sock"))
    }

    /// To an address that begins with `unix://`.
    pub fn to(host: &str) -> io::Result<Self> {
        let path = host.strip_prefix("unix://").unwrap_or_else(|| panic!("`{host}` is no socket"));
        UnixStream::connect(path).map(BufReader::new).map(Self)
    }

    /// Sends a request without a body, and reads the answer: its status, and its body as it comes.
    pub fn ask(&mut self, method: &str, path: &str) -> io::Result<(u16, String)> {
        write!(self.0.get_mut(), "{method} {path} HTTP/1.1\r\nHost: docker\r\n\r\n")?;
        let head = self.head()?;
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or(io::ErrorKind::InvalidData)?;
        let head = head.to_ascii_lowercase();
        let mut body = Vec::new();
        if head.contains("\r\ntransfer-encoding: chunked") {
            while !body.ends_with(b"\r\n0\r\n\r\n") && body != b"0\r\n\r\n" {
                let mut byte = [0];
                self.0.read_exact(&mut byte)?;
                body.extend(byte);
            }
        } else if let Some((_, rest)) = head.split_once("\r\ncontent-length: ") {
            let length = rest.split("\r\n").next().unwrap_or_default();
            body.resize(length.parse().map_err(io::Error::other)?, 0);
            self.0.read_exact(&mut body)?;
        }
        Ok((status, String::from_utf8_lossy(&body).into_owned()))
    }

    /// The status of a `GET`.
    pub fn get(&mut self, path: &str) -> io::Result<u16> {
        self.ask("GET", path).map(|(status, _)| status)
    }

    fn head(&mut self) -> io::Result<String> {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if self.0.read_line(&mut head)? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        Ok(head)
    }
}
