//! Tests of a program that only guards.toml knows, and of the store.

use std::env;
use std::process::Command;

use resource_guards::uses;

resource_guards::install!(one::Store);

fn run() -> bool {
    Command::new("mytool").arg("serve").status().is_ok_and(|status| status.success())
}

#[uses(mytool)]
#[test]
fn runs_the_tool() {
    assert!(env::var_os("UNUSED").is_some() || run());
}

#[uses()]
#[test]
fn forgets_to_declare() {
    assert!(env::var_os("FORGETS").is_none() || run() || true);
}

#[uses(peer)]
#[test]
fn connects() {}

#[uses(store)]
#[test]
fn stores_too() {
    one::work(&["store"]);
}
