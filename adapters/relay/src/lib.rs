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
//!
//! # A guard in thirty lines
//!
//! The gate asks the resource, the relay's address goes into the environment, and its thread starts after `main` does:
//!
//! ```
//! use std::sync::OnceLock;
//!
//! use guard_relay::{Endpoint, Handle, Refusal, Relay, socket_path};
//! use resource_guards::{GuardError, Resource, ResourceGuard, Site, Via, async_trait};
//!
//! static QUEUE: Resource = Resource::new("queue");
//! static RELAY: OnceLock<Handle> = OnceLock::new();
//!
//! struct Queue;
//!
//! #[async_trait]
//! impl ResourceGuard for Queue {
//!     fn resource(&self) -> &Resource {
//!         &QUEUE
//!     }
//!
//!     async fn install(&self, site: &mut Site) -> Result<(), GuardError> {
//!         let fail = |error| GuardError::new("relay", "the queue", error);
//!         let real = Endpoint::unix("/run/queue.sock");
//!         if real.is_served().is_err() {
//!             return Ok(()); // Clients get the errors that they get without a guard.
//!         }
//!         let path = socket_path(site.directory(), "queue.sock").map_err(fail)?;
//!         let relay = Relay::http1(|request| {
//!             QUEUE.enforce_via(&Via::relay("relay"), || request.evidence()).map_err(Refusal::text)
//!         });
//!         let bound = relay.bind(&Endpoint::unix(&path), real).map_err(fail)?;
//!         let _ = RELAY.set(bound.handle());
//!         site.set_env("QUEUE_SOCKET", path);
//!         site.spawn("queue relay", move || bound.run());
//!         Ok(())
//!     }
//!
//!     async fn cleanup(&self) -> Result<(), GuardError> {
//!         RELAY.get().into_iter().for_each(Handle::stop_with_process);
//!         Ok(())
//!     }
//! }
//! ```
//!
//! # What it does not see
//!
//! Clients that do not read the variable, or that connect to the real path by themselves. HTTP/2 without an upgrade is
//! answered 400: serve such a client with [`Relay::raw`], which sees connections only.
#![cfg(unix)]

mod bound;
mod carry;
mod door;
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
