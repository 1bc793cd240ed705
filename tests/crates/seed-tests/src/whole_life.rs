//! Uses before, in and after the body of a test.

use std::sync::LazyLock;

use resource_guards::uses;

use crate::backup::back_up_something;

/// Set up by whoever asks first.
static BACKUP: LazyLock<bool> = LazyLock::new(|| back_up_something().is_ok());

/// Backs up when it is dropped.
struct BackedUpAtTheEnd;

impl Drop for BackedUpAtTheEnd {
    fn drop(&mut self) {
        let _ = back_up_something();
    }
}

thread_local! {
    /// Dropped when the thread of the test ends, after its body.
    static LATE: BackedUpAtTheEnd = const { BackedUpAtTheEnd };
}

#[uses(tar)]
#[test]
fn a_use_in_a_lazy_set_up_counts() {
    assert!(*BACKUP);
}

#[uses()]
#[test]
fn an_undeclared_use_in_a_lazy_set_up_is_caught() {
    assert!(!*BACKUP);
}

#[uses(tar)]
#[test]
fn a_use_in_a_drop_counts() {
    let _at_the_end = BackedUpAtTheEnd;
}

#[test]
fn an_undeclared_use_in_a_drop_is_caught() {
    let _at_the_end = BackedUpAtTheEnd;
}

#[uses(tar)]
#[test]
fn a_use_after_the_body_on_the_thread_of_the_test_counts() {
    LATE.with(|_| ());
}

#[test]
fn an_undeclared_use_after_the_body_on_the_thread_of_the_test_is_caught() {
    LATE.with(|_| ());
}
