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

#[test]
fn why_a_fixture_is_left_is_true() {
    let world = world(
        "use resource_guards::{Fixture, fixture_uses};\n\nstruct Desk;\nstruct Chair;\n\nimpl Desk {\n    #[fixture_uses()]\n    \
         fn new() -> Fixture<Self> {\n        forms::desk().unwrap();\n        Fixture::new(Self)\n    }\n}\n\nimpl Chair {\n    \
         #[fixture_uses()]\n    fn new() -> Fixture<Self> {\n        forms::chair().unwrap();\n        Fixture::new(Self)\n    \
         }\n}\n\ntrait Call: Sized {\n    fn call() -> Fixture<Self>;\n}\n\nimpl Call for Desk {\n    #[fixture_uses()]\n    \
         fn call() -> Fixture<Self> {\n        forms::call(\"ada\").unwrap();\n        Fixture::new(Self)\n    }\n}\n\n#[test]\n\
         fn sits() {\n    let _desk = Desk::new();\n    let _chair = Chair::new();\n}\n\n#[test]\nfn calls() {\n    \
         let _call = Desk::call();\n}\n",
    );
    let before = world.read("forms/tests/said.rs");
    world.observe(&ONLY[2..]);
    let said = world.fix(&[]);
    assert_eq!(world.read("forms/tests/said.rs"), before, "{said}");
    assert!(
        said.contains("left: fixture `said::new`: add `desk`\n  why: several fixtures are called `said::new`"),
        "{said}"
    );
    assert!(
        said.contains("left: fixture `said::new`: add `chair`\n  why: several fixtures are called `said::new`"),
        "{said}"
    );
    assert!(
        said.contains(
            "left: fixture `said::call`: add `phone`\n  why: at forms/tests/said.rs:30 is no function of a module"
        ),
        "{said}"
    );
}

/// Each violation of a run is mended, or said to be left.
#[test]
fn a_fixture_of_which_only_some_entries_use_what_it_declares_is_left() {
    let world = world(
        "use resource_guards::{Fixture, fixture_uses, uses};\n\n#[fixture_uses(desk)]\nfn seat(taken: bool) -> Fixture<()> {\n    \
         if !taken {\n        forms::desk().unwrap();\n    }\n    Fixture::new(())\n}\n\n#[uses(desk)]\n#[test]\n\
         fn sits() {\n    let _first = seat(false);\n    let _second = seat(true);\n}\n\n\
         #[fixture_uses(phone(\"ada\", \"eve\"))]\nfn dial_up(whom: &str) -> Fixture<()> {\n    forms::call(whom).unwrap();\n    \
         Fixture::new(())\n}\n\n#[uses(phone)]\n#[test]\nfn calls() {\n    let _first = dial_up(\"ada\");\n    \
         let _second = dial_up(\"eve\");\n}\n",
    );
    let run = world.run(&[&ONLY[..], &["--no-fail-fast"]].concat());
    assert!(run.stderr.contains("guards: 3 violations, "), "{}", run.stderr);
    let before = world.read("forms/tests/said.rs");
    let said = world.fix(&[]);
    assert_eq!(world.read("forms/tests/said.rs"), before, "{said}");
    for (fixture, item) in [("seat", "desk"), ("dial_up", "phone(\"ada\")"), ("dial_up", "phone(\"eve\")")] {
        let left = format!("left: fixture `said::{fixture}`: remove `{item}` from #[fixture_uses]");
        assert!(said.contains(&left), "{left}: {said}");
    }
    assert_eq!(said.matches("why: other tests, or other entries of it, use it: write may(").count(), 3, "{said}");
}

#[test]
fn what_has_no_place_to_be_edited_is_left() {
    let world = world(
        "use resource_guards::{Fixture, fixture_uses, uses};\n\nmacro_rules! fixture {\n    ($name:ident) => {\n        \
         #[fixture_uses(desk)]\n        fn $name() -> Fixture<()> {\n            Fixture::new(())\n        }\n    };\n}\n\
         fixture!(seat);\n\n#[uses(desk)]\n#[test]\nfn sits() {\n    let _seat = seat();\n}\n\nmacro_rules! ends {\n    \
         ($name:ident) => {\n        #[uses()]\n        #[test]\n        fn $name() {\n            std::process::exit(0)\n        \
         }\n    };\n}\nends!(leaves);\n",
    );
    let run = world.run(&[&ONLY[..], &["--no-fail-fast"]].concat());
    assert!(run.stderr.contains("guards: 2 violations, "), "{}", run.stderr);
    let said = world.fix(&[]);
    for left in [
        "left: fixture `said::seat`: remove `desk` from #[fixture_uses]",
        "left: test `leaves` of forms::said: the process of test `leaves` ended with success before the test did",
    ] {
        assert!(said.contains(left), "{left}: {said}");
    }
}
