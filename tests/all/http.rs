//! HTTP: each client is seen, its hosts are told apart, and nothing secret is written down.

mod world;

use std::fs;

use black_box::Expected::{self, Fails, Passes, PassesSaying};
use black_box::{Engine, Outcome};

use world::World;

/// A row of the crate's table, and how the evidence calls it.
const ROWS: &[(&str, &str)] = &[
    ("middleware_http", "GET api.github.test/users (reqwest middleware, pid"),
    ("middleware_https", "GET api.github.test/users (reqwest middleware, pid"),
    ("reqwest_http", "GET api.github.test/users (proxy, pid"),
    ("reqwest_https", "CONNECT api.github.test:443 (proxy, pid"),
    ("blocking_http", "GET api.github.test/users (proxy, pid"),
    ("blocking_https", "CONNECT api.github.test:443 (proxy, pid"),
    ("ureq_http", "CONNECT api.github.test:80 (proxy, pid"),
    ("ureq_https", "CONNECT api.github.test:443 (proxy, pid"),
    ("hyper_http", "CONNECT api.github.test:80 (proxy, pid"),
    ("hyper_https", "CONNECT api.github.test:443 (proxy, pid"),
    ("curl_http", "GET api.github.test/users (proxy, pid"),
    ("curl_https", "CONNECT api.github.test:443 (proxy, pid"),
    ("urllib_http", "GET api.github.test/users (proxy, pid"),
    ("urllib_https", "CONNECT api.github.test:443 (proxy, pid"),
    ("requests_http", "GET api.github.test/users (proxy, pid"),
    ("requests_https", "CONNECT api.github.test:443 (proxy, pid"),
];

/// A table whose texts are made at run time: no texts means that the test passes.
fn compare(tests: &black_box::Crate, table: &[(String, Vec<String>)]) {
    let texts: Vec<Vec<&str>> = table.iter().map(|(_, texts)| texts.iter().map(String::as_str).collect()).collect();
    let rows: Vec<(&str, Expected<'_>)> = table
        .iter()
        .zip(&texts)
        .map(|((test, _), texts)| (test.as_str(), if texts.is_empty() { Passes } else { Fails(texts) }))
        .collect();
    tests.expect(&rows);
}

/// Rows of clients that are installed here.
fn of_installed<'a>(world: &World, rows: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    rows.into_iter().filter(|row| !world.missing.iter().any(|client| row.starts_with(client))).collect()
}

const CLIENTS: [&str; 8] = ["middleware", "reqwest", "blocking", "ureq", "hyper", "curl", "urllib", "requests"];

#[test]
fn every_client_is_seen_and_belongs_to_its_test() {
    let world = World::start();
    let mut table = Vec::new();
    for row in of_installed(&world, ROWS.iter().map(|(row, _)| *row)) {
        let evidence = ROWS.iter().find(|(name, _)| *name == row).expect("it is a row").1;
        table.push((format!("matrix::declared::{row}"), Vec::new()));
        for cell in ["undeclared", "swallowed", "plain"] {
            let test = format!("matrix::{cell}::{row}");
            let blamed = format!("test `{test}` used `http` without declaring it");
            let mut texts = vec![format!("{blamed}\n  seen: {evidence}")];
            // Clients hide the answer to CONNECT, so it is said on standard error: the test's own, where it has one.
            match evidence.split_once(" (proxy") {
                Some((request, _)) if request.starts_with("CONNECT") && cell != "plain" => {
                    texts.push(format!("RESOURCE GUARD: blocked `{request}`: {blamed}\n"));
                }
                // They show the answer to any other request. The panic message has it in quotes.
                Some((request, _)) if cell == "undeclared" => {
                    texts.push(format!("{blamed}\\n  seen: {request} (proxy"))
                }
                _ => {}
            }
            table.push((test, texts));
        }
        let test = format!("matrix::unused::{row}");
        let headline = format!("test `{test}` declares `http` at `api.github.test` and never used it");
        table.push((test, vec![headline]));
    }
    compare(&world.tests("default", "matrix::"), &table);
}

#[test]
fn nothing_is_blocked_or_failed_where_guards_are_off_or_observe() {
    let world = World::start();
    for mode in ["off", "observe"] {
        for engine in [Engine::CargoTest, Engine::Nextest] {
            let tests = world.tests("default", "matrix::undeclared::").env("RESOURCE_GUARDS", mode);
            // curl ignores the variable in upper case.
            let run = tests.env("http_proxy", format!("http://127.0.0.1:{}", world.port)).run(engine);
            assert!(run.status.success(), "{mode}\n{}", run.output);
        }
    }
}

