//! What test binaries say about themselves: their tests, guards and declarations, and whether their resources are there.

pub(crate) mod ask;
pub(crate) mod availability;
pub(crate) mod catalog;
