use resource_guards::uses;

#[uses(http())]
fn without_a_target() {}

#[uses(http(""))]
fn with_an_empty_glob() {}

#[uses(http("api github"))]
fn with_white_space() {}

#[uses(http("[a-z].crates.io"))]
fn with_a_set() {}

#[uses(http(api.github.com))]
fn without_quotes() {}

fn main() {}
