//! A program with the set-user-ID bit.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use adversaries::programs::beside;
use resource_guards::uses;

resource_guards::install!(guard_binary::Binary("quill"));

#[uses()]
#[test]
fn runs_with_other_rights() {
    let dir = beside();
    let helper = dir.0.join("helper");
    fs::copy("/bin/true", &helper).unwrap();
    fs::set_permissions(&helper, fs::Permissions::from_mode(0o4755)).unwrap();
    assert!(Command::new(helper).status().unwrap().success());
}
