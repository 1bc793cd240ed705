use resource_guards::uses;

#[uses(tmux, docker, tmux)]
fn plainly() {}

#[uses(tmux, may(tmux = "only on a cold cache"))]
fn as_an_exception() {}

#[uses(http("api.github.com"), http("*.crates.io"))]
fn with_targets() {}

fn main() {}
