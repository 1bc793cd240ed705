use resource_guards::uses;

#[uses(Docker)]
fn in_upper_case() {}

#[uses("../docker")]
fn with_a_path() {}

#[uses(7zip, "")]
fn not_beginning_with_a_letter() {}

#[uses(docker::compose)]
fn as_a_rust_path() {}

#[uses(docker compose)]
fn without_a_comma() {}

#[uses(docker,, tmux)]
fn with_two_commas() {}

#[uses(aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa)]
fn with_too_many_letters() {}

fn main() {}
