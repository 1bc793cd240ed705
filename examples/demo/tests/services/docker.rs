//! Tests of Docker that keep their word, and a fixture.

use resource_guards::{Fixture, fixture_uses, uses};

/// A label that the fixture gives away. No container may bear it before a test, nor after it.
#[fixture_uses(docker)]
pub fn label() -> Fixture<&'static str> {
    assert_nothing_bears(LABEL);
    Fixture::with_teardown(LABEL, assert_nothing_bears)
}

const LABEL: &str = "resource-guards-demo";

fn assert_nothing_bears(label: &'static str) {
    let filters = format!("%7B%22label%22%3A%5B%22{label}%22%5D%7D");
    let containers = demo::docker::get(&format!("/containers/json?all=1&filters={filters}")).expect("a list");
    assert_eq!(containers.trim_end(), "[]", "containers with the label {label}");
}

#[uses(docker)]
#[test]
fn containers_are_listed() {
    assert!(demo::docker::containers().unwrap().starts_with('['));
}

/// The fixture's own use covers the declaration.
#[uses(docker)]
#[test]
fn a_fixture_leaves_nothing_behind() {
    assert!(!label().is_empty());
}

/// Clients ask this of themselves, so it alone is no use.
#[uses()]
#[test]
fn a_version_is_no_use() {
    assert!(demo::docker::get("/version").unwrap().contains("ApiVersion"));
}
