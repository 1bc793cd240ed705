//! One program as two resources.

resource_guards::install!(guard_binary::Binary("tar"), guard_binary::Binary("tar").resource("archiver"));

#[test]
fn plain() {}
