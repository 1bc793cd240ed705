//! Fixtures of rstest.

use resource_guards::{Fixture, fixture_uses, uses};
use rstest::{fixture, rstest};

use crate::{open_a_terminal, pack};

#[fixture]
#[fixture_uses(tar)]
fn archive() -> Fixture<()> {
    pack().unwrap();
    Fixture::new(())
}

/// The attributes the other way round.
#[fixture_uses(tmux)]
#[fixture]
fn terminal(archive: Fixture<()>) -> Fixture<Fixture<()>> {
    open_a_terminal().unwrap();
    Fixture::new(archive)
}

/// Packs where there is something to pack.
#[fixture_uses(tar)]
fn archive_of(files: u8) -> Fixture<u8> {
    if files > 0 {
        pack().unwrap();
    }
    Fixture::new(files)
}

#[fixture]
#[once]
#[fixture_uses(tar)]
fn one_archive_for_all() -> Fixture<u8> {
    pack().unwrap();
    Fixture::new(1)
}

#[uses(tar)]
#[rstest]
fn an_injected_fixture_is_authorised_by_its_own_declaration(archive: Fixture<()>) {
    drop(archive);
}

#[uses()]
#[rstest]
fn the_consumer_of_an_injected_fixture_declares_nothing(archive: Fixture<()>) {
    drop(archive);
}

#[uses(tar, tmux)]
#[rstest]
fn a_fixture_of_a_fixture_contributes_its_resources(terminal: Fixture<Fixture<()>>) {
    drop(terminal);
}

#[uses(tmux)]
#[rstest]
fn a_fixture_of_a_fixture_must_be_declared_too(terminal: Fixture<Fixture<()>>) {
    drop(terminal);
}

#[uses(tar)]
#[rstest]
#[case(1)]
#[case(0)]
#[case(2)]
fn a_fixture_is_judged_for_each_case(#[case] files: u8) {
    assert_eq!(*archive_of(files), files);
}

#[uses(tar)]
#[rstest]
fn a_fixture_is_judged_for_each_value(#[values(0, 1)] files: u8) {
    assert_eq!(*archive_of(files), files);
}

#[uses(tar)]
#[rstest]
fn the_first_of_two_asks_for_a_shared_fixture(one_archive_for_all: &Fixture<u8>) {
    assert_eq!(**one_archive_for_all, 1);
}

#[uses(tar)]
#[rstest]
fn the_second_of_two_asks_for_a_shared_fixture(one_archive_for_all: &Fixture<u8>) {
    assert_eq!(**one_archive_for_all, 1);
}

#[uses()]
#[rstest]
fn a_third_asks_for_a_shared_fixture_and_declares_nothing(one_archive_for_all: &Fixture<u8>) {
    assert_eq!(**one_archive_for_all, 1);
}

#[fixture]
#[fixture_uses(tar)]
async fn packed_at_the_end() -> Fixture<()> {
    Fixture::with_async_teardown((), |()| async {
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        pack().unwrap();
    })
}

#[uses(tar)]
#[rstest]
#[case(1)]
#[case(2)]
#[tokio::test]
async fn an_injected_async_fixture_is_torn_down_on_the_runtime_of_its_case(
    #[case] _number: u8,
    #[future(awt)] packed_at_the_end: Fixture<()>,
) {
    tokio::task::yield_now().await;
    drop(packed_at_the_end);
}

#[uses(tar)]
#[rstest]
#[tokio::test]
async fn an_injected_async_fixture_that_nobody_looks_at_is_torn_down(
    #[future(awt)]
    #[from(packed_at_the_end)]
    _fixture: Fixture<()>,
) {
}
