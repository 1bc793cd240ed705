//! The forward proxy: asks for each host, then passes on the way the user's own variables say.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::sync::{Mutex, PoisonError};

use guard_relay::{HttpProxy, NoProxy, Proxy, Refusal, RelayError, Request, Route};
use resource_guards::Via;

use crate::guard::HTTP;
use crate::loopback::{is_loopback, is_use};

/// The variables that clients read; which of them, and in which case, differs from client to client.
pub(crate) const VARIABLES: [&str; 6] =
    ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];

/// The variables with hosts that are not sent to a proxy.
pub(crate) const EXCEPTIONS: [&str; 2] = ["no_proxy", "NO_PROXY"];

/// Schemes of proxies that other clients can use, and this one cannot pass on to.
const OTHER_KINDS: [&str; 5] = ["https", "socks4", "socks4a", "socks5", "socks5h"];

/// The way on, by the user's own variables.
pub(crate) struct Onward {
    http: Option<HttpProxy>,
    https: Option<HttpProxy>,
    exceptions: NoProxy,
}

/// Why the user's variables cannot be followed.
#[derive(Debug)]
pub(crate) enum Unsupported {
    /// A proxy of another kind.
    Kind { variable: &'static str, scheme: String },
    /// No proxy at all.
    Invalid { variable: &'static str, error: RelayError },
}

impl Onward {
    pub(crate) fn read(environment: &dyn Fn(&str) -> Option<OsString>) -> Result<Self, Unsupported> {
        let text = |name: &str| {
            environment(name).map(|value| value.to_string_lossy().into_owned()).filter(|value| !value.is_empty())
        };
        let first = |names: [&'static str; 4]| -> Result<Option<HttpProxy>, Unsupported> {
            let Some((variable, value)) = names.into_iter().find_map(|name| text(name).map(|value| (name, value)))
            else {
                return Ok(None);
            };
            if let Some((scheme, _)) = value.split_once("://")
                && OTHER_KINDS.contains(&scheme.to_ascii_lowercase().as_str())
            {
                return Err(Unsupported::Kind { variable, scheme: scheme.to_owned() });
            }
            value.parse().map(Some).map_err(|error| Unsupported::Invalid { variable, error })
        };
        Ok(Self {
            http: first(["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"])?,
            https: first(["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"])?,
            exceptions: NoProxy::read(&EXCEPTIONS.into_iter().find_map(text).unwrap_or_default()),
        })
    }

    /// The way to a host. Whether a tunnel to an odd port carries TLS cannot be seen; most do.
    fn route(&self, host: &str, port: u16) -> Route {
        if is_loopback(host) || self.exceptions.covers(host, port) {
            return Route::Direct;
        }
        let (first, second) = match port {
            80 => (&self.http, &None),
            443 => (&self.https, &None),
            _ => (&self.https, &self.http),
        };
        first.as_ref().or(second.as_ref()).map_or(Route::Direct, |proxy| Route::Via(proxy.clone()))
    }
}

/// The proxy, not bound yet.
pub(crate) fn build(onward: Onward) -> Proxy {
    Proxy::new(gate).route(move |host, port| onward.route(host, port))
}

fn gate(request: &Request<'_>) -> Result<(), Refusal> {
    let host = request.host();
    if !is_use(&host) {
        return Ok(());
    }
    HTTP.enforce_via(&Via::relay("proxy").at(&host), || request.evidence()).map_err(|violation| {
        if request.method() == "CONNECT" {
            say_once(&host, &violation.to_string());
        }
        Refusal::text(violation)
    })
}

/// Clients do not show the body of a refused CONNECT, so it goes to the test's standard error, once for each host.
fn say_once(host: &str, message: &str) {
    static SAID: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    if SAID.lock().unwrap_or_else(PoisonError::into_inner).insert(host.to_owned()) {
        eprintln!("{}", message.lines().next().unwrap_or_default());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<Onward, Unsupported> {
        Onward::read(&|name| {
            variables.iter().find(|(variable, _)| *variable == name).map(|(_, value)| OsString::from(value))
        })
    }

    fn via(onward: &Onward, host: &str, port: u16) -> String {
        match onward.route(host, port) {
            Route::Direct => "direct".to_owned(),
            Route::Via(proxy) => proxy.to_string(),
        }
    }

    #[test]
    fn requests_go_the_way_that_the_users_variables_say() {
        let onward =
            read(&[("HTTP_PROXY", "http://h:1"), ("https_proxy", "http://s:2"), ("NO_PROXY", ".corp")]).unwrap();
        assert_eq!(via(&onward, "example.org", 80), "http://h:1");
        assert_eq!(via(&onward, "example.org", 443), "http://s:2");
        assert_eq!(via(&onward, "git.corp", 443), "direct");
        assert_eq!(via(&onward, "127.0.0.1", 80), "direct");
        let none = read(&[]).unwrap();
        assert_eq!(via(&none, "example.org", 443), "direct");
        let all = read(&[("ALL_PROXY", "http://a:3")]).unwrap();
        assert_eq!(via(&all, "example.org", 8443), "http://a:3");
    }

    #[test]
    fn a_proxy_of_another_kind_and_no_proxy_at_all_are_told_apart() {
        assert!(matches!(read(&[("ALL_PROXY", "socks5://s:1")]), Err(Unsupported::Kind { variable: "ALL_PROXY", .. })));
        assert!(matches!(
            read(&[("HTTP_PROXY", "gopher://x")]),
            Err(Unsupported::Invalid { variable: "HTTP_PROXY", .. })
        ));
    }
}
