//! Patterns of network peers, `host:port`, as footprints have them.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs as _};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use wildmatch::WildMatch;

/// A pattern of peers. `*` stands for anything; a name without it means all addresses that the name has.
#[derive(Debug, Clone)]
pub struct Pattern {
    host: Host,
    port: Port,
}

#[derive(Debug, Clone)]
enum Host {
    /// Any but this machine.
    External,
    Glob(WildMatch),
    Name(String),
}

#[derive(Debug, Clone)]
enum Port {
    Exactly(u16),
    Glob(WildMatch),
}

impl Pattern {
    /// Reads `host:port`; without a colon, any port of the host.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        // An IPv6 address has colons of its own, and stands in brackets if a port follows.
        let bare = text.parse::<IpAddr>().is_ok();
        let (host, port) = text.rsplit_once(':').filter(|_| !bare).unwrap_or((text, "*"));
        let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        let host = match host {
            "*" | "" => Host::External,
            host if host.contains(['*', '?']) || host.parse::<IpAddr>().is_ok() => Host::Glob(WildMatch::new(host)),
            name => Host::Name(name.to_owned()),
        };
        let port = port.parse().map_or_else(|_| Port::Glob(WildMatch::new(port)), Port::Exactly);
        Self { host, port }
    }

    /// The host that an address is, by this pattern: the name in it, or the address. `None`: it is another one.
    #[must_use]
    pub fn host(&self, address: SocketAddr, names: &Names) -> Option<String> {
        let port = match &self.port {
            Port::Exactly(port) => *port == address.port(),
            Port::Glob(glob) => glob.matches(&address.port().to_string()),
        };
        if !port {
            return None;
        }
        let ip = address.ip();
        match &self.host {
            Host::External => (!ip.is_loopback() && !ip.is_unspecified()).then(|| ip.to_string()),
            Host::Glob(glob) => Some(ip.to_string()).filter(|text| glob.matches(text)),
            Host::Name(name) => names.has(name, ip).then(|| name.clone()),
        }
    }
}

/// What names resolve to, remembered for a while.
#[derive(Debug, Default)]
pub struct Names(Mutex<HashMap<String, (Instant, Vec<IpAddr>)>>);

impl Names {
    const REMEMBERED: Duration = Duration::from_secs(60);

    /// Whether the name has the address.
    #[must_use]
    pub fn has(&self, name: &str, address: IpAddr) -> bool {
        let known = |names: &HashMap<String, (Instant, Vec<IpAddr>)>| {
            let (since, addresses) = names.get(name)?;
            (since.elapsed() < Self::REMEMBERED).then(|| addresses.contains(&address))
        };
        if let Some(has) = known(&self.0.lock().unwrap_or_else(PoisonError::into_inner)) {
            return has;
        }
        // Not under the lock: it may take seconds.
        let resolved = (name, 0).to_socket_addrs();
        let addresses: Vec<IpAddr> = resolved.into_iter().flatten().map(|found| found.ip().to_canonical()).collect();
        let has = addresses.contains(&address);
        let entry = (Instant::now(), addresses);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), entry);
        has
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_hosts_and_ports_and_this_machine_only_by_its_name() {
        let names = Names::default();
        let matches =
            |pattern: &str, address: &str| Pattern::parse(pattern).host(address.parse().unwrap(), &names).is_some();
        for (pattern, address) in [
            ("*:443", "192.0.2.7:443"),
            ("*:443", "[2001:db8::7]:443"),
            ("192.0.2.*:*", "192.0.2.7:1"),
            ("192.0.2.7", "192.0.2.7:1"),
            ("[2001:db8::7]:80", "[2001:db8::7]:80"),
            ("2001:db8::7", "[2001:db8::7]:80"),
            ("127.0.0.1:5432", "127.0.0.1:5432"),
            ("localhost:5432", "127.0.0.1:5432"),
            ("*:54??", "192.0.2.7:5432"),
        ] {
            assert!(matches(pattern, address), "{pattern} {address}");
        }
        for (pattern, address) in [
            ("*:443", "192.0.2.7:80"),
            ("*:443", "127.0.0.1:443"),
            ("*:443", "0.0.0.0:443"),
            ("*:443", "[::1]:443"),
            ("192.0.3.*:*", "192.0.2.7:1"),
        ] {
            assert!(!matches(pattern, address), "{pattern} {address}");
        }
    }
}
