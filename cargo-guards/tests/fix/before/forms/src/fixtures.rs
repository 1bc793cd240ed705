//! Fixtures, which declare for themselves.

use resource_guards::{Fixture, fixture_uses, uses};
use rstest::{fixture, rstest};

use crate::{call, chair, desk};

#[fixture_uses(chair)]
fn office() -> Fixture<()> {
    chair().unwrap();
    desk().unwrap();
    Fixture::new(())
}

#[uses(chair)]
#[test]
fn enters_the_office() {
    let _office = office();
}

#[test]
fn enters_the_office_undeclared() {
    let _office = office();
}

#[uses(chair)]
#[test]
fn never_enters() {
    chair().unwrap();
}

#[fixture_uses(chair, desk)]
fn bare_room() -> Fixture<()> {
    desk().unwrap();
    Fixture::new(())
}

struct Lounge;

impl Lounge {
    #[fixture_uses(chair)]
    fn open() -> Fixture<Self> {
        chair().unwrap();
        desk().unwrap();
        Fixture::new(Self)
    }

    #[fixture_uses(chair, desk)]
    fn emptied() -> Fixture<Self> {
        desk().unwrap();
        Fixture::new(Self)
    }
}

#[uses(chair)]
#[test]
fn enters_the_lounge() {
    let _lounge = Lounge::open();
}

#[uses(chair, desk)]
#[test]
fn enters_the_emptied_lounge() {
    let _lounge = Lounge::emptied();
}

fn room() -> Fixture<()> {
    bare_room()
}

#[uses(chair, desk)]
#[test]
fn enters_the_room() {
    let _room = room();
}

#[uses(chair, desk)]
#[test]
fn brings_a_chair() {
    let _room = room();
    chair().unwrap();
}

#[fixture_uses(phone("ada"))]
fn line() -> Fixture<()> {
    call("ada").unwrap();
    call("bob").unwrap();
    Fixture::new(())
}

#[test]
fn has_a_line() {
    let _line = line();
}

#[fixture]
#[fixture_uses(desk)]
fn by_rstest() -> Fixture<()> {
    desk().unwrap();
    chair().unwrap();
    Fixture::new(())
}

#[rstest]
fn injected(_by_rstest: Fixture<()>) {}

#[fixture_uses(chair)]
fn only_for_the_ignored() -> Fixture<()> {
    Fixture::new(())
}

#[uses(chair)]
#[test]
fn enters_what_an_ignored_test_needs() {
    let _fixture = only_for_the_ignored();
}

#[ignore = "takes long"]
#[uses(chair)]
#[test]
fn ignored() {
    let _fixture = only_for_the_ignored();
    chair().unwrap();
}
