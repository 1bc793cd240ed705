//! Names that a resource may have, for programs that may not.

const LONG: &str = match std::str::from_utf8(&[b'a'; 10_000]) {
    Ok(name) => name,
    Err(_) => panic!("it is ASCII"),
};

resource_guards::install!(
    guard_binary::Binary("bin/tar").resource("folder"),
    guard_binary::Binary("..").resource("dots"),
    guard_binary::Binary("").resource("empty"),
    guard_binary::Binary("a\tb").resource("tab"),
    guard_binary::Binary("a\\b").resource("backslash"),
    guard_binary::Binary(LONG).resource("long"),
    guard_binary::Binary("tar"),
);

#[test]
fn plain() {}
