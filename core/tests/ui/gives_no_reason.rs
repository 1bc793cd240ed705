use resource_guards::uses;

#[uses(may(tmux))]
fn none() {}

#[uses(may(tmux = "  "))]
fn an_empty_one() {}

#[uses(may(tmux = 3))]
fn a_number() {}

#[uses(may)]
fn no_resource_either() {}

#[uses(may())]
fn nothing_at_all() {}

#[uses(tmux = "only on a cold cache")]
fn outside_of_may() {}

fn main() {}
