//! Where an attribute is added and removed.

use resource_guards::uses;

use crate::{chair, desk};

#[uses(desk)]
#[test]
fn plain() {
    desk().unwrap();
}

/// Documented.
/** twice */
#[uses(desk)]
#[test]
#[should_panic(expected = "on purpose")]
fn documented() {
    desk().unwrap();
    panic!("on purpose");
}

#[allow(clippy::unit_cmp)]   // a remark
#[uses(chair, desk)]
#[test] // another
fn behind_others()  {desk().unwrap();chair().unwrap()}

mod inline { use super::*; #[uses(desk)] #[test] fn on_one_line() { desk().unwrap() } #[uses(chair)] #[test] fn and_another() { chair().unwrap() } }

	#[uses(desk)]
	#[test]
	fn with_tabs() {
		desk().unwrap();
	}

#[test]
fn unused() {}

// why
#[test]
fn unused_with_a_remark() {}

#[test] fn unused_on_one_line() {}

#[test]
fn unused_behind() {}

#[test]
fn unused_in_lines() {}

#[uses()]
#[test]
fn empty_stays() {}

#[uses(desk)]
#[test]
fn empty_is_filled() {
    desk().unwrap();
}

#[uses(desk)]
#[test]
fn bare_is_filled() {
    desk().unwrap();
}

#[uses(desk)]
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
