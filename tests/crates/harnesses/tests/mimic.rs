//! libtest-mimic: each trial runs in a scope.

use std::sync::{Mutex, PoisonError};

use harnesses::{DESK, pack, sit_down};
use libtest_mimic::{Arguments, Failed, Trial};
use resource_guards::{Fixture, Scope, fixture_uses, uses};

resource_guards::install!(&DESK, guard_binary::Binary("tar"));

#[fixture_uses(tar)]
fn archive() -> Fixture<()> {
    assert!(pack());
    Fixture::new(())
}

#[fixture_uses(desk)]
fn idle() -> Fixture<()> {
    Fixture::new(())
}

/// `#[uses]` on a function that is no libtest test opens a scope.
#[uses(desk)]
fn declared_by_an_attribute() {
    sit_down().unwrap();
}

#[uses(desk)]
async fn declared_by_an_attribute_and_idle() {}

/// Trials run on several threads, and what a thread does while a scope is open on another one is that scope's. One trial
/// is about what happens when none is open.
fn alone<R>(body: impl FnOnce() -> R) -> R {
    static TURN: Mutex<()> = Mutex::new(());
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    body()
}

fn trial(name: &str, scope: Scope, body: impl FnOnce() + Send + 'static) -> Trial {
    Trial::test(name, move || alone(|| scope.run(body)).map_err(|failure| Failed::from(failure.to_string())))
}

fn main() {
    let arguments = Arguments::from_args();
    let scope = |name: &str| Scope::new(name);
    let trials = vec![
        trial("a_declared_use", scope("a_declared_use").uses("desk").uses("tar"), || {
            sit_down().unwrap();
            assert!(pack());
        }),
        trial("an_undeclared_use", scope("an_undeclared_use"), || {
            let _ = sit_down();
        }),
        trial("an_undeclared_program", scope("an_undeclared_program"), || {
            pack();
        }),
        trial("an_unused_declaration", scope("an_unused_declaration").uses("desk"), || ()),
        trial("an_exception", scope("an_exception").may("desk", "only on Mondays"), || ()),
        trial("a_panic", scope("a_panic").uses("desk"), || panic!("the chair breaks")),
        trial("a_fixture", scope("a_fixture").uses("tar"), || drop(archive())),
        trial("an_undeclared_fixture", scope("an_undeclared_fixture"), || drop(archive())),
        trial("an_idle_fixture", scope("an_idle_fixture").uses("desk"), || drop(idle())),
        Trial::test("an_attribute", || {
            alone(declared_by_an_attribute);
            Ok(())
        }),
        Trial::test("an_attribute_of_an_async_function", || {
            let runtime = tokio::runtime::Builder::new_current_thread().build()?;
            alone(|| runtime.block_on(declared_by_an_attribute_and_idle()));
            Ok(())
        }),
        Trial::test("outside_of_a_scope_everything_passes", || {
            let (sat, packed) = alone(|| (sit_down(), pack()));
            sat?;
            if packed { Ok(()) } else { Err("a program was refused".into()) }
        }),
        trial("a_result", scope("a_result").uses("desk"), || sit_down().unwrap()),
    ];
    libtest_mimic::run(&arguments, trials).exit();
}
