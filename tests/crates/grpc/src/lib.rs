//! A service on loopback, and a client of it for each kind of call.

mod client;
mod server;

use resource_guards::Resource;

pub use client::Client;
pub use server::Server;

/// The gRPC service.
pub static RPC: Resource = Resource::new("rpc");

/// The same server, by plain HTTP.
pub static WEB: Resource = Resource::new("web");
