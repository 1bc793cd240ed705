//! Sockets: where they are, how they are opened, and how a thread waits for them.

mod endpoint;
mod listener;
mod path;
mod poll;
mod stream;

pub use endpoint::Endpoint;
pub use path::socket_path;

pub(crate) use listener::{CLOSING_WAKES, Listener};
pub(crate) use path::{MAX_SOCKET_PATH, check_socket_path};
pub(crate) use poll::{Alarm, wait};
pub(crate) use stream::Stream;
