//! Fixtures of async tests.

use std::sync::Arc;

use resource_guards::{Fixture, fixture_uses, uses};
use tokio::sync::Barrier;

use crate::{open_a_terminal, pack, write_into_the_ledger};

#[fixture_uses(tar)]
async fn archive() -> Fixture<()> {
    tokio::task::yield_now().await;
    pack().unwrap();
    Fixture::new(())
}

#[fixture_uses(tar)]
async fn packed_at_the_end() -> Fixture<()> {
    tokio::task::yield_now().await;
    Fixture::with_async_teardown((), |()| async {
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        pack().unwrap();
    })
}

#[fixture_uses()]
async fn opened_in_secret_at_the_end() -> Fixture<()> {
    Fixture::with_async_teardown((), |()| async {
        tokio::task::yield_now().await;
        let _ = open_a_terminal();
    })
}

/// Packs while both set-ups are under way.
#[fixture_uses(tar)]
async fn packs_with(barrier: Arc<Barrier>) {
    barrier.wait().await;
    pack().unwrap();
    barrier.wait().await;
}

/// Writes while both set-ups are under way.
#[fixture_uses(ledger)]
async fn writes_with(barrier: Arc<Barrier>) {
    barrier.wait().await;
    write_into_the_ledger("while both are set up").unwrap();
    barrier.wait().await;
}

/// Writes while the other set-up, which declares that, is under way.
#[fixture_uses()]
async fn writes_in_secret_with(barrier: Arc<Barrier>) {
    barrier.wait().await;
    let _ = write_into_the_ledger("in secret");
    barrier.wait().await;
}

/// Opens a terminal that neither of the two declares.
#[fixture_uses()]
async fn opens_in_secret_with(barrier: Arc<Barrier>) {
    barrier.wait().await;
    let _ = open_a_terminal();
    barrier.wait().await;
}

#[uses(tar)]
#[tokio::test]
async fn an_async_set_up_is_authorised_by_its_own_declaration() {
    let _archive = archive().await;
}

#[uses()]
#[tokio::test]
async fn the_consumer_of_an_async_fixture_declares_nothing() {
    let _archive = archive().await;
}

#[uses(tar)]
#[tokio::test]
async fn an_async_teardown_is_awaited_at_the_end() {
    let _fixture = packed_at_the_end().await;
}

#[uses(tar)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_async_teardown_is_awaited_on_several_threads() {
    let _fixture = packed_at_the_end().await;
}

#[uses(tar)]
#[tokio::test]
async fn an_async_teardown_is_awaited_by_hand() {
    packed_at_the_end().await.close().await;
}

#[uses(tar)]
#[tokio::test]
async fn an_async_teardown_is_awaited_when_the_test_panics() {
    let _fixture = packed_at_the_end().await;
    panic!("its own reason");
}

#[tokio::test]
#[uses(tar)]
async fn an_async_teardown_is_awaited_when_the_declaration_stands_below() -> Result<(), std::num::ParseIntError> {
    let _fixture = packed_at_the_end().await;
    assert_eq!("1".parse::<u8>()?, 1);
    Ok(())
}

#[uses(tar)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_async_teardown_is_awaited_that_a_task_has_left() {
    let fixture = packed_at_the_end().await;
    tokio::spawn(async move { drop(fixture) }).await.unwrap();
}

#[uses(tmux)]
#[tokio::test]
async fn an_undeclared_use_in_an_async_teardown_is_caught() {
    let _fixture = opened_in_secret_at_the_end().await;
    open_a_terminal().unwrap();
}

#[uses(tar, ledger)]
#[tokio::test]
async fn overlapping_set_ups_use_what_they_declare() {
    let barrier = Arc::new(Barrier::new(2));
    tokio::join!(packs_with(barrier.clone()), writes_with(barrier));
}

#[uses(ledger)]
#[tokio::test]
async fn a_call_in_an_overlapping_set_up_is_that_of_the_future_which_makes_it() {
    let barrier = Arc::new(Barrier::new(2));
    tokio::join!(writes_with(barrier.clone()), writes_in_secret_with(barrier));
}

#[uses(tar, tmux)]
#[tokio::test]
async fn a_program_that_no_overlapping_set_up_declares_is_caught() {
    let barrier = Arc::new(Barrier::new(2));
    tokio::join!(packs_with(barrier.clone()), opens_in_secret_with(barrier));
    open_a_terminal().unwrap();
}
