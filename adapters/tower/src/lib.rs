//! Guards tower services: a layer in front of a tonic `Channel`, a hyper client, or any other service.
//!
//! ```
//! use guard_tower::GuardLayer;
//! use resource_guards::Resource;
//! use tower_layer::Layer as _;
//! # use tonic::transport::{Channel, Endpoint};
//! # use tonic_health::pb::health_client::HealthClient;
//!
//! static SEARCH: Resource = Resource::new("search");
//!
//! #[cfg(test)]
//! resource_guards::install!(&SEARCH);
//!
//! # fn client(channel: Channel) {
//! let client = HealthClient::new(GuardLayer::grpc(&SEARCH).layer(channel));
//! # drop(client);
//! # }
//! ```
//!
//! A test that makes a call then needs `#[uses(search)]`, or `#[uses(search("grpc.health.v1.Health/*"))]` for some
//! methods only. Outside of a test run every call passes, so the layer may stay in the production client.
//!
//! # What a refused call looks like
//!
//! The call fails before the inner service is touched, and the test fails even if that error is swallowed. The error is
//! the [`Violation`](resource_guards::Violation); clients may wrap it, and [`violation`] finds it again:
//!
//! ```
//! # fn report(status: &tonic::Status) {
//! if let Some(violation) = guard_tower::violation(status) {
//!     eprintln!("{violation}");
//! }
//! # }
//! ```
//!
//! # Where to put the layer
//!
//! On the outside, where your code makes its calls. A call belongs to the fixture or test whose thread makes it, so what
//! runs the inner service on a task of its own (`tower::buffer`) belongs below the layer; a tonic `Channel`, which has
//! such a buffer, is fine. Retries above the layer are asked about one by one, retries below it once.
//!
//! Connecting is no use: a channel that is made with `connect().await` reaches its server before the first call.

mod call;
mod describe;
mod error;
mod future;
mod grpc;
mod http;
mod layer;
mod service;

pub use call::Call;
pub use describe::Describe;
pub use error::{BoxError, violation};
pub use future::ResponseFuture;
pub use grpc::Grpc;
pub use layer::GuardLayer;
pub use service::Guarded;

pub use self::http::Http;
