//! The registry: lines 34 and 35 of the reference's behaviours.

use black_box::Expected::{Fails, Passes};
use black_box::{Crate, command};
use serde_json::Value;

// seed 34: a package that owns a tool declares its guards once, and every project that depends on it gets them.
#[test]
fn guards_come_with_the_package_that_registers_them() {
    Crate::named("seed-registry").expect(&[
        ("tests::a_guard_that_a_package_registered_is_in_force", Passes),
        (
            "tests::an_undeclared_use_of_a_package_is_refused",
            Fails(&["used `bank` without declaring it\n  seen: pay 1 (call, pid …)"]),
        ),
        ("tests::a_resource_without_a_guard_of_its_own_is_known", Passes),
        ("tests::both_are_used", Passes),
    ]);
}

// seed 35: the names of all guarded resources can be listed. That marks are registered from them, with names to skip,
// has no meaning here: `#[uses]` needs no registration, and a name that no guard watches is an error at start.
#[test]
fn a_test_binary_lists_its_guards_and_declarations() {
    let binaries = Crate::named("seed-registry").build();
    let [binary] = &binaries[..] else { panic!("one test binary: {binaries:?}") };
    let listed = command(binary).env("RESOURCE_GUARDS_MANIFEST", "1").output().expect("the binary runs");
    assert!(listed.status.success());
    let manifest: Value = serde_json::from_slice(&listed.stdout).expect("the manifest is JSON and nothing else");

    let guards: Vec<_> = manifest["guards"].as_array().expect("guards").iter().collect();
    let mut resources: Vec<_> = guards.iter().filter_map(|guard| guard["resource"].as_str()).collect();
    resources.sort_unstable();
    assert_eq!(resources, ["bank", "tar", "vault"]);
    let of = |resource: &str| guards.iter().find(|guard| guard["resource"] == resource).expect("it is listed");
    assert_eq!(of("bank")["footprint"]["peers"], serde_json::json!(["bank.example:443"]));
    assert_eq!(of("tar")["footprint"]["programs"], serde_json::json!(["tar"]));

    let declarations: Vec<_> = manifest["declarations"].as_array().expect("declarations").iter().collect();
    let declared: Vec<_> = declarations
        .iter()
        .map(|declaration| {
            let uses = declaration["uses"].as_array().expect("uses").iter();
            let uses: Vec<_> = uses.filter_map(|item| item["resource"].as_str()).collect();
            (declaration["subject"].as_str(), declaration["path"].as_str(), uses)
        })
        .collect();
    assert_eq!(
        declared,
        [
            (Some("test"), Some("tests::a_guard_that_a_package_registered_is_in_force"), vec!["bank"]),
            (Some("test"), Some("tests::a_resource_without_a_guard_of_its_own_is_known"), vec!["vault"]),
            (Some("fixture"), Some("tests::savings"), vec!["vault"]),
            (Some("test"), Some("tests::both_are_used"), vec!["bank", "vault"]),
        ]
    );
    for declaration in declarations {
        assert_eq!(declaration["file"], "seed-registry/src/lib.rs");
        assert!(declaration["line"].as_u64().is_some_and(|line| line > 10), "{declaration}");
    }
    assert_eq!(manifest["errors"], serde_json::json!([]));
}
