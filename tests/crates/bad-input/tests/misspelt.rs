//! Declarations of resources that no guard watches.

use resource_guards::uses;

resource_guards::install!(guard_binary::Binary("tmux"), guard_binary::Binary("tar"));

#[uses(tmxu)]
#[test]
fn two_letters_are_swapped() {}

#[uses(zzz)]
#[test]
fn nothing_is_like_it() {}

#[test]
fn plain() {}
