//! The patterns that describe a resource: programs, Unix sockets, network peers.

use std::net::Ipv6Addr;

/// The longest path of a socket: an address holds so many bytes.
const SOCKET: usize = 107;

/// The path of a Unix socket, or the name of an abstract one.
pub(super) fn socket(text: &str) -> Result<String, String> {
    if text.contains(char::is_control) {
        return Err("a path has no characters that do not print".to_owned());
    }
    if text.len() > SOCKET {
        return Err(format!("an address of a socket holds {SOCKET} bytes"));
    }
    if text.contains('*') {
        return Err("a socket has no pattern: give each its own path".to_owned());
    }
    match text.strip_prefix('@') {
        Some("") => Err("give the name of the abstract socket after `@`".to_owned()),
        None if !text.starts_with('/') => {
            Err("give an absolute path, such as `/run/tool.sock`, or `@name` of an abstract socket".to_owned())
        }
        _ => Ok(text.to_owned()),
    }
}

/// `host:port`, in lower case.
pub(super) fn peer(text: &str) -> Result<String, String> {
    let form = "give `host:port`, such as `*.example.org:443`, `10.0.0.7:*` or `[::1]:5432`";
    let Some((host, port)) = text.rsplit_once(':') else { return Err(form.to_owned()) };
    if port != "*" && !port.parse::<u16>().is_ok_and(|number| number > 0 && port.starts_with(|c| c != '+')) {
        return Err(format!("`{}` is no port: a number from 1 to 65535, or `*`", port.escape_debug()));
    }
    if let Some(address) = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        let address: Ipv6Addr =
            address.parse().map_err(|_| format!("`{}` is no IPv6 address", address.escape_debug()))?;
        return Ok(format!("[{address}]:{port}"));
    }
    if host.contains(':') {
        return Err("an IPv6 address stands in brackets: `[::1]:5432`".to_owned());
    }
    let of_host = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '*');
    if host.is_empty() || !host.chars().all(of_host) {
        return Err(form.to_owned());
    }
    Ok(format!("{}:{port}", host.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn peers_have_a_host_and_a_port() {
        for (good, kept) in [
            ("*.Example.org:443", "*.example.org:443"),
            ("10.0.0.7:*", "10.0.0.7:*"),
            ("[0:0::1]:5432", "[::1]:5432"),
            ("*:65535", "*:65535"),
        ] {
            assert_eq!(peer(good).as_deref(), Ok(kept));
        }
        for bad in
            ["", "example.org", ":80", "a:0", "a:65536", "a:+1", "a b:1", "::1:80", "[::g]:1", "http://a:80", "a:"]
        {
            assert!(peer(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn sockets_are_absolute_or_abstract() {
        assert!(socket("/run/a.sock").is_ok() && socket("@a").is_ok());
        for bad in ["", "run/a.sock", "@", "/a\n", "/run/*.sock", &format!("/{}", "a".repeat(SOCKET))] {
            assert!(socket(bad).is_err(), "{bad}");
        }
    }
}
