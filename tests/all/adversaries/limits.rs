//! Where the kernel's view ends, and that this is said.

use black_box::Crate;
use black_box::Engine::{CargoTest, Nextest};
use rustix::thread::{CapabilitySet, remove_capability_from_bounding_set};

use super::world::World;
use super::{expect, undeclared, unused};

/// Whoever may not install a filter otherwise needs `no_new_privs`, and so does root without this capability.
#[test]
fn strict_says_that_set_user_id_programs_have_no_effect_where_the_user_is_not_root() {
    let world = World::new();
    let krate = world.krate("privileges").strict();
    let note = "has the set-user-ID or set-group-ID bit, which has no effect under --strict";
    if rustix::process::getuid().is_root() {
        for engine in [CargoTest, Nextest] {
            let run = krate.run(engine);
            assert!(run.status.success() && !run.output.contains(note), "{}", run.output);
        }
        // Of this thread alone, and of all that it starts.
        remove_capability_from_bounding_set(CapabilitySet::SYS_ADMIN).unwrap();
    }
    for engine in [CargoTest, Nextest] {
        let run = krate.run(engine);
        let said = format!("{}{}", run.output, run.summary);
        assert!(run.status.success(), "{said}");
        assert_eq!(said.matches(note).count(), 1, "{said}");
        assert!(said.contains("/runs_with_other_rights/helper` has"), "{said}");
    }
}

/// The inner one says that it is not the one that watches; what its tests use belongs to the test that runs them.
#[test]
fn strict_inside_of_strict_is_watched_by_the_outer_one_and_says_so() {
    let world = World::new();
    let guards = Crate::target_directory().parent().map(|target| target.join("debug/cargo-guards")).unwrap();
    let krate = || world.krate("inside").env("GUARDS", &guards);
    let evidence = world.evidence("Q write from programs-", "");
    let table = [("declared".to_owned(), None), undeclared("undeclared".to_owned(), "quill", &evidence)];
    expect(&krate().strict(), &[CargoTest, Nextest], &table);
    let table = [unused("declared".to_owned(), "quill"), ("undeclared".to_owned(), None)];
    expect(&krate(), &[CargoTest, Nextest], &table);
}
