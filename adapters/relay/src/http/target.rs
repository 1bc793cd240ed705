//! What a request line asks for: a path, perhaps of a host.

use std::fmt;
use std::net::Ipv6Addr;

/// What a request line asks for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Target<'b> {
    /// The host, where the target names one: in CONNECT and in absolute form.
    pub(crate) authority: Option<Authority>,
    /// Without the query.
    pub(crate) path: &'b str,
    /// With the query: what a server behind a proxy is asked for.
    pub(crate) path_and_query: &'b str,
}

impl<'b> Target<'b> {
    /// Reads the target of a request line (RFC 9112, section 3.2). The error is a text for the client.
    pub(crate) fn read(method: &str, target: &'b str) -> Result<Self, String> {
        if method == "CONNECT" {
            let authority = Authority::read(target, None)?;
            return Ok(Self { authority: Some(authority), path: "", path_and_query: "" });
        }
        let (authority, rest) = match target.split_once("://") {
            Some((scheme, rest)) if !target.starts_with('/') => {
                if !scheme.eq_ignore_ascii_case("http") {
                    return Err(format!("a request for the scheme {} cannot be passed on", text(scheme)));
                }
                let end = find(rest, &['/', '?', '#']);
                // Credentials are none of the gate's business, and a server is not asked with them in the target.
                let host = rest[..end].rsplit('@').next().unwrap_or_default();
                (Some(Authority::read(host, Some(80))?), &rest[end..])
            }
            _ => (None, target),
        };
        let path_and_query = &rest[..find(rest, &['#'])];
        Ok(Self { authority, path: &rest[..find(rest, &['?', '#'])], path_and_query })
    }

    /// A target that only the real service has to understand.
    pub(crate) fn opaque(target: &'b str) -> Self {
        let shown = target.rsplit('@').next().unwrap_or_default();
        Self { authority: None, path: &shown[..find(shown, &['?', '#'])], path_and_query: target }
    }
}

/// A host and a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Authority {
    /// In lower case, without a final dot, without brackets.
    pub(crate) host: String,
    pub(crate) port: u16,
}

impl Authority {
    /// Reads `host`, `host:port` or `[v6]:port`. Without a default, the port is required.
    pub(crate) fn read(given: &str, default: Option<u16>) -> Result<Self, String> {
        let wrong = |why: &str| format!("{} is no host and port: {why}", text(given));
        let (host, port) = match given.strip_prefix('[').map(|rest| rest.split_once(']')) {
            Some(Some((host, rest))) => {
                host.parse::<Ipv6Addr>().map_err(|_| wrong("no IPv6 address stands in the brackets"))?;
                (host, rest.strip_prefix(':').or(rest.is_empty().then_some("")).ok_or_else(|| wrong("no colon"))?)
            }
            Some(None) => return Err(wrong("the bracket is not closed")),
            None => given.rsplit_once(':').unwrap_or((given, "")),
        };
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
        if !given.starts_with('[') && !host.bytes().all(is_name) {
            return Err(wrong("the host has other characters than letters, digits, dots, hyphens and underscores"));
        }
        let host = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
        if host.is_empty() {
            return Err(wrong("the host is missing"));
        }
        let port = match (port, default) {
            ("", Some(default)) => default,
            ("", None) => return Err(wrong("the port is missing")),
            (port, _) => match port.parse() {
                Ok(number) if number != 0 && port.bytes().all(|byte| byte.is_ascii_digit()) => number,
                _ => return Err(wrong("the port is not a number from 1 to 65535")),
            },
        };
        Ok(Self { host, port })
    }

    pub(super) fn write(&self, f: &mut fmt::Formatter<'_>, with_port: bool) -> fmt::Result {
        match self.host.contains(':') {
            true => write!(f, "[{}]", self.host)?,
            false => f.write_str(&self.host)?,
        }
        if with_port { write!(f, ":{}", self.port) } else { Ok(()) }
    }
}

impl fmt::Display for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, true)
    }
}

/// Where one of these characters stands first, or the end of the text.
fn find(text: &str, chars: &[char]) -> usize {
    text.find(chars).unwrap_or(text.len())
}

/// A client's text, made short enough to be quoted. What stands before an `@` may be a secret.
fn text(given: &str) -> String {
    let shown = given.rsplit('@').next().unwrap_or(given);
    format!("`{}`", shown.chars().take(100).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn authority(text: &str, default: Option<u16>) -> Result<(String, u16), String> {
        Authority::read(text, default).map(|authority| (authority.host, authority.port))
    }

    #[test]
    fn an_authority_is_a_host_and_a_port() {
        for (text, host, port) in [
            ("Example.COM:443", "example.com", 443),
            ("example.com.:1", "example.com", 1),
            ("127.0.0.1:65535", "127.0.0.1", 65535),
            ("[::1]:8080", "::1", 8080),
            ("my_host:80", "my_host", 80),
        ] {
            assert_eq!(authority(text, None), Ok((host.to_owned(), port)), "{text}");
        }
        assert_eq!(authority("[::1]", Some(80)), Ok(("::1".to_owned(), 80)));
        assert_eq!(authority("host", Some(80)), Ok(("host".to_owned(), 80)));
    }

    #[test]
    fn a_bad_authority_is_told_apart() {
        for (text, why) in [
            ("", "the host is missing"),
            (":443", "the host is missing"),
            (".:443", "the host is missing"),
            ("example.com", "the port is missing"),
            ("example.com:", "the port is missing"),
            ("example.com:http", "not a number"),
            ("example.com:+1", "not a number"),
            ("example.com:0", "not a number"),
            ("example.com:65536", "not a number"),
            ("user:secret@example.com:443", "other characters"),
            ("::1:443", "other characters"),
            ("exa mple.com:443", "other characters"),
            ("[::1:443", "not closed"),
            ("[nonsense]:443", "no IPv6 address"),
            ("[::1]443", "no colon"),
        ] {
            let error = authority(text, None).expect_err(text);
            assert!(error.contains(why), "{text}: {error}");
            assert!(!error.contains("secret"), "{error}");
        }
    }

    #[test]
    fn a_target_shows_neither_query_nor_credentials() {
        let target = Target::read("GET", "http://user:pw@Host:81/a/b?token=x#f").expect("a good target");
        assert_eq!(target.authority.map(|authority| authority.to_string()), Some("host:81".to_owned()));
        assert_eq!((target.path, target.path_and_query), ("/a/b", "/a/b?token=x"));
        let target = Target::read("GET", "/redirect?to=http://elsewhere/").expect("a good target");
        assert_eq!((target.authority, target.path), (None, "/redirect"));
        let target = Target::read("GET", "http://host?q").expect("a good target");
        assert_eq!((target.path, target.path_and_query), ("", "?q"));
        assert_eq!(Target::opaque("ftp://user:pw@host/a?b").path, "host/a");
    }
}
