//! What a gate is asked about.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::fmt;

use httparse::Header;

use super::target::{Authority, Target};
use crate::net::Stream;

/// The longest path, in bytes, that an evidence quotes.
const MAX_EVIDENCE_PATH: usize = 200;

/// The head of a request, before anything of it is passed on.
///
/// It never shows a query string or credentials. Its text form, and [`evidence`](Self::evidence), say the method and
/// what it is for: `GET /containers/json`, `GET api.github.com/users`, `CONNECT api.github.com:443`.
pub struct Request<'a> {
    pub(crate) method: &'a str,
    pub(crate) target: &'a Target<'a>,
    pub(crate) headers: &'a [Header<'a>],
    pub(crate) peer: &'a Peer<'a>,
}

impl Request<'_> {
    /// The method as the client wrote it: `GET`.
    #[must_use]
    pub fn method(&self) -> &str {
        self.method
    }

    /// The path without its query: `/containers/json`. Empty for CONNECT.
    #[must_use]
    pub fn path(&self) -> &str {
        self.target.path
    }

    /// The host that the request is for, in lower case, without a final dot and without the brackets of IPv6.
    ///
    /// At a [`Proxy`](crate::Proxy) it is the target's; at a [`Relay`](crate::Relay) it is what the `Host` header says,
    /// and empty without one.
    #[must_use]
    pub fn host(&self) -> Cow<'_, str> {
        if let Some(authority) = &self.target.authority {
            return Cow::Borrowed(&authority.host);
        }
        let named = self.header("host").and_then(|text| Authority::read(text, Some(80)).ok());
        Cow::Owned(named.map_or_else(String::new, |authority| authority.host))
    }

    /// The port that the request is for; `None` where the client named a path and no host.
    #[must_use]
    pub fn port(&self) -> Option<u16> {
        self.target.authority.as_ref().map(|authority| authority.port)
    }

    /// The first header of this name, if it is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let header = self.headers.iter().find(|header| header.name.eq_ignore_ascii_case(name))?;
        std::str::from_utf8(header.value).ok()
    }

    /// Who asks.
    #[must_use]
    pub fn peer(&self) -> &Peer<'_> {
        self.peer
    }

    /// What the request is, in a few words and without secrets.
    #[must_use]
    pub fn evidence(&self) -> String {
        self.to_string()
    }
}

impl fmt::Display for Request<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.method)?;
        if let Some(authority) = &self.target.authority {
            let tunnel = self.method == "CONNECT";
            authority.write(f, tunnel || authority.port != 80)?;
        }
        let path = self.target.path;
        match path.char_indices().find(|(at, _)| *at >= MAX_EVIDENCE_PATH) {
            Some((cut, _)) => write!(f, "{}…", &path[..cut]),
            None => f.write_str(path),
        }
    }
}

impl fmt::Debug for Request<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Request").field(&self.to_string()).finish()
    }
}

/// The other end of a connection to a relay.
pub struct Peer<'a> {
    stream: &'a Stream,
    pid: OnceCell<Option<u32>>,
}

impl<'a> Peer<'a> {
    pub(crate) fn new(stream: &'a Stream) -> Self {
        Self { stream, pid: OnceCell::new() }
    }

    /// The process that connected, where the system tells: through a Unix socket on Linux.
    #[must_use]
    pub fn pid(&self) -> Option<u32> {
        *self.pid.get_or_init(|| self.stream.peer_pid())
    }
}

impl fmt::Debug for Peer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Peer").field("pid", &self.pid()).finish()
    }
}
