//! Named by `#[path]` from another folder: the compiler calls it `tests/../shared/by_path.rs`.

use resource_guards::uses;

#[uses()]
#[test]
fn of_an_integration_test_in_another_folder() {
    let _ = forms::sit_down();
}
