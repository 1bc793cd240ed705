//! Two settings of one guard.

resource_guards::install!(guard_http::Http, guard_http::Http.counting_loopback());

#[test]
fn nothing_runs() {}