#[test]
fn a_declaration_may_name_hosts() {
    let world = World::start();
    let undeclared = |test: &str, host: &str, evidence: &str| {
        format!("test `hosts::{test}` used `http` at `{host}` without declaring it\n  seen: {evidence}")
    };
    let other = undeclared("another_host_is_undeclared", "www.evil.test", "CONNECT www.evil.test:443 (proxy, pid");
    let hooked = "another_host_is_undeclared_for_the_middleware_too";
    let hooked_says = undeclared(hooked, "www.evil.test", "GET www.evil.test/a (reqwest middleware, pid");
    let below = "a_pattern_for_all_below_a_domain_leaves_the_domain_out";
    let domain = undeclared(below, "crates.test", "GET crates.test/ (proxy, pid");
    let suffixed = undeclared(below, "crates.test.evil.test", "GET crates.test.evil.test/ (proxy, pid");
    world.tests("default", "hosts::").expect(&[
        ("hosts::declared_hosts_pass", Passes),
        ("hosts::without_a_pattern_every_host_is_declared", Passes),
        ("hosts::case_a_final_dot_and_the_port_make_no_difference", Passes),
        (
            "hosts::another_host_is_undeclared",
            Fails(&[&other, "write `http(\"api.github.test\", \"www.evil.test\")` in place of"]),
        ),
        ("hosts::another_host_is_undeclared_for_the_middleware_too", Fails(&[&hooked_says])),
        ("hosts::a_pattern_for_all_below_a_domain_leaves_the_domain_out", Fails(&[&domain, &suffixed])),
        (
            "hosts::a_pattern_that_no_request_matches_is_unused",
            Fails(&["declares `http` at `*.crates.test` and never used it\n  mend: remove `http(\"*.crates.test\")`"]),
        ),
    ]);
    assert!(!world.requests().contains("evil"), "what is refused is not sent");
}

#[test]
fn this_machine_is_not_counted() {
    let world = World::start();
    let mut table = vec![("loopback::the_unspecified_address_is_this_machine".to_owned(), Vec::new())];
    for client in of_installed(&world, CLIENTS) {
        table.push((format!("loopback::v4::{client}"), Vec::new()));
        if world.speaks_ipv6 {
            table.push((format!("loopback::v6::{client}"), Vec::new()));
        }
    }
    let unused = "test `loopback::no_use_is_counted` declares `http` and never used it";
    table.push(("loopback::no_use_is_counted".to_owned(), vec![unused.to_owned()]));
    compare(&without_v6(&world, world.tests("default", "loopback::")), &table);
}

#[test]
fn this_machine_is_counted_where_the_guard_is_told_to() {
    let world = World::start();
    let mut table = Vec::new();
    for client in of_installed(&world, CLIENTS) {
        table.push((format!("declared::{client}"), Vec::new()));
        if world.speaks_ipv6 {
            table.push((format!("v6::{client}"), Vec::new()));
        }
        let test = format!("undeclared::{client}");
        let evidence = match client {
            "middleware" => format!("GET 127.0.0.1:{}/here (reqwest middleware, pid", world.port),
            "ureq" | "hyper" => format!("CONNECT 127.0.0.1:{} (proxy, pid", world.port),
            _ => format!("GET 127.0.0.1:{}/here (proxy, pid", world.port),
        };
        let headline = format!("test `{test}` used `http` without declaring it\n  seen: {evidence}");
        table.push((test, vec![headline]));
    }
    for escape in ["a_client_without_proxies_is_not_seen", "plain_hyper_is_not_seen"] {
        table.push((format!("escapes::{escape}"), Vec::new()));
    }
    table.push(("silence::a_client_gives_up".to_owned(), Vec::new()));
    let seen = "escapes::the_middleware_sees_a_client_without_proxies";
    table.push((seen.to_owned(), vec![format!("test `{seen}` used `http` without declaring it")]));
    compare(&without_v6(&world, world.tests("counting", "::")), &table);
}

/// Where this machine has no `::1`, the rows with it are not run, and that is said.
fn without_v6(world: &World, tests: black_box::Crate) -> black_box::Crate {
    if world.speaks_ipv6 {
        return tests;
    }
    world::not_run("loopback over IPv6", "::1 cannot be listened on");
    tests.args(&["--skip", "v6::"])
}

