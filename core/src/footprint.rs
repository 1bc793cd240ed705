//! What the outside of the process would see of a resource.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// What the kernel would see when a resource is used: programs that are run, sockets and hosts that are connected to.
///
/// A footprint describes; it enforces nothing by itself. It is printed in the manifest, so that tools which watch from
/// outside the process know which resource a program or a peer belongs to.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Footprint {
    /// Names of programs, as they are found on PATH: `docker`.
    pub programs: Vec<String>,
    /// Paths of Unix sockets: `/var/run/docker.sock`; `@name` for one without a file.
    pub sockets: Vec<PathBuf>,
    /// Patterns of network peers, `host:port`, where `*` stands for anything: `*:443`.
    pub peers: Vec<String>,
}

impl Footprint {
    /// Adds a program by the name that is found on PATH.
    #[must_use]
    pub fn program(mut self, name: impl Into<String>) -> Self {
        self.programs.push(name.into());
        self
    }

    /// Adds the path of a Unix socket.
    #[must_use]
    pub fn socket(mut self, path: impl Into<PathBuf>) -> Self {
        self.sockets.push(path.into());
        self
    }

    /// Adds a pattern of network peers, `host:port`.
    #[must_use]
    pub fn peer(mut self, pattern: impl Into<String>) -> Self {
        self.peers.push(pattern.into());
        self
    }
}
