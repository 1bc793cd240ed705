//! A middleware for reqwest, with method, host and path as evidence.

use async_trait::async_trait;
use http::Extensions;
use reqwest::{Request, Response};
use reqwest_middleware::{ClientBuilder, Error, Next, Result};
use resource_guards::{Via, Violation};

use crate::guard::HTTP;
use crate::host::bare;
use crate::loopback::is_use;

/// The longest path, in bytes, that an evidence quotes; the proxy's does the same.
const MAX_PATH: usize = 200;

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
        let host = bare(request.url().host_str().unwrap_or_default());
        if is_use(&host) {
            HTTP.enforce_via(&Via::hook("reqwest middleware").at(&host), || evidence(&request))
                .map_err(Error::middleware)?;
        }
        next.run(request, extensions).await
    }
}

/// Method, host and path, in the words of the proxy: no query, no credentials, and the port only if it is an odd one.
fn evidence(request: &Request) -> String {
    let url = request.url();
    let (method, host, path) = (request.method(), url.host_str().unwrap_or_default(), url.path());
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    match path.char_indices().find(|(at, _)| *at >= MAX_PATH) {
        Some((cut, _)) => format!("{method} {host}{port}{}…", &path[..cut]),
        None => format!("{method} {host}{port}{path}"),
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

#[cfg(test)]
mod tests {
    use http::Method;

    use super::*;

    #[test]
    fn evidence_is_the_method_the_host_and_the_path_and_nothing_else() {
        for (url, expected) in [
            ("https://api.github.com/users?token=secret#secret", "POST api.github.com/users"),
            ("http://user:secret@API.example:8080", "POST api.example:8080/"),
            ("https://[::1]:443/a%20b", "POST [::1]/a%20b"),
        ] {
            let request = Request::new(Method::POST, url.parse().unwrap());
            assert_eq!(evidence(&request), expected, "{url}");
        }
        let long = format!("http://host/{}", "x".repeat(100_000));
        let request = Request::new(Method::GET, long.parse().unwrap());
        assert_eq!(evidence(&request).chars().count(), "GET host".len() + MAX_PATH + 1);
    }
}
