//! Tests that call a function so often that the number is found in what an instrumented binary writes.
#![forbid(unsafe_code)]

use std::hint::black_box;

use resource_guards::{Resource, uses};

static SDK: Resource = Resource::new("sdk");

resource_guards::install!(&SDK);

fn call(times: u64) {
    for n in 0..times {
        black_box(runners::called(black_box(n)));
    }
    println!("process {}", std::process::id());
}

#[uses(sdk)]
#[test]
fn isolated() {
    assert!(SDK.enforce(|| "call").is_ok());
    call(1_299_709);
}

#[uses()]
#[test]
fn offending() {
    assert!(SDK.enforce(|| "call").is_err());
    call(1_299_721);
}

#[test]
fn plain() {
    call(1_299_743);
}
