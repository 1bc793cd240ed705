//! Which hosts are this machine.

use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether requests to this machine count too.
static COUNTED: AtomicBool = AtomicBool::new(false);

pub(crate) fn count() {
    COUNTED.store(true, Ordering::Relaxed);
}

/// Whether a request to the host is a use of the resource.
pub(crate) fn is_use(host: &str) -> bool {
    COUNTED.load(Ordering::Relaxed) || !is_loopback(host)
}

pub(crate) fn is_loopback(host: &str) -> bool {
    let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    let host = host.strip_suffix('.').unwrap_or(host);
    match host.parse::<IpAddr>() {
        Ok(address) => address.to_canonical().is_loopback(),
        Err(_) => {
            let name = host.to_ascii_lowercase();
            name == "localhost" || name.ends_with(".localhost")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_is_a_name_a_network_and_an_address() {
        for host in
            ["localhost", "LocalHost.", "a.localhost", "127.0.0.1", "127.9.9.9", "::1", "[::1]", "::ffff:127.0.0.1"]
        {
            assert!(is_loopback(host), "{host}");
        }
        for host in ["localhost.example", "128.0.0.1", "::2", "example.org", ""] {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
