//! What the grammar accepts and what it says otherwise.

use super::*;

fn tokens(source: &str) -> TokenStream {
    source.parse().expect("the source is Rust tokens")
}

fn parse(source: &str) -> Arguments {
    Arguments::parse(tokens(source)).expect("the arguments are right")
}

fn accepted(source: &str) -> String {
    parse(source).to_string()
}

fn mistakes(source: &str) -> Vec<String> {
    let error = Arguments::parse(tokens(source)).expect_err("the arguments are wrong");
    error.into_iter().map(|mistake| mistake.to_string()).collect()
}

/// Asserts that there is one mistake and that it says so.
#[track_caller]
fn only_mistake(source: &str, part: &str) {
    let found = mistakes(source);
    assert!(found.len() == 1 && found.iter().all(|mistake| mistake.contains(part)), "{source}: {found:?}");
}

#[test]
fn all_forms_are_accepted_and_kept_in_order() {
    for source in [
        "",
        "tmux",
        "docker, docker-compose, s3-2, my_sdk, may-flower",
        "http(\"api.github.com\", \"*.crates.io\"), docker",
        "docker, may(tmux = \"only on a cold cache\")",
        "may(http(\"localhost\") = \"first run\"), may(git = \"shallow clones\")",
        "\"s3-2e\"",
        "loop, match-type",
    ] {
        assert_eq!(accepted(source), source);
    }
}

#[test]
fn other_spellings_mean_the_same() {
    assert_eq!(accepted("tmux, docker,"), "tmux, docker");
    assert_eq!(accepted("\"docker-compose\""), "docker-compose");
    assert_eq!(accepted("r#loop"), "loop");
    assert_eq!(accepted("s3-2a"), "\"s3-2a\"");
    assert_eq!(accepted("http(\"a\",)"), "http(\"a\")");
    assert_eq!(accepted("may(a = \"x\", b(\"c\") = r\"y\",)"), "may(a = \"x\"), may(b(\"c\") = \"y\")");
}

#[test]
fn a_resource_is_declared_once() {
    only_mistake("tmux, docker, tmux", "`tmux` is declared twice");
    only_mistake("docker-compose, \"docker-compose\"", "`docker-compose` is declared twice");
    only_mistake("tmux, may(tmux = \"why\")", "not both");
    only_mistake("may(tmux = \"a\", tmux = \"b\")", "declared twice");
    only_mistake("http(\"a\"), http(\"b\")", "name its targets in one place, http(\"a\", \"b\")");
}

#[test]
fn names_are_checked() {
    only_mistake("Docker", "write `docker`");
    only_mistake("\"\"", "is no resource");
    only_mistake("7zip", "`7zip` is no resource");
    only_mistake("\"a/b\"", "`a/b` is no resource");
    only_mistake("docker::compose", "expected `,`");
    only_mistake("\"may\"", "reserved");
    only_mistake("may(may = \"why\")", "reserved");
    only_mistake("*", "expected the name of a resource");
    only_mistake("tmux docker", "expected `,`");
    only_mistake("tmux,,docker", "before this comma");
}

#[test]
fn targets_are_checked() {
    only_mistake("http()", "write `http` for any target");
    only_mistake("http(api)", "a target is a string literal");
    only_mistake("http(\"\")", "an empty glob matches nothing");
    only_mistake("http(\"[a-z]\")", "`[` has no meaning in a glob");
}

#[test]
fn an_exception_needs_a_reason() {
    only_mistake("may", "may(tmux = \"only on a cold cache\")");
    only_mistake("may()", "may(tmux = \"only on a cold cache\")");
    only_mistake("may(tmux)", "needs a reason: may(tmux = \"…\")");
    only_mistake("may(tmux = \" \")", "an empty reason");
    only_mistake("may(tmux = 3)", "a reason is a string literal");
    only_mistake("may(tmux =)", "a reason is a string literal");
    only_mistake("tmux = \"why\"", "may(tmux = \"…\")");
    only_mistake("may(tmux = \"a\") docker", "expected `,`");
}

#[test]
fn all_mistakes_are_reported_at_once() {
    let found = mistakes("Tmux, http(\"\", \"a b\"), may(docker), git, git, may(x = \"\", Y = \"\")");
    assert_eq!(found.len(), 8, "{found:#?}");
}

#[test]
fn merging_keeps_each_resource_once() {
    let merged = parse("docker, tmux").merged_with(&parse("may(docker = \"x\"), git"));
    assert_eq!(merged.to_string(), "docker, tmux, git");
}
