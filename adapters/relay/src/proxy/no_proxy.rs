//! The hosts to which no proxy leads.

use std::net::{IpAddr, Ipv6Addr};

/// A list of exceptions, as the variable `NO_PROXY` holds it, and read the way curl and Python read it.
///
/// Entries stand between commas or white space:
///
/// | entry | matches |
/// | --- | --- |
/// | `*` | everything |
/// | `example.com`, `.example.com`, `*.example.com` | the domain and all below it |
/// | `192.0.2.7`, `::1`, `[::1]` | this address |
/// | `10.0.0.0/8`, `fe80::/10` | the addresses of this network |
/// | `example.com:8080`, `[::1]:8080` | the same, on this port only |
///
/// ```
/// use guard_relay::NoProxy;
///
/// let exceptions = NoProxy::read("localhost, .corp.example, 10.0.0.0/8, build.example:8080");
/// assert!(exceptions.covers("git.corp.example", 443));
/// assert!(exceptions.covers("10.1.2.3", 80));
/// assert!(!exceptions.covers("build.example", 80));
/// assert!(!exceptions.covers("notcorp.example", 443));
/// ```
///
/// Names are not resolved. An entry that cannot be understood matches nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NoProxy {
    entries: Vec<(Hosts, Option<u16>)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Hosts {
    All,
    Domain(String),
    /// The addresses that begin with so many bits of this one, as IPv6.
    Network(u128, u32),
}

impl NoProxy {
    /// Reads a list.
    #[must_use]
    pub fn read(list: &str) -> Self {
        let entries = list.split(|char: char| char == ',' || char.is_whitespace());
        Self { entries: entries.filter(|entry| !entry.is_empty()).filter_map(entry).collect() }
    }

    /// Whether this host, a name or an address with or without brackets, is an exception on this port.
    #[must_use]
    pub fn covers(&self, host: &str, port: u16) -> bool {
        let host = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
        let host = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
        let address = host.parse().ok().map(bits);
        self.entries.iter().filter(|(_, only)| only.is_none_or(|only| only == port)).any(|(hosts, _)| {
            match (hosts, address) {
                (Hosts::All, _) => true,
                (Hosts::Domain(domain), None) => {
                    host.strip_suffix(domain.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
                }
                (Hosts::Network(network, length), Some(address)) => {
                    let differing = (network ^ address).leading_zeros();
                    differing >= *length
                }
                _ => false,
            }
        })
    }
}

fn entry(text: &str) -> Option<(Hosts, Option<u16>)> {
    if text == "*" {
        return Some((Hosts::All, None));
    }
    if let Some(hosts) = network(text) {
        return Some((hosts, None));
    }
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) => (host, Some(port.parse().ok()?)),
        None => (text, None),
    };
    let hosts = match (host, network(host)) {
        ("*", _) => Hosts::All,
        (_, Some(network)) => network,
        (host, None) => {
            let domain = host.strip_prefix('*').unwrap_or(host).trim_matches('.').to_ascii_lowercase();
            if domain.is_empty() || domain.contains(['/', '[', ']', ':', '*']) {
                return None;
            }
            Hosts::Domain(domain)
        }
    };
    Some((hosts, port))
}

/// An address or a network.
fn network(text: &str) -> Option<Hosts> {
    let (address, length) = text.split_once('/').map_or((text, None), |(address, length)| (address, Some(length)));
    let address = address.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(address);
    let address: IpAddr = address.parse().ok()?;
    let whole = if address.is_ipv4() { 32 } else { 128 };
    let length: u32 = length.map_or(Some(whole), |length| length.parse().ok())?;
    (length <= whole).then(|| Hosts::Network(bits(address), 128 - whole + length))
}

/// An address as IPv6, in which IPv4 has its own place.
fn bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => address.to_ipv6_mapped(),
        IpAddr::V6(address) => Ipv6Addr::from(address.octets()),
    }
    .to_bits()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_entry_covers_what_it_should_and_nothing_else() {
        for (list, covered, others) in [
            ("", &[][..], &["a", "127.0.0.1"][..]),
            ("*", &["a", "127.0.0.1", "::1"], &[]),
            ("a.*", &[], &["a.b"]),
            (
                "Example.com",
                &["example.com", "EXAMPLE.COM.", "a.example.com", "a.b.example.com"],
                &["notexample.com", "com"],
            ),
            (".example.com", &["example.com", "a.example.com"], &["xexample.com", "example.com.evil"]),
            ("*.example.com", &["example.com", "a.example.com"], &["xexample.com"]),
            ("example.com.", &["example.com"], &[]),
            (
                "localhost,127.0.0.1,::1",
                &["localhost", "127.0.0.1", "::1", "[::1]", "::ffff:127.0.0.1"],
                &["127.0.0.2"],
            ),
            ("127.0.0.0/8", &["127.0.0.1", "127.255.0.1", "::ffff:127.1.1.1"], &["128.0.0.1", "::1", "127.name"]),
            ("10.0.0.0/0", &["1.2.3.4", "255.0.0.1"], &["::1", "a"]),
            ("fe80::/10", &["fe80::1", "febf::"], &["fec0::1", "10.0.0.1"]),
            ("::/0", &["::1", "10.0.0.1"], &["a"]),
            ("[::1]", &["::1"], &["::2"]),
            ("10.0.0.0/33,10.0.0.0/x,[::1,a/8,:80,.", &[], &["10.0.0.1", "::1", "a", ""]),
            ("0.0.1", &["0.0.1"], &["127.0.0.1"]),
            (" a ,\tb c,,", &["a", "b", "c"], &["d"]),
        ] {
            let exceptions = NoProxy::read(list);
            for host in covered {
                assert!(exceptions.covers(host, 443), "{list:?} covers {host}");
            }
            for host in others {
                assert!(!exceptions.covers(host, 443), "{list:?} does not cover {host}");
            }
        }
    }

    #[test]
    fn an_entry_with_a_port_covers_that_port_only() {
        let exceptions = NoProxy::read("a:8080 [::1]:81 10.0.0.1:82 b:http *:83");
        for (host, port) in [("a", 8080), ("x.a", 8080), ("::1", 81), ("10.0.0.1", 82), ("any", 83)] {
            assert!(exceptions.covers(host, port) && !exceptions.covers(host, 443), "{host}:{port}");
        }
        assert!(!exceptions.covers("b", 80));
    }
}
