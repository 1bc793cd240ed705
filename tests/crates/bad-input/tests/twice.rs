//! The same guards twice, which is one of each.

use std::process::{Command, Stdio};

use resource_guards::{Resource, uses};

static SDK: Resource = Resource::new("sdk");

resource_guards::install!(&SDK, guard_binary::Binary("tar"), guard_binary::Binary("tar"));

mod common {
    resource_guards::install!(guard_binary::Binary("tar"), &super::SDK);
}

resource_guards::inventory::submit! {
    resource_guards::Registration::new(|| Box::new(&SDK))
}

#[uses(tar, sdk)]
#[test]
fn both() {
    assert!(SDK.enforce(|| "call").is_ok());
    assert!(Command::new("tar").arg("--version").stdout(Stdio::null()).status().unwrap().success());
}
