//! What strace says: a folder for each test process, and in it a file for each thread.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::net::{IpAddr, SocketAddr};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use super::compare::Thing;
use crate::{Error, Result};

/// What one test did.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub(super) things: BTreeSet<Thing>,
    /// Programs that the kernel refused to run, with its reason.
    pub(super) failed: BTreeMap<Thing, String>,
}

const RUNNER: &str = r#"#!/bin/sh
# Traces a test process, which must not hang. A listing is no test.
for word; do
    [ "$word" = --list ] && exec "$@"
done
dir=$TRUTH_TRACES/$$
mkdir "$dir" || exit 1
exec timeout -k 1 60 strace -ff -qqq -s 4096 -e signal=none -e trace=execve,execveat,connect,sendto,sendmsg,sendmmsg -o "$dir/trace" "$@"
"#;

/// The program that goes before test binaries.
pub(super) fn runner(base: &Path) -> Result<PathBuf> {
    let path = base.join("runner.sh");
    fs::write(&path, RUNNER).map_err(Error::file("write", &path))?;
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).map_err(Error::file("write", &path))?;
    Ok(path)
}

/// All traces, by test.
pub(super) fn read_all(traces: &Path) -> Result<BTreeMap<String, Seen>> {
    let mut all = BTreeMap::new();
    for dir in fs::read_dir(traces).map_err(Error::file("read", traces))?.flatten() {
        let mut test = None;
        let mut seen = Seen::default();
        for file in fs::read_dir(dir.path()).map_err(Error::file("read", dir.path()))?.flatten() {
            let text = fs::read(file.path()).map_err(Error::file("read", file.path()))?;
            for line in String::from_utf8_lossy(&text).lines() {
                let Some(call) = Call::parse(line) else { continue };
                match call.own_test() {
                    // The first of all begins the test.
                    Some(name) if test.is_none() && call.succeeded() => test = Some(name),
                    _ => call.add_to(&mut seen),
                }
            }
        }
        let test = test.ok_or_else(|| Error::Unexpected(format!("`{}` names no test", dir.path().display())))?;
        all.insert(test, seen);
    }
    Ok(all)
}

/// A line of a trace: `name(arguments) = result`.
struct Call<'a> {
    name: &'a str,
    arguments: &'a str,
    result: &'a str,
}

impl<'a> Call<'a> {
    fn parse(line: &'a str) -> Option<Self> {
        let (name, rest) = line.split_once('(')?;
        let (arguments, result) = rest.rsplit_once(" = ").unwrap_or((rest, ""));
        Some(Self { name, arguments, result: result.trim() })
    }

    fn succeeded(&self) -> bool {
        self.result == "0"
    }

    /// `BINARY NAME`, if it begins a test as nextest does.
    fn own_test(&self) -> Option<String> {
        let strings = strings(self.arguments);
        let exact = strings.iter().position(|word| word == "--exact")?;
        (self.name == "execve" && exact == 2).then(|| format!("{} {}", strings[0], strings[3]))
    }

    fn add_to(&self, seen: &mut Seen) {
        match self.name {
            "execve" | "execveat" => {
                let thing = Thing::Program(strings(self.arguments).into_iter().next().unwrap_or_default());
                match self.result.split_whitespace().nth(1) {
                    None => drop(seen.things.insert(thing)),
                    // A search of PATH tries what is not there.
                    Some("ENOENT" | "ENOTDIR") => {}
                    Some(error) => drop(seen.failed.insert(thing, error.to_owned())),
                }
            }
            "connect" | "sendto" | "sendmsg" | "sendmmsg" => seen.things.extend(peer(self.arguments).map(Thing::Peer)),
            _ => {}
        }
    }
}

