//! Fixtures that use what they do not declare.

use resource_guards::{Fixture, fixture_uses, uses};

use crate::{pack, write_into_the_ledger};

#[fixture_uses()]
fn swallows() -> Fixture<()> {
    let _ = pack();
    Fixture::new(())
}

#[fixture_uses()]
fn swallows_a_call() -> Fixture<()> {
    let _ = write_into_the_ledger("swallowed");
    Fixture::new(())
}

#[fixture_uses()]
fn panics() -> Fixture<()> {
    pack().expect("its own set-up error");
    Fixture::new(())
}

#[fixture_uses()]
fn errs() -> Result<Fixture<()>, String> {
    pack().map_err(|error| format!("its own set-up error: {error}"))?;
    Ok(Fixture::new(()))
}

#[uses(tar)]
#[test]
fn a_set_up_swallows_its_undeclared_use() {
    let _fixture = swallows();
    println!("the consumer ran");
}

#[uses(ledger)]
#[test]
fn a_set_up_swallows_its_undeclared_call() {
    let _fixture = swallows_a_call();
    println!("the consumer ran");
}

#[uses(tar)]
#[test]
fn a_set_up_panics_for_its_undeclared_use() {
    let _fixture = panics();
    println!("the consumer ran");
}

#[uses(tar)]
#[test]
fn a_set_up_errs_for_its_undeclared_use() -> Result<(), String> {
    let _fixture = errs()?;
    println!("the consumer ran");
    Ok(())
}

#[test]
fn a_set_up_swallows_its_undeclared_call_under_a_plain_test() {
    let _fixture = swallows_a_call();
    println!("the consumer ran");
}
