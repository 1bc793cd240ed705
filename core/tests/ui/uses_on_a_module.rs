use resource_guards::uses;

#[uses(docker)]
mod tests {}

fn main() {}
