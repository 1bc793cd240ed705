//! The way to a host: direct, or through another proxy.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::RelayError;
use crate::http::Authority;

/// The way from the proxy to a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route {
    /// The proxy resolves the name and connects by itself.
    Direct,
    /// It asks another HTTP proxy, such as the one that the user had configured.
    Via(HttpProxy),
}

/// Another HTTP proxy, as the variables `HTTP_PROXY` and others name it.
///
/// ```
/// use guard_relay::HttpProxy;
///
/// let proxy: HttpProxy = "http://me:p%40ss@proxy.example:3128".parse().unwrap();
/// assert_eq!(proxy.to_string(), "http://proxy.example:3128", "credentials are not shown");
/// assert_eq!("proxy.example:3128".parse::<HttpProxy>().unwrap().to_string(), "http://proxy.example:3128");
///
/// let error = "socks5://me:secret@proxy.example".parse::<HttpProxy>().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "cannot use the proxy `socks5://…@proxy.example`: its scheme is not http; \
///      write http://host:port or http://user:password@host:port",
/// );
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct HttpProxy {
    authority: Authority,
    authorization: Option<Arc<str>>,
}

impl HttpProxy {
    pub(super) fn authority(&self) -> &Authority {
        &self.authority
    }

    /// The value of `Proxy-Authorization` that the credentials in the URL make.
    pub(super) fn authorization(&self) -> Option<&str> {
        self.authorization.as_deref()
    }
}

impl FromStr for HttpProxy {
    type Err = RelayError;

    /// Reads `http://host:port` with or without credentials; the scheme may be missing, and the port is 80 then, or
    /// 1080 without a scheme, the way curl reads it.
    fn from_str(text: &str) -> Result<Self, RelayError> {
        let wrong = |reason| RelayError::ProxyUrl { text: without_credentials(text), reason };
        let (scheme, rest) = text.trim().split_once("://").unwrap_or(("", text.trim()));
        let default = match scheme.to_ascii_lowercase().as_str() {
            "http" => 80,
            "" if !text.contains("://") => 1080,
            _ => return Err(wrong("its scheme is not http")),
        };
        let rest = &rest[..rest.find(['/', '?', '#']).unwrap_or(rest.len())];
        let (credentials, host) = match rest.rsplit_once('@') {
            Some((credentials, host)) => (Some(credentials), host),
            None => (None, rest),
        };
        let authority = Authority::read(host, Some(default)).map_err(|_| wrong("it has no valid host and port"))?;
        let authorization = credentials.map(|credentials| {
            let (user, password) = credentials.split_once(':').unwrap_or((credentials, ""));
            let plain = [&decode(user)[..], b":", &decode(password)].concat();
            format!("Basic {}", STANDARD.encode(plain)).into()
        });
        Ok(Self { authority, authorization })
    }
}

impl fmt::Display for HttpProxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "http://{}", self.authority)
    }
}

impl fmt::Debug for HttpProxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("HttpProxy").field(&self.to_string()).finish()
    }
}

fn without_credentials(text: &str) -> String {
    let (scheme, rest) = match text.split_once("://") {
        Some((scheme, rest)) => (format!("{scheme}://"), rest),
        None => (String::new(), text),
    };
    match rest.rsplit_once('@') {
        Some((_, host)) => format!("{scheme}…@{host}"),
        None => text.to_owned(),
    }
}

/// Undoes percent-encoding; a percent sign that begins none stands for itself.
fn decode(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let escaped = match (first, tail) {
            (b'%', [high, low, ..]) => hex(*high).zip(hex(*low)).map(|(high, low)| high << 4 | low),
            _ => None,
        };
        bytes.push(escaped.unwrap_or(*first));
        rest = if escaped.is_some() { &tail[2..] } else { tail };
    }
    bytes
}

fn hex(digit: u8) -> Option<u8> {
    (digit as char).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<(String, Option<String>), String> {
        let proxy: HttpProxy = text.parse().map_err(|error: RelayError| error.to_string())?;
        Ok((proxy.to_string(), proxy.authorization().map(str::to_owned)))
    }

    #[test]
    fn credentials_are_decoded_and_encoded_again() {
        let basic = |plain: &str| Some(format!("Basic {}", STANDARD.encode(plain)));
        for (text, url, authorization) in [
            ("http://proxy:3128", "http://proxy:3128", None),
            ("HTTP://Proxy/", "http://proxy:80", None),
            ("proxy", "http://proxy:1080", None),
            ("http://[::1]:8080", "http://[::1]:8080", None),
            ("http://u:p@proxy:1", "http://proxy:1", basic("u:p")),
            ("http://u@proxy:1", "http://proxy:1", basic("u:")),
            ("http://u%3A:p%40%2f%zz@proxy:1/x?y", "http://proxy:1", basic("u::p@/%zz")),
        ] {
            assert_eq!(read(text), Ok((url.to_owned(), authorization)), "{text}");
        }
    }

    #[test]
    fn what_is_no_proxy_is_refused_without_its_credentials() {
        for text in
            ["", "http://", "https://u:secret@proxy", "socks5://proxy", "http://u:secret@:x", "http://a b", "://x"]
        {
            let error = read(text).expect_err(text);
            assert!(error.starts_with("cannot use the proxy `"), "{error}");
            assert!(!error.contains("secret"), "{error}");
        }
    }
}
