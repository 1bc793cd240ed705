//! What was seen of each test: what it ran, and whom it reached.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;

/// A try of a test, or a whole test binary where its tests cannot be told apart.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Subject {
    pub(super) binary: PathBuf,
    /// `None`: the whole binary.
    pub(super) test: Option<String>,
    /// As nextest counts repetitions, from 0, of a stress test.
    pub(super) iteration: Option<u32>,
    /// As nextest counts tries.
    pub(super) attempt: Option<u32>,
    /// As nextest names the binary.
    pub(super) binary_id: Option<String>,
}

/// What one of them touched.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Observed {
    pub(super) touched: BTreeMap<Touch, Evidence>,
    /// What else is to be said: what could not be observed, what outlived the test.
    pub(super) notes: BTreeSet<String>,
    /// What could not be observed.
    pub(super) unobserved: BTreeSet<String>,
}

/// All of them.
pub(super) type All = BTreeMap<Subject, Observed>;

/// One thing outside of a test.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Touch {
    Program {
        /// As the caller names it; empty if by a descriptor alone.
        given: String,
        /// The file, all links followed.
        path: String,
    },
    Peer {
        peer: Peer,
        how: How,
    },
}

/// Whom a socket reaches.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Peer {
    Internet(SocketAddr),
    /// The path of a Unix socket.
    Unix(String),
    /// The name of one without a file.
    Abstract(String),
}

/// How it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum How {
    /// It connects.
    Connect,
    /// It gives a socket of datagrams a default address. Resolvers do so to sort what they have found; nothing is sent yet.
    Address,
    /// It sends a single message.
    Send,
}

/// How it was seen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Evidence {
    pub(super) times: u64,
    /// Programs with their first arguments, a few of them.
    pub(super) what: BTreeSet<String>,
    /// The names that the program is known by.
    pub(super) names: Vec<String>,
    /// The program that does it.
    pub(super) by: String,
    /// The first process that did.
    pub(super) pid: u32,
    /// Whether a wrapper on PATH would have seen it, at least once.
    pub(super) by_name: bool,
}

impl Peer {
    /// Whether it is this machine.
    pub(super) fn is_here(&self) -> bool {
        match self {
            Self::Internet(address) => address.ip().is_loopback() || address.ip().is_unspecified(),
            Self::Unix(_) | Self::Abstract(_) => true,
        }
    }
}

impl fmt::Display for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Internet(address) => address.fmt(f),
            Self::Unix(path) => f.write_str(path),
            Self::Abstract(name) => write!(f, "@{name}"),
        }
    }
}
