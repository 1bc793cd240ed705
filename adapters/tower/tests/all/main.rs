//! The layer around real clients: calls that are declared pass, and whatever the inner service says comes through.
//!
//! A refused call fails its test, so those cells are black-box tests of the workspace.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

mod grpc;
mod http;
mod server;
mod service;

use resource_guards::Resource;

static RPC: Resource = Resource::new("rpc");
static WEB: Resource = Resource::new("web");
static JOBS: Resource = Resource::new("jobs");

resource_guards::install!(&RPC, &WEB, &JOBS);
