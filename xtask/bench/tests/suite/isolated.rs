//! 300 tests with a declaration, which they keep.

#[path = "body.rs"]
mod body;

static SDK: resource_guards::Resource = resource_guards::Resource::new("sdk");

resource_guards::install!(&SDK, guard_binary::Binary("git"), guard_binary::Binary("tar"), guard_binary::Binary("tmux"));

fn uses_sdk() {
    body::body();
    assert!(SDK.enforce(|| "a call").is_ok());
}

bench::tests!(
    #[resource_guards::uses(sdk)]
    crate::uses_sdk
);
