//! What a consumer of a fixture must declare.

use resource_guards::{Fixture, fixture_uses, uses};

use crate::{open_a_terminal, pack};

#[fixture_uses(tar, tmux)]
fn workshop() -> Fixture<()> {
    let _ = pack();
    let _ = open_a_terminal();
    Fixture::new(())
}

#[uses()]
#[test]
fn a_consumer_declares_nothing() {
    let _workshop = workshop();
}

#[test]
fn a_plain_consumer_declares_nothing() {
    let _workshop = workshop();
}

#[uses(tar)]
#[test]
fn a_consumer_declares_one_of_two() {
    let _workshop = workshop();
}

#[uses(tar, tmux)]
#[test]
fn a_consumer_declares_both_and_calls_nothing_itself() {
    let _workshop = workshop();
}

#[uses(tar, tmux)]
#[test]
fn a_consumer_declares_both_and_calls_them_too() {
    let _workshop = workshop();
    pack().unwrap();
    open_a_terminal().unwrap();
}
