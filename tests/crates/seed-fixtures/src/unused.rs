//! Fixtures that do not use what they declare.

use resource_guards::{Fixture, fixture_uses, uses};

use crate::{open_a_terminal, pack};

#[fixture_uses(tar)]
fn idle() -> Fixture<()> {
    Fixture::with_teardown((), |()| ())
}

#[fixture_uses(tar)]
fn idle_value() {}

#[fixture_uses(tar, tmux)]
fn half_idle() -> Fixture<()> {
    pack().unwrap();
    Fixture::new(())
}

#[fixture_uses(tar)]
fn broken() -> Fixture<()> {
    panic!("its own set-up error")
}

#[fixture_uses(tar)]
fn erring() -> Result<Fixture<()>, String> {
    Err("its own set-up error".to_owned())
}

#[fixture_uses(may(tar = "only on a cold cache"))]
fn seldom() -> Fixture<()> {
    Fixture::new(())
}

#[uses(tar)]
#[test]
fn a_fixture_never_uses_what_it_declares() {
    let _idle = idle();
}

#[uses(tar)]
#[test]
fn a_fixture_without_a_teardown_never_uses_what_it_declares() {
    idle_value();
}

#[uses(tar)]
#[test]
fn a_fixture_is_not_excused_by_the_use_of_its_consumer() {
    let _idle = idle();
    pack().unwrap();
}

#[uses(tar, tmux)]
#[test]
fn a_fixture_uses_one_of_two() {
    let _half = half_idle();
    open_a_terminal().unwrap();
}

#[uses(tar)]
#[test]
fn a_set_up_panics_before_it_uses_anything() {
    let _broken = broken();
}

#[uses(tar)]
#[test]
fn a_set_up_errs_before_it_uses_anything() -> Result<(), String> {
    let _erring = erring()?;
    Ok(())
}

#[uses(may(tar = "only on a cold cache"))]
#[test]
fn a_fixture_may_stay_idle_for_a_reason() {
    let _seldom = seldom();
}
