//! HTTP requests: method, host and path.

use std::borrow::Cow;
use std::net::IpAddr;

use http::header::HOST;
use http::uri::Authority;
use http::{HeaderMap, Request, Uri};

use crate::Call;
use crate::describe::sealed::Describe;

/// Describes an HTTP request by method, host and path; see [`GuardLayer::http`](crate::GuardLayer::http).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Http {
    pub(crate) allow_loopback: bool,
}

impl<B> Describe<Request<B>> for Http {
    fn describe<'a>(&self, request: &'a Request<B>) -> Option<Call<'a>> {
        let host = host(request.uri(), request.headers());
        let is_allowed = self.allow_loopback && host.as_deref().is_some_and(is_loopback);
        (!is_allowed).then(|| {
            let (method, path) = (request.method(), request.uri().path());
            let call = Call::new(format!("{method} {}{path}", host.as_deref().unwrap_or_default()));
            match host {
                Some(Cow::Borrowed(host)) => call.at(bare(host)),
                Some(Cow::Owned(host)) => call.at(bare(&host).to_owned()),
                None => call,
            }
        })
    }
}

/// The host in lower case, without port and credentials. Requests that are already bound to a connection have it in
/// a header only.
fn host<'a>(uri: &'a Uri, headers: &HeaderMap) -> Option<Cow<'a, str>> {
    let host = match uri.host() {
        Some(host) => Cow::Borrowed(host),
        None => {
            let authority: Authority = headers.get(HOST)?.to_str().ok()?.parse().ok()?;
            Cow::Owned(authority.host().to_owned())
        }
    };
    if host.bytes().any(|byte| byte.is_ascii_uppercase()) { Some(host.to_ascii_lowercase().into()) } else { Some(host) }
}

/// A host as declarations name it, which cannot have brackets: without those of IPv6, and without a final dot.
fn bare(host: &str) -> &str {
    let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    host.trim_end_matches('.')
}

fn is_loopback(host: &str) -> bool {
    let host = bare(host);
    host == "localhost"
        || host.ends_with(".localhost")
        || host.parse().is_ok_and(|ip: IpAddr| ip.to_canonical().is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn described(request: http::request::Builder) -> Option<(String, Option<String>)> {
        let request = request.body(()).unwrap();
        let call = Http::default().describe(&request)?;
        Some((call.what.into_owned(), call.target.map(Cow::into_owned)))
    }

    fn call(what: &str, target: &str) -> Option<(String, Option<String>)> {
        Some((what.to_owned(), Some(target.to_owned())))
    }

    #[test]
    fn evidence_is_method_host_and_path_and_the_target_is_the_host() {
        let request = Request::put("https://API.github.com:8443/repos/a/b");
        assert_eq!(described(request), call("PUT api.github.com/repos/a/b", "api.github.com"));
        assert_eq!(described(Request::get("http://[::1]:80")), call("GET [::1]/", "::1"));
        assert_eq!(described(Request::get("http://a.example./")), call("GET a.example./", "a.example"));
    }

    #[test]
    fn queries_credentials_and_header_values_stay_out() {
        let request = Request::get("http://user:secret@h/p?key=secret").header("authorization", "Bearer secret");
        assert_eq!(described(request), call("GET h/p", "h"));
        let request = Request::get("/p?key=secret").header(HOST, "user:secret@h:80");
        assert_eq!(described(request), call("GET h/p", "h"));
    }

    #[test]
    fn a_request_without_an_authority_is_at_its_host_header() {
        assert_eq!(
            described(Request::get("/p").header(HOST, "Example.com:80")),
            call("GET example.com/p", "example.com")
        );
        assert_eq!(described(Request::get("/p")), Some(("GET /p".into(), None)));
        assert_eq!(described(Request::get("/p").header(HOST, b"\xff".as_slice())), Some(("GET /p".into(), None)));
    }

    #[test]
    fn a_tunnel_is_at_the_host_that_it_leads_to() {
        assert_eq!(described(Request::connect("example.com:443")), call("CONNECT example.com", "example.com"));
    }

    #[test]
    fn loopback_is_counted_unless_it_is_allowed() {
        let http = Http { allow_loopback: true };
        for host in
            ["localhost", "LOCALHOST:1", "a.localhost", "127.0.0.1:1", "127.9.9.9", "[::1]:1", "[::ffff:127.0.0.1]"]
        {
            let request = Request::get(format!("http://{host}/")).body(()).unwrap();
            assert_eq!(http.describe(&request), None, "{host}");
            assert!(Http::default().describe(&request).is_some(), "{host}");
        }
        for host in ["localhost.example.com", "128.0.0.1", "127.0.0.1.example.com", "[::2]", "notlocalhost"] {
            let request = Request::get(format!("http://{host}/")).body(()).unwrap();
            assert!(http.describe(&request).is_some(), "{host}");
        }
    }
}
