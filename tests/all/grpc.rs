//! A tower layer in front of a tonic channel and of a hyper client.

use black_box::Crate;
use black_box::Expected::{Fails, Passes};

/// Each kind of call, its resource, and how the evidence calls it.
const CALLS: &[(&str, &str, &str)] = &[
    ("unary", "rpc", "grpc.health.v1.Health/Check"),
    ("server_streaming", "rpc", "grpc.health.v1.Health/Watch"),
    ("bidirectional", "rpc", "grpc.reflection.v1.ServerReflection/ServerReflectionInfo"),
    ("http", "web", "GET 127.0.0.1/status"),
];

#[test]
fn each_kind_of_call_gets_the_right_verdict_in_each_cell() {
    let mut rows: Vec<(String, Option<Vec<String>>)> = Vec::new();
    let undeclared = |test: &str, resource: &str, evidence: &str| {
        format!("test `{test}` used `{resource}` without declaring it\n  seen: {evidence} (tower layer, pid")
    };
    for (call, resource, evidence) in CALLS {
        rows.push((format!("declared::{call}"), None));
        let test = format!("undeclared::{call}");
        rows.push((test.clone(), Some(vec![undeclared(&test, resource, evidence)])));
        // The client's error is a `tonic::Status` or a boxed error; the violation is found in both.
        let test = format!("swallowed::{call}");
        let found = format!("UndeclaredUse of Some(\"{resource}\"), 0 requests arrived");
        rows.push((test.clone(), Some(vec![undeclared(&test, resource, evidence), found])));
    }
    let (_, resource, evidence) = CALLS[0];
    for test in ["swallowed::unary_in_a_plain_test", "swallowed::unary_in_a_task_of_a_plain_test"] {
        rows.push((test.to_owned(), Some(vec![undeclared(test, resource, evidence)])));
    }
    for (test, declared) in [
        ("unused::a_client_that_makes_no_call", "`rpc`"),
        ("unused::a_channel_that_only_connects", "`rpc`"),
        ("unused::server_streaming_of_two_methods", "`rpc` at `grpc.health.v1.Health/Watch`"),
        ("unused::bidirectional_of_two_services", "`rpc` at `grpc.reflection.*`"),
        ("unused::http_of_two_resources", "`web`"),
    ] {
        rows.push((test.to_owned(), Some(vec![format!("test `{test}` declares {declared} and never used it")])));
    }
    let test = "undeclared::a_method_beside_the_declared_one";
    let method =
        "`rpc` at `grpc.health.v1.Health/Watch` without declaring it\n  seen: grpc.health.v1.Health/Watch (tower";
    rows.push((test.to_owned(), Some(vec![format!("test `{test}` used {method}")])));

    let texts: Vec<Option<Vec<&str>>> =
        rows.iter().map(|(_, texts)| texts.as_ref().map(|texts| texts.iter().map(String::as_str).collect())).collect();
    let table: Vec<_> = rows
        .iter()
        .zip(&texts)
        .map(|((test, _), texts)| (test.as_str(), texts.as_ref().map_or(Passes, |texts| Fails(texts))))
        .collect();
    Crate::named("grpc").cargo_args(&["--test=cells"]).expect(&table);
}

#[test]
fn a_layer_gets_along_with_others_and_with_fixtures() {
    Crate::named("grpc").cargo_args(&["--test=layers"]).expect(&[
        (
            "a_refused_call_leaves_the_place_that_it_had_reserved",
            Fails(&[
                "seen: send 1 (tower layer, pid",
                "1 was refused: true, 0 calls arrived",
                "2 was refused: true, 0 calls arrived",
            ]),
        ),
        (
            "a_violation_is_found_however_it_is_wrapped",
            Fails(&["seen: send 1 (tower layer, pid", "the violation was found: true"]),
        ),
        ("calls_of_a_fixture_are_enough_for_its_consumer", Passes),
        ("a_call_of_a_teardown_is_made_when_the_body_has_ended", Passes),
        (
            "a_call_in_a_fixture_that_declares_nothing_belongs_to_it",
            Fails(&[
                "fixture `sloppy` used `rpc` without declaring it",
                "seen: grpc.health.v1.Health/Check (tower layer, pid",
            ]),
        ),
        (
            "a_call_of_the_body_beside_a_set_up_belongs_to_the_test",
            Fails(&[
                "test `a_call_of_the_body_beside_a_set_up_belongs_to_the_test` used `web` without declaring it\n  \
                 seen: GET 127.0.0.1/status (tower layer, pid",
            ]),
        ),
    ]);
}
