use resource_guards::{fixture_uses, uses};

#[uses(docker)]
#[uses(tmux)]
fn test() {}

#[uses(docker)]
#[test]
#[resource_guards::uses(may(tmux = "only on a cold cache"))]
fn test_with_a_path() {}

#[fixture_uses(docker)]
#[fixture_uses(tmux)]
fn fixture() {}

fn main() {}
