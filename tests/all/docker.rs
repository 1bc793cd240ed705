//! Docker: each client, however it finds the daemon, is seen and belongs to its test.

pub(crate) mod daemon;
mod podman;
mod settings;
mod world;

use black_box::Crate;
use black_box::Expected::{Fails, Passes};

use daemon::{Daemon, python};

/// The clients of the crate, with what the evidence calls their first call. `NAME` is the container's.
const CLIENTS: &[(&str, &str)] = &[
    ("hook_local_defaults", "GET /images/json (SDK hook, pid"),
    ("hook_unix_defaults", "GET /images/json (SDK hook, pid"),
    ("hook_socket_defaults", "GET /images/json (SDK hook, pid"),
    ("hook_defaults", "GET /images/json (SDK hook, pid"),
    ("hook_exec", "POST /containers/NAME/exec (SDK hook, pid"),
    ("plain_local_defaults", "GET /images/json (relay, pid"),
    ("plain_unix_defaults", "GET /images/json (relay, pid"),
    ("plain_defaults", "GET /images/json (relay, pid"),
    ("plain_exec", "POST /containers/NAME/exec (relay, pid"),
    ("a_testcontainer", "POST /containers/create (relay, pid"),
    ("python", "GET /images/json (relay, pid"),
    ("ps", "docker ps … (PATH wrapper, pid"),
    ("run", "docker run … (PATH wrapper, pid"),
    ("exec", "docker exec … (PATH wrapper, pid"),
    ("logs", "docker logs … (PATH wrapper, pid"),
    ("build", "docker build … (PATH wrapper, pid"),
    ("ps_by_path", "GET /containers/json (relay, pid"),
    ("run_by_path", "POST /containers/create (relay, pid"),
    ("exec_by_path", "GET /containers/NAME/json (relay, pid"),
    ("logs_by_path", "GET /containers/NAME/json (relay, pid"),
    ("build_by_path", "POST /build (relay, pid"),
];

/// A test, with the headline that it fails with, if it does.
type Row = (String, Option<String>);

/// The four cells of clients, each with what the evidence calls its first call.
fn cells<'a>(clients: impl Iterator<Item = (&'a str, String)>) -> Vec<Row> {
    let mut table = Vec::new();
    for (client, evidence) in clients {
        table.push((format!("declared::{client}"), None));
        for cell in ["undeclared", "swallowed"] {
            let headline = format!("test `{cell}::{client}` used `docker` without declaring it\n  seen: {evidence}");
            table.push((format!("{cell}::{client}"), Some(headline)));
        }
        let headline = format!("test `unused::{client}` declares `docker` and never used it");
        table.push((format!("unused::{client}"), Some(headline)));
    }
    table
}

fn expect(krate: &Crate, table: &[Row]) {
    let texts: Vec<Vec<&str>> = table.iter().map(|(_, headline)| headline.as_deref().into_iter().collect()).collect();
    let rows: Vec<_> = table
        .iter()
        .zip(&texts)
        .map(|((test, headline), texts)| (test.as_str(), if headline.is_some() { Fails(texts) } else { Passes }))
        .collect();
    krate.expect(&rows);
}

#[test]
fn every_client_is_seen_and_belongs_to_its_test() {
    let (Some(daemon), Some(python)) = (Daemon::find(), python()) else { return };
    let mut table = cells(CLIENTS.iter().map(|(client, seen)| (*client, seen.replace("NAME", &daemon.container))));
    let test = "a_refused_call_returns_the_violation";
    let headline = format!("test `{test}` used `docker` without declaring it\n  seen: GET /images/json (SDK hook");
    table.push((test.to_owned(), Some(headline)));

    expect(&daemon.krate("clients").env("TEST_PYTHON", python), &table);
    let left = daemon.docker(&["ps", "-aq", "--filter=label=org.testcontainers.managed-by=testcontainers"]);
    assert_eq!(left, "", "a testcontainer is left");
}

#[test]
fn fixtures_teardowns_and_kept_connections_are_judged_by_their_own_words() {
    let Some(daemon) = Daemon::find() else { return };
    let images = "seen: GET /images/json (relay, pid";
    let secret = "fixture `nosy_at_the_end` used `docker` without declaring it";
    daemon.krate("life").expect(&[
        ("a_fixture_removes_its_container", Passes),
        ("a_fixture_removes_its_container_when_the_test_panics", Fails(&["its own reason"])),
        ("a_fixture_removes_its_container_when_an_async_test_panics", Fails(&["its own reason"])),
        ("a_refused_call_in_a_teardown_is_reported", Fails(&[secret, images])),
        ("a_refused_call_in_a_teardown_is_reported_when_the_test_panics", Fails(&[secret, images, "its own reason"])),
        ("a_refused_call_in_a_drop_is_reported", Fails(&["reported` used `docker` without declaring it", images])),
        (
            "a_connection_of_the_test_is_of_no_use_to_its_fixture",
            Fails(&["fixture `nosy` used `docker` without declaring it", images]),
        ),
        (
            "a_connection_of_a_fixture_is_of_no_use_to_its_test",
            Fails(&["of_no_use_to_its_test` used `docker` without declaring it", "fixture `connected`"]),
        ),
        ("a_connection_is_kept_from_stretch_to_stretch", Passes),
        ("ten_thousand_connections_leave_nothing_behind", Passes),
    ]);
    let left = daemon.docker(&["ps", "-a", "--format={{.Names}}", &format!("--filter=name={}-", daemon.container)]);
    assert_eq!(left, "", "containers of fixtures are left");
}

#[test]
fn sixty_four_tests_talk_to_the_daemon_at_once() {
    let Some(daemon) = Daemon::find() else { return };
    let names: Vec<_> = (1..=32).map(|n| (format!("declared::t{n:02}"), format!("undeclared::t{n:02}"))).collect();
    let headline = ["used `docker` without declaring it\n  seen: GET /images/json (relay, pid"];
    let rows: Vec<_> = names
        .iter()
        .flat_map(|(declared, undeclared)| [(&declared[..], Passes), (&undeclared[..], Fails(&headline))])
        .collect();
    daemon.krate("many").env("RUST_TEST_THREADS", "64").env("NEXTEST_TEST_THREADS", "64").expect(&rows);
}

#[test]
fn nested_tests_that_talk_to_docker_are_judged_by_themselves() {
    let Some(daemon) = Daemon::find() else { return };
    Crate::named("docker").cargo_args(&["--test=inner"]).build();
    daemon.krate("outer").expect(&[
        ("nested_tests_are_judged_by_themselves", Passes),
        ("so_are_tests_that_these_run", Passes),
        (
            "uses_of_nested_tests_are_theirs",
            Fails(&["test `uses_of_nested_tests_are_theirs` declares `docker` and never used it"]),
        ),
        ("uses_of_its_own", Passes),
    ]);
}
