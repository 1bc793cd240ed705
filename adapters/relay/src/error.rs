//! What keeps a relay from being set up or taken away: the operation, the object, and what mends it.

use std::io;
use std::path::PathBuf;

use crate::Endpoint;
use crate::net::MAX_SOCKET_PATH;

/// Why a relay or a proxy could not be set up or taken away.
///
/// What happens later, on a single connection, is answered to its client and is no error of the relay.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RelayError {
    /// The path of a socket is longer than an address of the system can hold.
    #[error(
        "cannot use the socket path `{}`: it has {length} bytes and at most {MAX_SOCKET_PATH} are safe; \
         use a directory with a shorter path, for example by pointing TMPDIR at /tmp",
        path.display()
    )]
    SocketPathTooLong {
        /// The path as it was given.
        path: PathBuf,
        /// Its length in bytes.
        length: usize,
    },
    /// The relay could not listen.
    #[error("cannot listen on `{endpoint}`: {source}; {hint}")]
    Listen {
        /// Where it should have listened.
        endpoint: Endpoint,
        /// What the system said.
        source: io::Error,
        /// What mends it.
        hint: &'static str,
    },
    /// A relay in front of itself would connect to itself without end.
    #[error("cannot relay `{endpoint}` to itself; name the real service, not the address that its clients were given")]
    Itself {
        /// Where it listens.
        endpoint: Endpoint,
    },
    /// The first thread of the relay could not be started.
    #[error("cannot start a thread for the relay on `{endpoint}`: {source}; raise the limit on processes (ulimit -u)")]
    Thread {
        /// Where the relay listens.
        endpoint: Endpoint,
        /// What the system said.
        source: io::Error,
    },
    /// The relay was stopped, but some of its threads did not end in time.
    #[error(
        "cannot end the relay on `{endpoint}`: {threads} of its threads are still busy, waiting for a name to be \
         resolved, for a connection or in a gate; they end by themselves when that returns"
    )]
    Stop {
        /// Where the relay listened.
        endpoint: Endpoint,
        /// How many threads are left.
        threads: usize,
    },
    /// A text is not the address of an endpoint.
    #[error("cannot read the endpoint `{text}`: {reason}; write unix:///path/to/socket or tcp://127.0.0.1:2375")]
    Endpoint {
        /// The text as it was given.
        text: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A text is not the URL of an HTTP proxy. Credentials are left out of the message.
    #[error("cannot use the proxy `{text}`: {reason}; write http://host:port or http://user:password@host:port")]
    ProxyUrl {
        /// The text as it was given, without what stands before an `@`.
        text: String,
        /// What is wrong with it.
        reason: &'static str,
    },
}