/// The address in the arguments of a call, as an audit writes it.
fn peer(arguments: &str) -> Option<String> {
    let field = |name: &str, end: char| Some(arguments.split_once(name)?.1.split_once(end)?.0.to_owned());
    match field("sa_family=", ',')?.as_str() {
        "AF_INET" => {
            let ip: IpAddr = field("inet_addr(\"", '"')?.parse().ok()?;
            Some(SocketAddr::new(ip, field("sin_port=htons(", ')')?.parse().ok()?).to_string())
        }
        "AF_INET6" => {
            let ip: IpAddr = field("inet_pton(AF_INET6, \"", '"')?.parse().ok()?;
            Some(SocketAddr::new(ip.to_canonical(), field("sin6_port=htons(", ')')?.parse().ok()?).to_string())
        }
        "AF_UNIX" => {
            let path = arguments.split_once("sun_path=")?.1;
            let at = if path.starts_with('@') { "@" } else { "" };
            Some(format!("{at}{}", strings(path).into_iter().next()?))
        }
        _ => None,
    }
}

/// The strings in it, in their order.
fn strings(text: &str) -> Vec<String> {
    let mut strings = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '"' {
            continue;
        }
        let mut bytes = Vec::new();
        while let Some(c) = chars.next() {
            match (c, chars.peek()) {
                ('"', _) => break,
                ('\\', Some('0'..='7')) => {
                    let mut number = 0;
                    for _ in 0..3 {
                        let Some(digit) = chars.peek().and_then(|c| c.to_digit(8)) else { break };
                        number = number * 8 + digit;
                        chars.next();
                    }
                    bytes.push(u8::try_from(number).unwrap_or(b'?'));
                }
                ('\\', Some(_)) => {
                    let escaped = match chars.next() {
                        Some('n') => '\n',
                        Some('t') => '\t',
                        Some('r') => '\r',
                        Some('f') => '\x0c',
                        Some('v') => '\x0b',
                        other => other.unwrap_or('?'),
                    };
                    bytes.push(u8::try_from(escaped).unwrap_or(b'?'));
                }
                _ => bytes.extend(c.to_string().into_bytes()),
            }
        }
        strings.push(String::from_utf8_lossy(&bytes).into_owned());
    }
    strings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_read_as_strace_writes_them() {
        let mut seen = Seen::default();
        for line in [
            r#"execve("/bin/true", ["true", "a \"b\""], 0x7 /* 3 vars */) = 0"#,
            r#"execve("/no/true", ["true"], 0x7 /* 3 vars */) = -1 ENOENT (No such file or directory)"#,
            r#"execve("/tmp/x", ["x"], 0x7 /* 3 vars */) = -1 ENOEXEC (Exec format error)"#,
            r#"connect(3, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("127.0.0.1")}, 16) = -1 EINPROGRESS (x)"#,
            r#"connect(3, {sa_family=AF_INET6, sin6_port=htons(80), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "::ffff:1.2.3.4", &sin6_addr), sin6_scope_id=0}, 28) = 0"#,
            r#"connect(3, {sa_family=AF_UNIX, sun_path=@"a\303\244"}, 9) = 0"#,
            r#"sendto(3, "x", 1, MSG_NOSIGNAL, NULL, 0) = 1"#,
            r#"connect(3, {sa_family=AF_UNSPEC, sa_data="\0\0"}, 16) = 0"#,
        ] {
            Call::parse(line).unwrap().add_to(&mut seen);
        }
        let things = ["/bin/true"].map(|given| Thing::Program(given.to_owned())).into_iter();
        let peers = ["127.0.0.1:80", "1.2.3.4:80", "@aä"].map(|peer| Thing::Peer(peer.to_owned()));
        assert_eq!(seen.things, things.chain(peers).collect());
        assert_eq!(seen.failed.len(), 1);
        let begins = r#"execve("/t/a-1", ["/t/a-1", "--exact", "m::t", "--nocapture"], 0x7 /* 3 vars */) = 0"#;
        assert_eq!(Call::parse(begins).unwrap().own_test().as_deref(), Some("/t/a-1 m::t"));
    }
}
