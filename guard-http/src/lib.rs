//! Guards the resource `http`: requests to other machines, by whatever client sends them.
//!
//! ```
//! #[cfg(test)]
//! resource_guards::install!(guard_http::Http);
//!
//! use resource_guards::uses;
//!
//! #[uses(http("api.github.com", "*.crates.io"))]
//! #[test]
//! fn publishes_a_release() {
//!     // …
//! }
//! # fn main() {}
//! ```
//!
//! `#[uses(http)]` declares any host. With patterns, only those are declared: a request to another host is refused and is
//! a violation that names it, and a pattern that no request matched is an unused declaration. `*.crates.io` leaves
//! `crates.io` itself out, and every port is covered.
//!
//! A pattern is a host alone, in lower case: without scheme, port, path and final dot, an IPv6 address without brackets
//! (`::1`), an internationalised name in its ASCII form (`xn--…`). One that no host can match fails every run of the
//! binary before the first test, as a misspelt name does:
//!
//! ```text
//! `publishes_a_release` at src/lib.rs:6 declares `http` at `https://api.github.com`, which no target matches: a target is a
//! host, and this has a scheme; write http("api.github.com")
//! ```
//!
//! ```text
//! RESOURCE GUARD: test `publishes_a_release` used `http` at `www.example.com` without declaring it
//!   seen: CONNECT www.example.com:443 (proxy, pid 4242)
//!   mend: add `http("www.example.com")` to #[uses(…)] at src/lib.rs:6, or stop using http
//! ```
//!
//! # Who sees what
//!
//! | client | seen by | evidence |
//! | --- | --- | --- |
//! | reqwest (async and blocking), curl, Python's urllib and requests, and whatever else reads the proxy variables, in the test's process or below it | a forward proxy in `HTTP_PROXY`, `HTTPS_PROXY` and `ALL_PROXY`, in both cases | `GET host/path` of `http` URLs, `CONNECT host:443` of `https` |
//! | ureq, and hyper-util with a `Tunnel` | the same proxy | `CONNECT host:port` of both: they tunnel everything |
#![cfg_attr(
    feature = "middleware",
    doc = "| a reqwest-middleware client with [`Middleware`] in it | that middleware, each request | `GET host/path` of both |"
)]
//!
//! Code under test stays as it is, but for the middleware, which is for projects that use reqwest-middleware anyway: it
//! sees the path of `https` requests, sees a client that was built without proxies, tells every request on a kept
//! connection apart, and its error has the violation in it.
#![cfg_attr(feature = "middleware", doc = "See [`client_builder`] and [`violation()`].")]
//!
//! A refused request of an `http` URL is answered 403, with the message of the violation as its body. Clients do not show
//! the answer to CONNECT, so there the message is said on the test's standard error too.
//!
//! Query strings, credentials and header values never enter the evidence, the log or a message.
//!
//! # This machine
//!
//! Requests to `localhost`, names below it, `127.0.0.0/8`, `::1` and the unspecified address are neither refused nor
//! counted, because a test's own servers are no external resource.
//! [`Http.counting_loopback()`](HttpGuard::counting_loopback) counts them:
//!
//! ```
//! #[cfg(test)]
//! resource_guards::install!(guard_http::Http.counting_loopback());
//! ```
//!
//! # The user's own proxy
//!
//! What is let pass goes the way that the user's variables say: through the user's proxy for the scheme, with its
//! credentials, and directly to the hosts of the user's `NO_PROXY`. What a tunnel carries cannot be seen before it is
//! open; it is taken for `https`, except to port 80.
//!
//! A proxy that is not plain HTTP (`https://`, `socks5://`) cannot be passed on to. Then the variables are left alone, only
//! the middleware sees uses, and a declaration is never called unused. A variable that names no proxy at all is an error
//! before the first test.
//!
//! # What is not seen
//!
//! - A client built with `no_proxy()`, hyper without a proxy connector, and anything that opens a socket by itself. The
//!   middleware sees the first of them, and the kernel's view (`cargo guards test --strict`) all.
//! - Further requests through a tunnel that is kept. A tunnel belongs to the request that opened it. What goes through it
//!   later counts for a fixture that declares `http`, and is refused to nobody, because it cannot be told from a farewell.
//!
//! # Features
//!
//! `middleware` (default): the hook in reqwest-middleware clients. Without it this crate needs no HTTP client.
#![expect(clippy::test_attr_in_doctest, reason = "the first example shows a test")]

mod guard;
mod host;
mod loopback;
#[cfg(feature = "middleware")]
mod middleware;
mod proxy;

pub use guard::{HTTP, Http, HttpGuard};
#[cfg(feature = "middleware")]
pub use middleware::{Middleware, client_builder, violation};
