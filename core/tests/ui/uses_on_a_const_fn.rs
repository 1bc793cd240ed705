use resource_guards::{fixture_uses, uses};

#[uses(docker)]
const fn test() {}

#[fixture_uses(docker)]
const fn fixture() {}

fn main() {}
