use resource_guards::uses;

#[uses(docker)]
struct Database;

fn main() {}
