use resource_guards::uses;

struct Database;

#[uses(docker)]
impl Database {
    fn start() -> Self {
        Self
    }
}

fn main() {}