#[test]
fn no_secret_is_printed_or_written() {
    let world = World::start();
    let records = tempfile::tempdir().unwrap();
    let secret = "hunter2";
    let own = format!("http://me:{secret}@127.0.0.1:{}", world.port);
    for engine in Engine::ALL {
        let run = world
            .tests("default", "secrets::")
            .env("HTTP_PROXY", &own)
            .env("HTTPS_PROXY", &own)
            .env("RESOURCE_GUARDS_RUN", records.path())
            .run(engine);
        for client in of_installed(&world, CLIENTS) {
            let (declared, undeclared) =
                (format!("secrets::declared::{client}"), format!("secrets::undeclared::{client}"));
            assert_eq!(run.test(&declared).outcome, Outcome::Passed, "{}", run.test(&declared).text);
            let text = &run.test(&undeclared).text;
            assert!(text.contains(&format!("test `{undeclared}` used `http` without declaring it")), "{text}");
        }
        // In base64 too: of the user's own proxy and of the URL.
        for shown in [secret, "bWU6aHVudGVyMg", "dXNlcjpodW50ZXIy"] {
            assert!(!run.output.contains(shown), "{shown} under {}\n{}", engine.command(), run.output);
        }
    }
    let written: Vec<String> = fs::read_dir(records.path())
        .unwrap()
        .map(|record| fs::read_to_string(record.unwrap().path()).unwrap())
        .inspect(|record| assert!(!record.contains(secret) && !record.contains("bWU6aHVudGVyMg"), "{record}"))
        .collect();
    assert!(
        written.len() >= 6 * of_installed(&world, CLIENTS).len() && written.concat().contains("api.github.test/path")
    );
    // The other end got what it should.
    let requests = world.requests();
    for sent in ["token=hunter2", "authorization: Bearer hunter2", "proxy-authorization: Basic bWU6aHVudGVyMg=="] {
        assert!(requests.contains(sent), "{sent}\n{requests}");
    }
}

#[test]
fn proxies_of_another_kind_are_left_alone_and_reported() {
    let world = World::start();
    for own in ["socks5://me:hunter2@127.0.0.1:1", "https://me:hunter2@127.0.0.1:1"] {
        let kind = own.split(':').next().expect("a URL has a scheme");
        let note = format!(
            "whether test `own::left_alone::what_may_be_used_unseen_is_not_called_unused` used `http` could not be \
             observed: ALL_PROXY is a {kind} proxy"
        );
        let seen = "own::left_alone::the_middleware_sees_its_uses_all_the_same";
        let headline =
            format!("test `{seen}` used `http` without declaring it\n  seen: GET api.github.test/users (reqwest");
        let tests = world.tests("default", "own::left_alone").env_remove("HTTP_PROXY").env_remove("HTTPS_PROXY");
        let tests = tests.env("ALL_PROXY", own);
        tests.expect(&[
            ("own::left_alone::the_variables_are_as_the_user_set_them", Passes),
            ("own::left_alone::what_may_be_used_unseen_is_not_called_unused", PassesSaying(&[&note])),
            (seen, Fails(&[&headline])),
        ]);
    }
}

#[test]
fn the_users_exceptions_are_asked_directly_and_guarded() {
    let world = World::start();
    if world.missing.contains(&"urllib") {
        return;
    }
    let guarded = "own::exceptions::urllib_is_guarded_on_the_way_to_one";
    let headline = format!("test `{guarded}` used `http` without declaring it\n  seen: GET 127.1:1/x (proxy, pid");
    world.tests("default", "own::exceptions").env("NO_PROXY", "127.1,.corp.example").expect(&[
        ("own::exceptions::urllib_reaches_a_host_that_is_one_directly", Passes),
        (guarded, Fails(&[&headline])),
    ]);
    world.tests("default", "own::variables").expect(&[("own::variables::all_six_name_the_guards_proxy", Passes)]);
}

#[test]
fn a_variable_that_names_no_proxy_is_an_error_at_start() {
    let world = World::start();
    for (variable, value, shown) in [
        ("HTTP_PROXY", "http://me:hunter2@:x", "`http://…@:x`: it has no valid host and port"),
        ("https_proxy", "gopher://proxy.example", "`gopher://proxy.example`: its scheme is not http"),
        ("ALL_PROXY", "not a proxy", "`not a proxy`: it has no valid host and port"),
    ] {
        for engine in Engine::ALL {
            let tests = world.tests("default", "own::variables").env_remove("HTTP_PROXY").env_remove("HTTPS_PROXY");
            let run = tests.env(variable, value).run(engine);
            assert!(!run.status.success(), "{}", run.output);
            for said in [
                format!("cannot use the proxy in `{variable}`"),
                shown.to_owned(),
                format!("correct {variable} or unset it"),
            ] {
                assert!(run.output.contains(&said), "{said} under {}\n{}", engine.command(), run.output);
            }
            assert!(!run.output.contains("hunter2"), "{}", run.output);
        }
    }
}

