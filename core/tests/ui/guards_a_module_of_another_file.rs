use resource_guards::guarded;

#[guarded]
mod elsewhere;

fn main() {}
