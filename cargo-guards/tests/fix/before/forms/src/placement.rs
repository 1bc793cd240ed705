//! Where an attribute is added and removed.

use resource_guards::uses;

use crate::{chair, desk};

#[test]
fn plain() {
    desk().unwrap();
}

/// Documented.
/** twice */
#[test]
#[should_panic(expected = "on purpose")]
fn documented() {
    desk().unwrap();
    panic!("on purpose");
}

#[allow(clippy::unit_cmp)]   // a remark
#[test] // another
fn behind_others()  {desk().unwrap();chair().unwrap()}

mod inline { use super::*; #[test] fn on_one_line() { desk().unwrap() } #[test] fn and_another() { chair().unwrap() } }

	#[test]
	fn with_tabs() {
		desk().unwrap();
	}

#[uses(desk)]
#[test]
fn unused() {}

#[uses(desk)] // why
#[test]
fn unused_with_a_remark() {}

#[uses(desk)] #[test] fn unused_on_one_line() {}

#[test] #[uses(desk)]
fn unused_behind() {}

#[test]
#[uses(
    desk, // because
    chair,
)]
fn unused_in_lines() {}

#[uses()]
#[test]
fn empty_stays() {}

#[uses()]
#[test]
fn empty_is_filled() {
    desk().unwrap();
}

#[uses]
#[test]
fn bare_is_filled() {
    desk().unwrap();
}

#[test]
fn r#match() {
    desk().unwrap();
}

#[test]
fn touches_nothing() {}

#[uses(desk)]
#[test]
fn is_right() {
    desk().unwrap();
}