#[test]
fn a_refused_request_returns_the_violation() {
    let world = World::start();
    let told = "downcast: UndeclaredUse of Some(\"http\"); Some(\"declare `http` in #[uses(…)]";
    let row = |test: &str| format!("test `errors::{test}` used `http` without declaring it");
    let (plain, wrapped) =
        (row("the_error_of_a_refused_request_has_the_violation"), row("another_middleware_may_wrap_it"));
    world.tests("default", "errors::").expect(&[
        ("errors::the_error_of_a_refused_request_has_the_violation", Fails(&[&plain, told])),
        ("errors::another_middleware_may_wrap_it", Fails(&[&wrapped, told])),
        ("errors::other_errors_have_none", Passes),
    ]);
}

#[test]
fn a_request_belongs_to_the_fixture_that_sends_it() {
    let world = World::start();
    let body = |test: &str, by: &str| {
        format!(
            "test `fixtures::{test}` used `http` at `api.github.test` without declaring it\n  seen: GET api.github.test/body ({by}, pid"
        )
    };
    let proxied = "the_body_is_asked_for_itself_over_the_set_ups_connection";
    let hooked = "the_body_is_asked_for_itself_with_the_middleware";
    world.tests("default", "fixtures::").expect(&[
        ("fixtures::both_ends_belong_to_the_fixture", Passes),
        ("fixtures::both_ends_belong_to_the_fixture_through_a_tunnel", Passes),
        ("fixtures::both_ends_belong_to_the_fixture_with_the_middleware", Passes),
        (&format!("fixtures::{proxied}"), Fails(&[&body(proxied, "proxy")])),
        (&format!("fixtures::{hooked}"), Fails(&[&body(hooked, "reqwest middleware")])),
        ("fixtures::a_teardown_over_the_bodys_connection_is_the_fixtures", Passes),
        ("fixtures::a_teardown_through_the_bodys_tunnel_is_the_fixtures", Passes),
        (
            "fixtures::a_teardown_that_asks_another_host_is_named",
            Fails(&["fixture `fixtures::stray` used `http` at `api.github.test` without declaring it\n  in:   test `fixtures::a_teardown_that_asks_another_host_is_named`\n  seen: GET api.github.test/down (proxy"]),
        ),
        (
            "fixtures::a_teardown_that_declares_nothing_is_named",
            Fails(&["fixture `fixtures::quiet` used `http` without declaring it\n  in:   test `fixtures::a_teardown_that_declares_nothing_is_named`\n  seen: GET api.github.test/down (proxy"]),
        ),
        (
            "fixtures::a_test_that_does_not_declare_its_fixtures_resource_is_named",
            Fails(&["enters fixture `fixtures::session`, which declares `http`, without declaring it too"]),
        ),
    ]);
}

#[test]
fn sixty_four_tests_at_once_are_told_apart() {
    let world = World::start();
    let mut table = Vec::new();
    for n in 0..32 {
        table.push((format!("many::declared::t{n:02}"), Vec::new()));
        let test = format!("many::undeclared::t{n:02}");
        let headline =
            format!("test `{test}` used `http` without declaring it\n  seen: CONNECT api.github.test:443 (proxy");
        table.push((test, vec![headline]));
    }
    let tests = world.tests("default", "many::").env("RUST_TEST_THREADS", "64").env("NEXTEST_TEST_THREADS", "64");
    compare(&tests, &table);
}

#[test]
fn requests_leave_nothing_open() {
    let world = World::start();
    world
        .tests("default", "life::")
        .expect(&[("life::five_hundred_requests_leak_no_descriptor_and_no_thread", Passes)]);
}

#[test]
fn clients_that_do_not_keep_to_the_rules_are_answered() {
    let world = World::start();
    let gone =
        "test `bad_input::a_client_that_does_not_wait_for_its_refusal_is_counted` used `http` without declaring it";
    world.tests("default", "bad_input::").expect(&[
        ("bad_input::what_is_no_request_is_answered_and_not_counted", Passes),
        ("bad_input::a_client_that_does_not_wait_for_its_refusal_is_counted", Fails(&[gone])),
        ("bad_input::clients_that_wait_keep_no_other_from_its_answer", Passes),
    ]);
}

#[test]
fn the_guard_registers_itself_once_its_crate_is_linked() {
    let world = World::start();
    let headline = "test `http_is_guarded` used `http` without declaring it\n  seen: CONNECT api.github.test:80 (proxy";
    world.tests("registered", "").expect(&[("http_is_guarded", Fails(&[headline]))]);
}

#[test]
fn two_settings_of_the_guard_are_an_error_at_start() {
    let world = World::start();
    for engine in Engine::ALL {
        let run = world.tests("twice", "").run(engine);
        assert!(!run.status.success(), "{}", run.output);
        for said in ["is registered twice with different settings", "http/tests/twice.rs:3", "counts_loopback: true"] {
            assert!(run.output.contains(said), "{said}\n{}", run.output);
        }
    }
}
