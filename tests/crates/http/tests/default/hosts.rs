//! Declarations that name hosts.

use http_clients::clients::{programs, reqwest, ureq};
use resource_guards::uses;

#[uses(http("api.github.test", "*.crates.test"))]
#[test]
fn declared_hosts_pass() {
    reqwest::plain("https://api.github.test/users", "").unwrap();
    ureq::get("http://static.crates.test/a", "").unwrap();
    programs::curl("https://index.crates.test/b", "").unwrap();
}

#[uses(http("api.github.test", "*.crates.test"))]
#[test]
fn a_pattern_that_no_request_matches_is_unused() {
    reqwest::plain("https://api.github.test/users", "").unwrap();
}

#[uses(http("api.github.test"))]
#[test]
fn another_host_is_undeclared() {
    reqwest::plain("https://api.github.test/users", "").unwrap();
    _ = reqwest::plain("https://www.evil.test/", "");
    _ = ureq::get("http://www.evil.test/", "");
}

#[uses(http("api.github.test"))]
#[test]
fn another_host_is_undeclared_for_the_middleware_too() {
    reqwest::middleware("https://api.github.test/users", "").unwrap();
    _ = reqwest::middleware("https://www.evil.test/a", "");
}

#[uses(http("*.crates.test"))]
#[test]
fn a_pattern_for_all_below_a_domain_leaves_the_domain_out() {
    reqwest::plain("http://a.b.crates.test/", "").unwrap();
    _ = reqwest::plain("http://crates.test/", "");
    _ = reqwest::plain("http://crates.test.evil.test/", "");
}

#[uses(http("api.github.test"))]
#[test]
fn case_a_final_dot_and_the_port_make_no_difference() {
    for url in ["http://API.GitHub.test/", "http://api.github.test./", "http://api.github.test:8080/"] {
        reqwest::middleware(url, "").unwrap();
        reqwest::blocking(url, "").unwrap();
        programs::curl(url, "").unwrap();
    }
}

#[uses(http)]
#[test]
fn without_a_pattern_every_host_is_declared() {
    reqwest::plain("https://api.github.test/users", "").unwrap();
    reqwest::plain("https://www.crates.test/", "").unwrap();
}
