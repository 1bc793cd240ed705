//! What the verdicts on `examples/demo` must be.

/// Tests, and for each resource `ok`, `may` (declared so, and not used) or the kind of the violation. A violation that is
/// about no resource stands under the empty name. A test with nothing is a plain one that keeps its word.
pub(super) const EXPECTED: &[(&str, &[(&str, &str)])] = &[
    ("git::a_commit_is_in_the_log", &[("git", "ok")]),
    ("git::a_new_repository_has_a_folder", &[("git", "ok")]),
    ("git::a_plain_test_uses_nothing", &[]),
    ("tar::a_grandchild_is_seen", &[("tar", "ok")]),
    ("tar::a_repository_can_be_packed", &[("git", "ok"), ("tar", "ok")]),
    ("tar::what_is_packed_can_be_unpacked", &[("tar", "ok")]),
    ("tmux::a_fixture_is_use_enough", &[("tmux", "ok"), ("git", "may")]),
    ("tmux::a_new_session_is_listed", &[("tmux", "ok")]),
    ("mistakes::ended_early", &[("git", "ok"), ("", "ended-early")]),
    ("mistakes::fixture_undeclared_use", &[("git", "ok"), ("tar", "fixture-undeclared-use")]),
    ("mistakes::fixture_unused_declaration", &[("git", "ok"), ("tar", "fixture-unused-declaration")]),
    ("mistakes::in_a_plain_test", &[("tmux", "undeclared-use")]),
    ("mistakes::undeclared_fixture", &[("git", "undeclared-fixture")]),
    ("mistakes::undeclared_subcommand", &[("git", "undeclared-use")]),
    ("mistakes::undeclared_use", &[("git", "ok"), ("tar", "undeclared-use")]),
    ("mistakes::undeclared_use_swallowed", &[("git", "ok"), ("tar", "undeclared-use")]),
    ("mistakes::unused_declaration", &[("git", "ok"), ("tmux", "unused-declaration")]),
];
