//! What the compiler says to a user's mistakes: `ui/MISTAKE.rs` and `ui/MISTAKE.stderr`.

#[test]
fn mistakes_in_attributes_are_explained_where_they_stand() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/ui/*_*.rs");
}
