//! Several fixtures: nested, side by side, dropped in any order.

use resource_guards::{Fixture, fixture_uses, uses};

use crate::{open_a_terminal, pack, write_into_the_ledger};

#[fixture_uses(tar)]
fn archive() -> Fixture<()> {
    pack().unwrap();
    Fixture::with_teardown((), |()| pack().unwrap())
}

#[fixture_uses(tmux)]
fn terminal() -> Fixture<()> {
    open_a_terminal().unwrap();
    Fixture::with_teardown((), |()| open_a_terminal().unwrap())
}

/// A terminal around an archive, which is dropped with it.
#[fixture_uses(tmux)]
fn terminal_with_an_archive() -> Fixture<Fixture<()>> {
    let archive = archive();
    open_a_terminal().unwrap();
    Fixture::new(archive)
}

/// Declares what only the inner fixture uses, which covers it.
#[fixture_uses(tar, ledger)]
fn ledger_with_an_archive() -> Fixture<Fixture<()>> {
    write_into_the_ledger("an archive").unwrap();
    Fixture::new(archive())
}

/// Uses what only the inner fixture declares.
#[fixture_uses(ledger)]
fn ledger_that_packs() -> Fixture<Fixture<()>> {
    write_into_the_ledger("an archive").unwrap();
    let archive = archive();
    let _ = pack();
    Fixture::new(archive)
}

#[uses(tar, tmux)]
#[test]
fn nested_fixtures_contribute_their_resources() {
    let _both = terminal_with_an_archive();
}

#[uses(tmux)]
#[test]
fn a_nested_fixture_must_be_declared_too() {
    let _both = terminal_with_an_archive();
}

#[uses(tar, ledger)]
#[test]
fn a_fixture_is_covered_by_the_one_inside_of_it() {
    let _both = ledger_with_an_archive();
}

#[uses(tar, ledger)]
#[test]
fn a_fixture_is_not_authorised_by_the_one_inside_of_it() {
    let _both = ledger_that_packs();
}

#[uses(tar, tmux)]
#[test]
fn the_first_of_two_is_dropped_first() {
    let (archive, terminal) = (archive(), terminal());
    drop(archive);
    drop(terminal);
}

#[uses(tar, tmux)]
#[test]
fn the_first_of_two_is_dropped_last() {
    let (archive, terminal) = (archive(), terminal());
    drop(terminal);
    drop(archive);
}

#[uses(tmux)]
#[test]
fn one_of_two_is_not_declared() {
    let _two = (archive(), terminal());
}

#[uses(tar)]
#[test]
fn one_fixture_twice() {
    let _two = (archive(), archive());
}

#[uses(tar, ledger)]
#[test]
fn between_two_stretches_the_test_answers_for_itself() {
    let archive = archive();
    write_into_the_ledger("between").unwrap();
    drop(archive);
    write_into_the_ledger("after").unwrap();
}

struct Archive(Fixture<()>);

impl Archive {
    #[fixture_uses(tar)]
    fn new() -> Self {
        pack().unwrap();
        Self(Fixture::with_teardown((), |()| pack().unwrap()))
    }
}

struct Terminal;

impl Terminal {
    /// A function of the same name, in the same module.
    #[fixture_uses(tmux)]
    fn new() -> Fixture<Self> {
        open_a_terminal().unwrap();
        Fixture::new(Self)
    }
}

#[uses(tmux)]
#[test]
fn fixtures_of_one_name_are_told_apart() {
    let _terminal = Terminal::new();
}

#[uses(tmux)]
#[test]
fn the_other_of_one_name_is_not_declared() {
    let _two = (Terminal::new(), Archive::new().0);
}
