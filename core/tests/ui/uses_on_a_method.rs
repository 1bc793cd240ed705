use resource_guards::{fixture_uses, uses};

struct Suite;

impl Suite {
    #[uses(docker)]
    fn test(&self) {}

    #[fixture_uses(docker)]
    fn fixture(self: Box<Self>) {}
}

fn main() {}
