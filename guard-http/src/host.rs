//! The targets of the resource: hosts, and the patterns that may match one.

use std::borrow::Cow;
use std::net::Ipv6Addr;

/// A host as it is recorded: in lower case, without the brackets of IPv6 and without a final dot.
pub(crate) fn bare(host: &str) -> Cow<'_, str> {
    let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    let host = host.trim_end_matches('.');
    match host.bytes().any(|byte| byte.is_ascii_uppercase()) {
        true => Cow::Owned(host.to_ascii_lowercase()),
        false => Cow::Borrowed(host),
    }
}

/// Takes away what stands around a host, if it does.
type Strip = fn(&str) -> Option<&str>;

/// What users write around a host, from the outside.
const AROUND: [(&str, Strip); 6] = [
    ("a scheme", |text| text.split_once("://").filter(|(scheme, _)| !scheme.contains('/')).map(|(_, rest)| rest)),
    ("a path", |text| text.find(['/', '#']).map(|end| &text[..end])),
    ("credentials", |text| text.rsplit_once('@').map(|(_, rest)| rest)),
    ("a port", |text| text.rsplit_once(':').map(|(rest, _)| rest).filter(|r| !r.contains(':') || r.ends_with(']'))),
    ("brackets", |text| text.strip_prefix('[')?.strip_suffix(']')),
    ("a final dot", |text| text.ends_with('.').then(|| text.trim_end_matches('.'))),
];

/// Why a pattern matches no host that is recorded, and what to write in its place.
pub(crate) fn mistake(pattern: &str) -> Option<String> {
    if may_match(pattern) {
        return None;
    }
    let (mut faults, mut host) = (Vec::new(), pattern);
    for (what, strip) in AROUND {
        if let Some(rest) = strip(host) {
            faults.push(what);
            host = rest;
        }
    }
    let lower = host.to_ascii_lowercase();
    if lower != host {
        faults.push("upper-case letters");
    }
    let mend = if !lower.is_ascii() {
        faults.push("letters that are not ASCII");
        "the ASCII form of the name, `xn--…`".to_owned()
    } else if lower.is_empty() {
        "a host, such as http(\"api.github.com\")".to_owned()
    } else if may_match(&lower) {
        format!("http({lower:?})")
    } else {
        faults.push("characters that no host has");
        "a host, such as http(\"api.github.com\")".to_owned()
    };
    let faults = match faults.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => return None,
    };
    Some(format!("a target is a host, and this has {faults}; write {mend}"))
}

/// Whether a host that is recorded may match. Names have some characters that no resolver would take: whatever the
/// middleware finds in a URL is recorded before anybody resolves it. Every process asks this of every declaration, so it is one
/// plain loop, which is fast without optimisation too.
fn may_match(pattern: &str) -> bool {
    let mut has_colons = false;
    for byte in pattern.as_bytes() {
        match byte {
            // Among them those in upper case.
            b'#' | b'/' | b'<' | b'>' | b'@'..=b'^' | b'|' => return false,
            b':' => has_colons = true,
            b'!'..=b'~' => {}
            _ => return false,
        }
    }
    pattern.as_bytes().last() != Some(&b'.') && (!has_colons || may_match_address(pattern))
}

/// The same for a pattern with colons, which only addresses of IPv6 have.
fn may_match_address(pattern: &str) -> bool {
    if !pattern.contains(['*', '?']) {
        return pattern.parse::<Ipv6Addr>().is_ok();
    }
    let is_of_address = |byte: u8| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.' | b'*' | b'?');
    // An address may end like one of IPv4: `::ffff:192.0.2.7`.
    pattern.bytes().all(is_of_address) && pattern.find('.').is_none_or(|dot| !pattern[dot..].contains(':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_that_may_match_is_no_mistake() {
        for pattern in [
            "api.github.com",
            "*",
            "*.crates.io",
            "crates.*",
            "a?i.github.com",
            "localhost",
            "my_host",
            "xn--bcher-kva.example",
            "127.0.0.1",
            "127.1",
            "10.*",
            "::1",
            "2001:db8::*",
            "::ffff:192.0.2.?",
            "?::1?",
            "*:1",
        ] {
            assert_eq!(mistake(pattern), None, "{pattern}");
        }
    }

    #[test]
    fn a_mistake_is_told_with_what_to_write() {
        let github = "http(\"api.github.com\")";
        let such_as = "a host, such as http(\"api.github.com\")";
        let ascii = "the ASCII form of the name, `xn--…`";
        for (pattern, faults, mend) in [
            ("https://api.github.com", "a scheme", github),
            ("https://api.github.com/", "a scheme and a path", github),
            ("api.github.com:443", "a port", github),
            ("api.github.com:*", "a port", github),
            ("API.github.com", "upper-case letters", github),
            ("api.github.com.", "a final dot", github),
            ("api.github.com/path?to=https://x", "a path", github),
            ("me@api.github.com", "credentials", github),
            (
                "http://me:x@API.github.com.:1/#a",
                "a scheme, a path, credentials, a port, a final dot and upper-case letters",
                github,
            ),
            ("*.crates.io:443", "a port", "http(\"*.crates.io\")"),
            ("*.de:443", "a port", "http(\"*.de\")"),
            ("*://*/*", "a scheme and a path", "http(\"*\")"),
            ("10.0.0.7:*", "a port", "http(\"10.0.0.7\")"),
            ("cafe:80", "a port", "http(\"cafe\")"),
            ("[::1]", "brackets", "http(\"::1\")"),
            ("http://[2001:DB8::1]:80", "a scheme, a port, brackets and upper-case letters", "http(\"2001:db8::1\")"),
            ("fe80::1%eth0", "characters that no host has", such_as),
            ("bücher.example", "letters that are not ASCII", ascii),
            ("https://Bücher.example", "a scheme, upper-case letters and letters that are not ASCII", ascii),
            ("a|b", "characters that no host has", such_as),
            ("a b", "characters that no host has", such_as),
            ("https://", "a scheme", such_as),
            ("/path", "a path", such_as),
            (".", "a final dot", such_as),
        ] {
            let expected = format!("a target is a host, and this has {faults}; write {mend}");
            assert_eq!(mistake(pattern), Some(expected), "{pattern}");
        }
    }

    /// Mends of violations, and `cargo guards fix`, write what was recorded.
    #[test]
    fn no_host_that_the_proxy_records_is_a_mistake() {
        for host in ["Example.ORG", "example.org..", "my_host", "-", "127.1", "::1", "::FFFF:192.0.2.7", "0:0::0001"] {
            assert_eq!(mistake(&bare(host)), None, "{host}");
        }
    }

    #[cfg(feature = "middleware")]
    #[test]
    fn no_host_that_the_middleware_records_is_a_mistake() {
        let characters = (0..=0x7f).map(char::from).chain(['ü', 'Ü', '。', '١', '\u{ad}']);
        let names = characters.flat_map(|c| [format!("a{c}b"), format!("a{c}"), c.to_string()]);
        let addresses = ["[::1]", "[2001:DB8::1]", "[::ffff:1.2.3.4]", "0x7f.1"].map(str::to_owned);
        for host in names.chain(addresses) {
            // The middleware is asked before reqwest refuses another scheme, where hosts are written in another way.
            for scheme in ["http", "other"] {
                let Ok(url) = format!("{scheme}://{host}/").parse::<reqwest::Url>() else { continue };
                let recorded = bare(url.host_str().unwrap_or_default()).into_owned();
                assert_eq!(mistake(&recorded), None, "{url}");
            }
        }
    }
}
