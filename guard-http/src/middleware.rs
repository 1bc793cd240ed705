//! A middleware for reqwest, with method, host and path as evidence.

use async_trait::async_trait;
use http::Extensions;
use reqwest::{Request, Response};
use reqwest_middleware::{ClientBuilder, Error, Next, Result};
use resource_guards::{Via, Violation};

use crate::guard::HTTP;
use crate::loopback::is_use;

/// Asks before each request, also before each of a retry middleware that stands in front of it.
///
/// ```
/// let client = reqwest_middleware::ClientBuilder::new(reqwest::Client::new()).with(guard_http::Middleware).build();
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct Middleware;

#[async_trait]
impl reqwest_middleware::Middleware for Middleware {
    async fn handle(&self, request: Request, extensions: &mut Extensions, next: Next<'_>) -> Result<Response> {
        let url = request.url();
        let host = url.host_str().unwrap_or_default();
        if is_use(host) {
            HTTP.enforce_via(&Via::hook("reqwest middleware").at(host), || {
                format!("{} {host}{}", request.method(), url.path())
            })
            .map_err(Error::middleware)?;
        }
        next.run(request, extensions).await
    }
}

/// A builder of clients that has the middleware already.
///
/// ```
/// let client = guard_http::client_builder(reqwest::Client::new()).build();
/// ```
#[must_use]
pub fn client_builder(client: reqwest::Client) -> ClientBuilder {
    ClientBuilder::new(client).with(Middleware)
}

/// The violation because of which a request was refused, if it was.
#[must_use]
pub fn violation(error: &Error) -> Option<&Violation> {
    match error {
        Error::Middleware(error) => error.chain().find_map(|cause| cause.downcast_ref()),
        Error::Reqwest(_) => None,
    }
}
