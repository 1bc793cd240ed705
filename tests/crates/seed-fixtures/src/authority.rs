//! Whose declaration authorises what.

use resource_guards::{Fixture, fixture_uses, uses};

use crate::{open_a_terminal, pack};

#[fixture_uses(tar)]
fn archive() -> Fixture<()> {
    pack().unwrap();
    Fixture::new(())
}

/// Uses what only its consumer declares.
#[fixture_uses(tar)]
fn archive_in_a_terminal() -> Fixture<()> {
    open_a_terminal().unwrap();
    pack().unwrap();
    Fixture::new(())
}

#[uses(tar)]
#[test]
fn a_fixture_is_authorised_by_its_own_declaration() {
    let _archive = archive();
}

#[uses(tar, tmux)]
#[test]
fn the_declaration_of_a_test_does_not_authorise_its_fixture() {
    open_a_terminal().unwrap();
    let _archive = archive_in_a_terminal();
}

#[uses(tmux)]
#[test]
fn the_declaration_of_a_fixture_does_not_authorise_its_test() {
    let _archive = archive();
    open_a_terminal().unwrap();
    pack().unwrap_err();
}
