//! Which hosts are this machine.

use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::host::bare;

/// Whether requests to this machine count too.
static COUNTED: AtomicBool = AtomicBool::new(false);

pub(crate) fn count() {
    COUNTED.store(true, Ordering::Relaxed);
}

/// Whether a request to the host is a use of the resource.
pub(crate) fn is_use(host: &str) -> bool {
    COUNTED.load(Ordering::Relaxed) || !is_loopback(host)
}

/// Whether a host is this machine. The unspecified address is: connecting to it leads to loopback, and servers that
/// listen on it print it.
pub(crate) fn is_loopback(host: &str) -> bool {
    let host = bare(host);
    match host.parse::<IpAddr>().map(|address| address.to_canonical()) {
        Ok(address) => address.is_loopback() || address.is_unspecified(),
        Err(_) => host == "localhost" || host.ends_with(".localhost"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_is_a_name_a_network_and_an_address() {
        let names = ["localhost", "LocalHost.", "a.localhost"];
        let addresses = ["127.0.0.1", "127.9.9.9", "::1", "[::1]", "::ffff:127.0.0.1", "0.0.0.0", "[::]"];
        for host in names.into_iter().chain(addresses) {
            assert!(is_loopback(host), "{host}");
        }
        for host in ["localhost.example", "128.0.0.1", "0.0.0.1", "::2", "::ffff:1.2.3.4", "example.org", "."] {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
