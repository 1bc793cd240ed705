//! One direction of a connection.

use std::io::ErrorKind;
use std::net::Shutdown;

use super::Buffer;
use crate::net::Stream;

/// How the sender of a flow has ended it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    /// It sends no more.
    Orderly,
    /// Its connection broke.
    Reset,
}

/// One direction: what was read from one socket and not yet written to the other.
#[derive(Debug)]
pub(crate) struct Flow<'b> {
    pub(crate) buffer: &'b mut Buffer,
    /// The relay's own words, sent before what the buffer holds.
    words: Vec<u8>,
    ended: Option<Ended>,
    /// The end was passed on, or the receiver takes no more.
    closed: bool,
    /// The receiver is slower than the sender.
    blocked: bool,
}

impl<'b> Flow<'b> {
    pub(crate) fn new(buffer: &'b mut Buffer) -> Self {
        Self { buffer, words: Vec::new(), ended: None, closed: false, blocked: false }
    }

    /// Starts again with another sender.
    pub(crate) fn restart(&mut self) {
        self.buffer.clear();
        self.words.clear();
        (self.ended, self.closed, self.blocked) = (None, false, false);
    }

    /// Has this sent in place of the first `count` held bytes.
    pub(crate) fn replace(&mut self, count: usize, words: Vec<u8>) {
        self.buffer.discard_held(count);
        self.words = words;
    }

    /// The sender will say no more.
    pub(crate) fn has_ended(&self) -> bool {
        self.ended.is_some()
    }

    /// The sender's connection broke, and all that it said before was passed on.
    pub(crate) fn is_reset(&self) -> bool {
        self.ended == Some(Ended::Reset) && (self.closed || self.is_flushed())
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.closed
    }

    pub(crate) fn is_blocked(&self) -> bool {
        self.blocked && !self.closed
    }

    /// Everything that may go on has gone on.
    pub(crate) fn is_flushed(&self) -> bool {
        self.words.is_empty() && self.buffer.released().is_empty()
    }

    /// The sender will say no more, and everything that it said has gone on.
    pub(crate) fn is_drained(&self) -> bool {
        self.closed || self.has_ended() && self.words.is_empty() && self.buffer.is_empty()
    }

    pub(crate) fn wants_more(&self) -> bool {
        !self.closed && !self.has_ended() && !self.buffer.is_full()
    }

    /// Reads once. To be called when the sender is readable.
    pub(crate) fn fill(&mut self, from: &Stream) {
        match from.receive(self.buffer.room()) {
            Ok(0) => self.ended = Some(Ended::Orderly),
            Ok(count) => self.buffer.filled(count),
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(_) => self.ended = Some(Ended::Reset),
        }
    }

    /// Writes what may go on, as far as the receiver takes it, and passes the end on after the last byte. Says whether
    /// anything moved.
    pub(crate) fn flush(&mut self, from: &Stream, to: &Stream) -> bool {
        if self.closed {
            return false;
        }
        let mut moved = false;
        self.blocked = false;
        while !self.is_flushed() {
            let words = !self.words.is_empty();
            match to.send(if words { &self.words } else { self.buffer.released() }) {
                Ok(count) if words => drop(self.words.drain(..count)),
                Ok(count) => self.buffer.sent(count),
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    self.blocked = true;
                    return moved;
                }
                Err(_) => {
                    // The sender learns it the way it would without a relay: on a Unix socket its next write fails.
                    from.shutdown(Shutdown::Read);
                    self.close();
                    return true;
                }
            }
            moved = true;
        }
        if self.is_drained() {
            // After an orderly end, a reset could not be passed on any more.
            if self.ended == Some(Ended::Orderly) {
                to.shutdown(Shutdown::Write);
            }
            self.close();
            moved = true;
        }
        moved
    }

    fn close(&mut self) {
        self.buffer.clear();
        self.words.clear();
        self.closed = true;
    }
}
