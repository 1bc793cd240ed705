//! A complete guard for the SDK of a gRPC service, to copy.
//!
//! Beacon is a made-up service that knows which jobs are up. People reach it by its command line, `beacon`, and by its
//! Rust SDK. To a test both are one external resource:
//!
//! ```
//! # use grpc_guard::{Channel, guarded};
//! # use resource_guards::uses;
//! #[cfg(test)]
//! resource_guards::install!();
//!
//! #[uses(beacon)]
//! # async fn test(channel: Channel) {
//! let mut beacon = guarded(channel);
//! assert!(beacon.is_up("nightly").await.unwrap());
//! # }
//! ```
//!
//! # The parts
//!
//! | file | what | copy it? |
//! | --- | --- | --- |
//! | `sdk.rs` | the SDK: in real life somebody else's crate | no |
//! | `guard.rs` | the resource, the guard of the command line, the registration | yes |
//! | `client.rs` | the SDK's client with a guarded transport | yes |
//!
//! Rust patches no methods at run time, so the SDK has to accept a transport. Those that tonic generates do: they are
//! generic over it. Code under test takes the client, or a function that makes one; outside of a test run every call
//! passes, so it may as well be the guarded one everywhere.
//!
//! # How a project gets the guard
//!
//! It adds this crate to its dev-dependencies and writes `install!()`, without arguments: the guard has registered
//! itself. There is one catch. **The linker drops a crate that nothing names**, and its registration with it; declaring
//! `#[uses(beacon)]` then fails with "no guard of this binary watches". Calling [`guarded`] names it. A test binary that
//! runs only the command line names it like this, as `tests/command_line.rs` does:
//!
//! ```
//! use grpc_guard as _;
//!
//! #[cfg(test)]
//! resource_guards::install!();
//! ```

mod client;
mod guard;
mod sdk;

pub use tonic::transport::Channel;

pub use client::{GuardedChannel, guarded};
pub use guard::{BEACON, Guard};
pub use sdk::Beacon;
