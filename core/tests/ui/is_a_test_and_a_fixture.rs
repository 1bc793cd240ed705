use resource_guards::{fixture_uses, uses};

#[uses(docker)]
#[fixture_uses(docker)]
fn both() {}

#[fixture_uses(docker)]
#[uses(docker)]
fn both_the_other_way_around() {}

fn main() {}
