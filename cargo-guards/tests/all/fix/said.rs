//! What is said is true of this run and of these edits.

use super::world::World;

/// A test of `forms` in a file of its own.
fn world(test: &str) -> World {
    let world = World::get();
    let install = "resource_guards::install!(&forms::DESK, &forms::CHAIR, &forms::PHONE);\n";
    world.write("forms/tests/said.rs", format!("{install}\n{test}"));
    world.commit();
    world
}

const ONLY: [&str; 6] = ["guards", "test", "-p", "forms", "--test", "said"];

#[test]
fn what_another_edit_removes_anyway_is_not_left() {
    let world = world(
        "#[resource_guards::uses(phone(\"ada\", \"eve\"))]\n#[test]\nfn calls() {\n    forms::call(\"ada\").unwrap();\n    \
         let _ = forms::PHONE.enforce(|| \"call somebody\");\n}\n",
    );
    let run = world.run(&ONLY);
    assert!(run.stderr.contains("declares `phone` at `eve` and never used it"), "{}", run.stderr);
    let said = world.fix(&[]);
    assert!(world.read("forms/tests/said.rs").contains("#[resource_guards::uses(phone)]\n"), "{said}");
    assert!(!said.contains("left:"), "{said}");
    assert!(said.contains("the last run refused what was not declared"), "{said}");
}

#[test]
fn refusals_are_only_spoken_of_where_there_was_one() {
    let world = world("#[resource_guards::uses(desk)]\n#[test]\nfn sits_on_the_floor() {}\n");
    let run = world.run(&ONLY);
    assert!(run.stderr.contains("declares `desk` and never used it"), "{}", run.stderr);
    let said = world.fix(&[]);
    assert!(said.contains("`sits_on_the_floor`: remove desk\n"), "{said}");
    assert!(!said.contains("refused"), "{said}");
}
