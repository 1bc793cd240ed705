//! A relay in front of a real endpoint, and a forward proxy, that ask a *gate* before anything passes.
//!
//! This is how a guard watches clients that nobody rewrote, in any process and any language: it has the client connect
//! to a relay, by an environment variable that the client reads anyway (`DOCKER_HOST`, `HTTP_PROXY`), and the relay
//! asks before it connects to the real thing.
//!
//! - [`Relay`]: in front of one service, on a Unix socket or a port. HTTP/1 is asked for each request, any other
//!   protocol for each connection.
//! - [`Proxy`]: a forward HTTP proxy for all hosts.
//!
//! A gate is a closure. It sees a [`Request`] before anything of it is passed on, and returns a [`Refusal`] to be
//! answered in the protocol. Code under test sees what it would see without a relay: half-closed connections, hijacked
//! and upgraded streams, pipelining, interim responses, resets, slow readers and bulk transfers are passed on as they
//! are.
#![cfg(unix)]

mod bound;
mod carry;
mod error;
mod gate;
mod http;
mod limits;
mod net;
mod pool;
mod proxy;
mod relay;

pub use bound::{Bound, Handle, Serving};
pub use error::RelayError;
pub use http::{Peer, Refusal, Request};
pub use limits::Limits;
pub use net::{Endpoint, socket_path};
pub use proxy::{HttpProxy, NoProxy, Proxy, Route};
pub use relay::Relay;
