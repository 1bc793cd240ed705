//! Tests that break their word about Docker or HTTP, one mistake each. All of them would be green without the guards.

use resource_guards::uses;

use crate::docker::label;

#[uses()]
#[test]
fn docker_undeclared_use_swallowed() {
    // The code under test hides the failure. The log does not.
    let _ = demo::docker::containers();
}

#[uses(docker)]
#[test]
fn docker_unused_declaration() {
    assert_eq!("alpine:3".split(':').next(), Some("alpine"));
}

#[uses()]
#[test]
fn docker_undeclared_fixture() {
    assert!(!label().is_empty());
}

#[test]
fn docker_in_a_plain_test() {
    let _ = demo::docker::containers();
}

#[uses()]
#[test]
fn http_undeclared_use_swallowed() {
    let version = demo::http::latest("http://api.demo.test").unwrap_or_else(|_| "unknown".to_owned());
    assert!(!version.is_empty());
}

#[uses(http("api.demo.test"))]
#[test]
fn http_undeclared_host() {
    assert_eq!(demo::http::latest_with_telemetry("http://api.demo.test").unwrap(), "api.demo.test");
}

#[uses(http)]
#[test]
fn http_unused_declaration() {
    assert!("http://api.demo.test".starts_with("http://"));
}

#[uses(http("api.demo.test", "mirror.demo.test"))]
#[test]
fn http_unused_host() {
    assert_eq!(demo::http::latest("http://api.demo.test").unwrap(), "api.demo.test");
}
