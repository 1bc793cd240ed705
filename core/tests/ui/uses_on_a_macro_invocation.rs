use resource_guards::uses;

macro_rules! proptest {
    ($($tokens:tt)*) => {};
}

#[uses(docker)]
proptest! {
    fn holds(n: u8) {}
}

fn main() {}
