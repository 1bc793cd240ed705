//! The other end of a connection, as a caller names it.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};

use crate::linux::files;

/// The other end of a connection.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Peer {
    /// A machine and a port. An address of IPv4 in one of IPv6 is one of IPv4.
    Internet(SocketAddr),
    /// A Unix socket, by the path that the caller gave.
    Unix(PathBuf),
    /// A Unix socket without a file.
    Abstract(Vec<u8>),
}

impl Peer {
    /// Reads a `sockaddr`. `None`: no address, or one of a family that is not external.
    pub(crate) fn parse(address: &[u8]) -> Option<Self> {
        let family = i32::from(u16::from_le_bytes([*address.first()?, *address.get(1)?]));
        let bytes = |from: usize, to: usize| address.get(from..to);
        let port = || Some(u16::from_be_bytes(bytes(2, 4)?.try_into().ok()?));
        match family {
            libc::AF_INET => {
                let host = Ipv4Addr::from(<[u8; 4]>::try_from(bytes(4, 8)?).ok()?);
                Some(Self::Internet(SocketAddr::new(host.into(), port()?)))
            }
            libc::AF_INET6 => {
                let host = Ipv6Addr::from(<[u8; 16]>::try_from(bytes(8, 24)?).ok()?);
                Some(Self::Internet(SocketAddr::new(IpAddr::V6(host).to_canonical(), port()?)))
            }
            libc::AF_UNIX => match address.get(2..)? {
                [] => None,
                [0, name @ ..] => Some(Self::Abstract(name.to_vec())),
                path => {
                    let end = path.iter().position(|byte| *byte == 0).unwrap_or(path.len());
                    Some(Self::Unix(files::path(&path[..end]).to_owned()))
                }
            },
            _ => None,
        }
    }

    /// Whether it is this machine. The unspecified address is: connecting to it leads to loopback.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        match self {
            Self::Internet(address) => address.ip().is_loopback() || address.ip().is_unspecified(),
            Self::Unix(_) | Self::Abstract(_) => true,
        }
    }

    /// The path of a Unix socket.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::Unix(path) => Some(path),
            _ => None,
        }
    }
}

impl fmt::Display for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Internet(address) => address.fmt(f),
            Self::Unix(path) => path.display().fmt(f),
            Self::Abstract(name) => write!(f, "@{}", String::from_utf8_lossy(name).escape_debug()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inet6(host: &str, port: u16) -> Vec<u8> {
        let mut bytes = vec![10, 0];
        bytes.extend(port.to_be_bytes());
        bytes.extend([0; 4]);
        bytes.extend(host.parse::<Ipv6Addr>().unwrap().octets());
        bytes.extend([0; 4]);
        bytes
    }

    #[test]
    fn addresses_of_every_family_are_read() {
        let shown = |bytes: &[u8]| Peer::parse(bytes).map(|peer| peer.to_string());
        assert_eq!(shown(&[2, 0, 1, 187, 192, 0, 2, 7, 0, 0, 0, 0, 0, 0, 0, 0]).as_deref(), Some("192.0.2.7:443"));
        assert_eq!(shown(&inet6("::ffff:192.0.2.7", 443)).as_deref(), Some("192.0.2.7:443"), "mapped");
        assert_eq!(shown(&inet6("2001:db8::7", 80)).as_deref(), Some("[2001:db8::7]:80"));
        assert_eq!(shown(b"\x01\0/run/a.sock\0junk").as_deref(), Some("/run/a.sock"));
        assert_eq!(shown(b"\x01\0\0name").as_deref(), Some("@name"));
        for none in [&b"\0\0\0\0"[..], b"\x01\0", b"\x02\0\x01", b"", b"\x10\0aaaaaaaaaa"] {
            assert_eq!(shown(none), None, "{none:?}");
        }
    }

    #[test]
    fn loopback_is_this_machine_also_mapped_and_unspecified() {
        let is = |bytes: &[u8]| Peer::parse(bytes).unwrap().is_loopback();
        assert!(is(&inet6("::ffff:127.9.9.9", 1)) && is(&inet6("::1", 1)) && is(&inet6("::", 1)));
        assert!(!is(&inet6("::ffff:128.0.0.1", 1)));
    }
}
