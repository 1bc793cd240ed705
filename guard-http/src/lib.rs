//! Guards the resource `http`: requests to hosts that are not this machine.
//!
//! ```
//! #[cfg(test)]
//! resource_guards::install!(guard_http::Http);
//! ```
//!
//! `#[uses(http)]` declares any host, `#[uses(http("api.github.com", "*.crates.io"))]` only those: another host is a
//! violation that names it, and a pattern that no request matched is an unused declaration.
//!
//! # Who sees what
//!
//! | client | seen by |
//! | --- | --- |
//! | whatever reads the proxy variables: reqwest (async and blocking), ureq, curl, Python's urllib and requests, also in a subprocess | a forward proxy in `HTTP_PROXY`, `HTTPS_PROXY` and `ALL_PROXY` |
//! | a reqwest-middleware client with [`Middleware`] in it | that middleware, with method, host and path |
//!
//! Through the proxy, the evidence of an https request has the host only. Query strings, credentials and header values
//! never enter the evidence.
//!
//! # Loopback
//!
//! Requests to `localhost`, `127.0.0.0/8` and `::1` are neither counted nor refused, because a test's own servers are no
//! external resource. [`Http.counting_loopback()`](HttpGuard::counting_loopback) counts them.
//!
//! # The user's own proxy
//!
//! The proxy here passes requests on to the one that the user's variables name, and heeds the user's `NO_PROXY`. A proxy
//! which is not plain HTTP (`https://`, `socks5://`) cannot be passed on to: then the variables are left alone, only the
//! middleware sees uses, and a declaration is never called unused.
//!
//! # What none of them sees
//!
//! A client built with `no_proxy()`, plain hyper, and anything that opens a socket by itself.

mod guard;
mod loopback;
#[cfg(feature = "middleware")]
mod middleware;
mod proxy;

pub use guard::{HTTP, Http, HttpGuard};
#[cfg(feature = "middleware")]
pub use middleware::{Middleware, client_builder, violation};
