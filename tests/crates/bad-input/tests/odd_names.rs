//! Names that are none.

const LONG: &str = match std::str::from_utf8(&[b'a'; 10_000]) {
    Ok(name) => name,
    Err(_) => panic!("it is ASCII"),
};

resource_guards::install!(
    guard_binary::Binary("Tar"),
    guard_binary::Binary("bin/tar"),
    guard_binary::Binary(".."),
    guard_binary::Binary(""),
    guard_binary::Binary("tär"),
    guard_binary::Binary(LONG),
    guard_binary::Binary("tar"),
);

#[test]
fn plain() {}
