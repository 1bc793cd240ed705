//! Teardowns: a drop, or a function.

use resource_guards::{Fixture, fixture_uses, uses};

use crate::{open_a_terminal, pack, write_into_the_ledger};

/// Packs when it is dropped.
struct PackedAtTheEnd;

impl Drop for PackedAtTheEnd {
    fn drop(&mut self) {
        pack().unwrap();
    }
}

#[fixture_uses(tar)]
fn packed_at_the_end() -> Fixture<PackedAtTheEnd> {
    Fixture::new(PackedAtTheEnd)
}

#[fixture_uses(tar)]
fn packed_by_a_function() -> Fixture<u8> {
    Fixture::with_teardown(7, |seven| {
        assert_eq!(seven, 7);
        pack().unwrap();
    })
}

#[fixture_uses(tar)]
fn written_down_in_secret() -> Fixture<()> {
    pack().unwrap();
    Fixture::with_teardown((), |()| {
        let _ = write_into_the_ledger("in secret");
    })
}

#[fixture_uses(tar)]
fn opened_in_secret() -> Fixture<()> {
    pack().unwrap();
    Fixture::with_teardown((), |()| {
        let _ = open_a_terminal();
    })
}

#[fixture_uses(tar, tmux)]
fn packed_first_and_opened_last() -> Fixture<()> {
    pack().unwrap();
    Fixture::with_teardown((), |()| open_a_terminal().unwrap())
}

#[fixture_uses(tar)]
fn failing_at_the_end() -> Fixture<()> {
    pack().unwrap();
    Fixture::with_teardown((), |()| panic!("its own teardown error"))
}

#[uses(tar)]
#[test]
fn a_use_in_the_drop_alone_is_enough() {
    let _fixture = packed_at_the_end();
}

#[uses(tar)]
#[test]
fn a_use_in_the_teardown_function_alone_is_enough() {
    let fixture = packed_by_a_function();
    assert_eq!(*fixture, 7);
}

#[uses(tar, ledger)]
#[test]
fn an_undeclared_call_in_a_teardown_is_caught() {
    let _fixture = written_down_in_secret();
    write_into_the_ledger("in the open").unwrap();
}

#[uses(tar, tmux)]
#[test]
fn an_undeclared_program_in_a_teardown_is_caught() {
    let _fixture = opened_in_secret();
    open_a_terminal().unwrap();
}

#[uses(tar, tmux)]
#[test]
fn one_resource_in_the_set_up_and_one_in_the_teardown() {
    let _fixture = packed_first_and_opened_last();
}

#[uses(tar)]
#[test]
fn a_teardown_fails_for_its_own_reason() {
    let _fixture = failing_at_the_end();
}

#[uses(tar, ledger)]
#[test]
fn a_teardown_during_unwinding_is_recorded() {
    let _fixture = written_down_in_secret();
    write_into_the_ledger("in the open").unwrap();
    panic!("its own reason");
}

#[uses(tar)]
#[test]
fn a_forgotten_fixture_is_not_called_idle() {
    std::mem::forget(packed_at_the_end());
}
