//! The forward proxy: asks for each host, then passes on the way the user's own variables say.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::io::{self, Write as _};
use std::sync::{Mutex, PoisonError};

use guard_relay::{HttpProxy, NoProxy, Proxy, Refusal, RelayError, Request, Route};
use resource_guards::{Via, Violation};

use crate::guard::HTTP;
use crate::host::bare;
use crate::loopback::{is_loopback, is_use};

/// The variables that clients read; which of them, and in which case, differs from client to client.
pub(crate) const VARIABLES: [&str; 6] =
    ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];

/// The variables with hosts that are not sent to a proxy.
pub(crate) const EXCEPTIONS: [&str; 2] = ["no_proxy", "NO_PROXY"];

/// The method that opens a tunnel.
const CONNECT: &str = "CONNECT";

/// How many different refusals are said on standard error.
const MOST_SAID: usize = 100;

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

    /// The way to a host. A request that is not tunnelled is for an `http` URL. What a tunnel carries cannot be seen
    /// before it is open; it is taken for TLS, except to port 80.
    fn route(&self, tunnel: bool, host: &str, port: u16) -> Route {
        if is_loopback(host) || self.exceptions.covers(host, port) {
            return Route::Direct;
        }
        let proxy = if tunnel && port != 80 { &self.https } else { &self.http };
        proxy.as_ref().map_or(Route::Direct, |proxy| Route::Via(proxy.clone()))
    }
}

/// The proxy, not bound yet.
pub(crate) fn build(onward: Onward) -> Proxy {
    Proxy::new(gate).carried(carried).route(move |request| {
        // A proxy's requests all name their port.
        onward.route(request.method() == CONNECT, &request.host(), request.port().unwrap_or_default())
    })
}

fn gate(request: &Request<'_>) -> Result<(), Refusal> {
    let host = request.host();
    let host = bare(&host);
    if !is_use(&host) {
        return Ok(());
    }
    HTTP.enforce_via(&Via::relay("proxy").at(&host), || request.evidence()).map_err(|violation| {
        if request.method() == CONNECT {
            say_once(request, &violation);
        }
        Refusal::text(violation)
    })
}

/// A kept connection may be used by a fixture's teardown, and it is the fixture's use then.
fn carried(host: &str, port: u16) {
    let target = bare(host);
    if is_use(&target) {
        // It is recorded or not, and never refused.
        let _ = HTTP.enforce_via(&Via::relay("proxy").at(&target).continued(), || format!("tunnel to {host}:{port}"));
    }
}

/// Clients do not show the body of a refused CONNECT, so it goes to the test's standard error, in the words in which a
/// wrapper refuses a program, and once for each host and user.
fn say_once(request: &Request<'_>, violation: &Violation) {
    static SAID: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    let message = violation.to_string();
    let headline = message.lines().next().unwrap_or_default();
    let why = headline.strip_prefix("RESOURCE GUARD: ").unwrap_or(headline);
    let said = format!("RESOURCE GUARD: blocked `{request}`: {why}\n");
    let mut before = SAID.lock().unwrap_or_else(PoisonError::into_inner);
    if before.len() < MOST_SAID && before.insert(said.clone()) {
        // A test that has closed its standard error still gets its refusal.
        let _ = io::stderr().write_all(said.as_bytes());
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

    /// The ways of requests in absolute form and of tunnels.
    fn ways(onward: &Onward, requests: [(&str, u16); 3]) -> [[String; 3]; 2] {
        [false, true].map(|tunnel| {
            requests.map(|(host, port)| match onward.route(tunnel, host, port) {
                Route::Direct => "direct".to_owned(),
                Route::Via(proxy) => proxy.to_string(),
            })
        })
    }

    #[test]
    fn requests_go_the_way_that_the_users_variables_say() {
        let ports = [80, 443, 8080].map(|port| ("example.org", port));
        for (variables, absolute, tunnels) in [
            (
                &[("HTTP_PROXY", "http://h:1"), ("https_proxy", "http://s:2")][..],
                ["http://h:1"; 3],
                ["http://h:1", "http://s:2", "http://s:2"],
            ),
            (&[("http_proxy", "h:1")], ["http://h:1"; 3], ["http://h:1", "direct", "direct"]),
            (&[("HTTPS_PROXY", "s:2")], ["direct"; 3], ["direct", "http://s:2", "http://s:2"]),
            (&[("ALL_PROXY", "http://a:3"), ("HTTP_PROXY", "")], ["http://a:3"; 3], ["http://a:3"; 3]),
            (
                &[("all_proxy", "a:3"), ("HTTP_PROXY", "h:1"), ("http_proxy", "lower:1")],
                ["http://lower:1"; 3],
                ["http://lower:1", "http://a:3", "http://a:3"],
            ),
            (&[], ["direct"; 3], ["direct"; 3]),
        ] {
            assert_eq!(ways(&read(variables).unwrap(), ports), [absolute, tunnels], "{variables:?}");
        }
    }

    #[test]
    fn this_machine_and_the_users_exceptions_are_asked_directly() {
        let variables = [("ALL_PROXY", "http://a:3"), ("NO_PROXY", ".corp,build.example:8080")];
        let onward = read(&variables).unwrap();
        let direct = [("git.corp", 443), ("127.0.0.1", 80), ("build.example", 8080)];
        assert_eq!(ways(&onward, direct), [["direct"; 3]; 2]);
        let proxied = [("corp.example", 443), ("128.0.0.1", 80), ("build.example", 80)];
        assert_eq!(ways(&onward, proxied), [["http://a:3"; 3]; 2]);
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
