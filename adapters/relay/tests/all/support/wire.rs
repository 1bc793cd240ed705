//! One end of a connection, with reads that end.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::os::unix::net::UnixStream;
use std::time::Duration;

use guard_relay::Endpoint;

/// A socket of either family.
pub(crate) enum Socket {
    Unix(UnixStream),
    Tcp(TcpStream),
}

/// A connection that is read in the pieces of HTTP.
pub(crate) struct Wire {
    pub(crate) socket: Socket,
    ahead: Vec<u8>,
}

impl Wire {
    pub(crate) fn new(socket: Socket) -> Self {
        let wire = Self { socket, ahead: Vec::new() };
        wire.patience(Duration::from_secs(20));
        wire
    }

    /// How long a read waits before it fails.
    pub(crate) fn patience(&self, time: Duration) {
        match &self.socket {
            Socket::Unix(socket) => socket.set_read_timeout(Some(time)).unwrap(),
            Socket::Tcp(socket) => socket.set_read_timeout(Some(time)).unwrap(),
        }
    }

    pub(crate) fn to(endpoint: &Endpoint) -> Self {
        Self::new(match endpoint {
            Endpoint::Unix(path) => Socket::Unix(UnixStream::connect(path).unwrap()),
            Endpoint::Tcp(address) => Socket::Tcp(TcpStream::connect(address).unwrap()),
            _ => unreachable!(),
        })
    }

    pub(crate) fn try_send(&mut self, bytes: impl AsRef<[u8]>) -> io::Result<()> {
        match &mut self.socket {
            Socket::Unix(socket) => socket.write_all(bytes.as_ref()),
            Socket::Tcp(socket) => socket.write_all(bytes.as_ref()),
        }
    }

    pub(crate) fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.try_send(bytes).unwrap();
    }

    pub(crate) fn try_receive(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if !self.ahead.is_empty() {
            let count = self.ahead.len().min(buffer.len());
            buffer[..count].copy_from_slice(&self.ahead[..count]);
            self.ahead.drain(..count);
            return Ok(count);
        }
        match &mut self.socket {
            Socket::Unix(socket) => socket.read(buffer),
            Socket::Tcp(socket) => socket.read(buffer),
        }
    }

    /// The next line group, up to and with its empty line; `None` when the connection has ended before it.
    pub(crate) fn head(&mut self) -> Option<String> {
        loop {
            if let Some(at) = self.ahead.windows(4).position(|window| window == b"\r\n\r\n") {
                let head = self.ahead.drain(..at + 4).collect();
                return Some(String::from_utf8(head).unwrap());
            }
            let mut ahead = std::mem::take(&mut self.ahead);
            let mut more = [0; 4096];
            let count = self.try_receive(&mut more);
            ahead.extend_from_slice(&more[..count.as_ref().map_or(0, |count| *count)]);
            self.ahead = ahead;
            match count {
                Ok(0) => return None,
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => panic!("nothing came in time"),
                Err(_) => return None,
            }
        }
    }

    /// So many bytes.
    pub(crate) fn take(&mut self, count: usize) -> Vec<u8> {
        let mut bytes = vec![0; count];
        let mut filled = 0;
        while filled < count {
            match self.try_receive(&mut bytes[filled..]).unwrap() {
                0 => panic!("the connection ended after {filled} of {count} bytes"),
                more => filled += more,
            }
        }
        bytes
    }

    pub(crate) fn take_text(&mut self, count: usize) -> String {
        String::from_utf8(self.take(count)).unwrap()
    }

    /// A whole message with a Content-Length: its head and its body.
    pub(crate) fn message(&mut self) -> Option<(String, String)> {
        let head = self.head()?;
        let length =
            head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
        let body = self.take_text(length.unwrap_or(0));
        Some((head, body))
    }

    /// Everything until the end.
    pub(crate) fn rest(&mut self) -> String {
        String::from_utf8(self.try_rest().unwrap()).unwrap()
    }

    pub(crate) fn try_rest(&mut self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let mut buffer = vec![0; 64 * 1024];
        loop {
            match self.try_receive(&mut buffer)? {
                0 => return Ok(bytes),
                count => bytes.extend_from_slice(&buffer[..count]),
            }
        }
    }

    /// Says that no more is coming.
    pub(crate) fn finish(&self) {
        match &self.socket {
            Socket::Unix(socket) => socket.shutdown(Shutdown::Write).unwrap(),
            Socket::Tcp(socket) => socket.shutdown(Shutdown::Write).unwrap(),
        }
    }

    /// The same connection for another thread.
    pub(crate) fn again(&self) -> Self {
        Self::new(match &self.socket {
            Socket::Unix(socket) => Socket::Unix(socket.try_clone().unwrap()),
            Socket::Tcp(socket) => Socket::Tcp(socket.try_clone().unwrap()),
        })
    }
}
