//! Carrying bytes both ways between a client and what stands behind the relay.

mod buffer;
mod flow;
mod linger;
mod link;

pub(crate) use buffer::Buffer;
pub(crate) use flow::Flow;
pub(crate) use link::{End, Link, Steer, Step};

/// The buffers of one thread, used for one connection after the other.
#[derive(Debug)]
pub(crate) struct Buffers {
    pub(crate) up: Buffer,
    pub(crate) down: Buffer,
}

impl Buffers {
    pub(crate) fn new(size: usize) -> Self {
        Self { up: Buffer::new(size), down: Buffer::new(size) }
    }

    pub(crate) fn clear(&mut self) {
        self.up.clear();
        self.down.clear();
    }
}
