//! `enforce` in a program that links the library and runs no tests.

use std::hint::black_box;
use std::io;

use resource_guards::Resource;

static SDK: Resource = Resource::new("sdk");

fn main() -> io::Result<()> {
    let cost = bench::nanoseconds(|| {
        let _ = black_box(black_box(&SDK).enforce(|| "a call"));
    });
    bench::report("enforce-outside", cost)
}
