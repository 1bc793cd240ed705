//! What a relay waits for, and how much it takes in.

use std::time::Duration;

/// The bounds of a relay or a proxy. The defaults suit tests on one machine.
///
/// ```
/// use std::time::Duration;
///
/// let limits = guard_relay::Limits::new().head_time(Duration::from_secs(2));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "limits apply to the relay that they are given to"]
pub struct Limits {
    pub(crate) head_time: Duration,
    pub(crate) head_bytes: usize,
    pub(crate) drain_time: Duration,
    pub(crate) drain_bytes: u64,
    pub(crate) connect_time: Duration,
    pub(crate) stop_time: Duration,
}

impl Limits {
    /// The smallest buffer of each direction, in bytes: what a socket hands over at once in a bulk transfer.
    const BUFFER: usize = 64 * 1024;

    /// The defaults.
    pub fn new() -> Self {
        Self {
            head_time: Duration::from_secs(10),
            head_bytes: 64 * 1024,
            drain_time: Duration::from_secs(2),
            drain_bytes: 256 * 1024 * 1024,
            connect_time: Duration::from_secs(20),
            stop_time: Duration::from_secs(2),
        }
    }

    /// How long a client may take from the first byte of a head to its last; 10 s. It is answered 408 then. A kept
    /// connection without any byte of a next head is not bounded: how long it lasts is for the real service to say.
    pub fn head_time(mut self, time: Duration) -> Self {
        self.head_time = time;
        self
    }

    /// The largest head of a request; 64 KiB. A larger one is answered 431.
    pub fn head_bytes(mut self, bytes: usize) -> Self {
        self.head_bytes = bytes;
        self
    }

    /// How long, after an answer of the relay's own, what the client still sends is read and thrown away; 2 s.
    pub fn drain_time(mut self, time: Duration) -> Self {
        self.drain_time = time;
        self
    }

    /// How much of it; 256 MiB.
    pub fn drain_bytes(mut self, bytes: u64) -> Self {
        self.drain_bytes = bytes;
        self
    }

    /// How long connecting to each TCP address may take; 20 s.
    pub fn connect_time(mut self, time: Duration) -> Self {
        self.connect_time = time;
        self
    }

    /// How long stopping waits for the threads to end; 2 s.
    pub fn stop_time(mut self, time: Duration) -> Self {
        self.stop_time = time;
        self
    }

    /// The size of a buffer that holds the largest head.
    pub(crate) fn buffer(&self) -> usize {
        self.head_bytes.max(Self::BUFFER)
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::new()
    }
}
