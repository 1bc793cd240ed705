//! A teardown that nobody can end: it takes half a minute.

use resource_guards::{Fixture, fixture_uses};

use crate::pack;

#[fixture_uses(tar)]
async fn archive() -> Fixture<()> {
    pack().unwrap();
    Fixture::with_async_teardown((), |()| tokio::time::sleep(std::time::Duration::from_millis(1)))
}

/// Nobody awaits the teardown but its drop, which keeps the runtime from running.
#[tokio::test]
async fn without_uses() {
    let _archive = archive().await;
}
