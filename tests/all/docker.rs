//! Docker: each client, however it finds the daemon, is seen and belongs to its test.

mod daemon;

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

#[test]
fn every_client_is_seen_and_belongs_to_its_test() {
    let (Some(daemon), Some(python)) = (Daemon::find(), python()) else { return };
    let mut table = Vec::new();
    for (client, evidence) in CLIENTS {
        let evidence = evidence.replace("NAME", &daemon.container);
        table.push((format!("declared::{client}"), None));
        for cell in ["undeclared", "swallowed"] {
            let headline = format!("test `{cell}::{client}` used `docker` without declaring it\n  seen: {evidence}");
            table.push((format!("{cell}::{client}"), Some(headline)));
        }
        let headline = format!("test `unused::{client}` declares `docker` and never used it");
        table.push((format!("unused::{client}"), Some(headline)));
    }
    let test = "a_refused_call_returns_the_violation";
    let headline = format!("test `{test}` used `docker` without declaring it\n  seen: GET /images/json (SDK hook");
    table.push((test.to_owned(), Some(headline)));

    let texts: Vec<Vec<&str>> = table.iter().map(|(_, headline)| headline.as_deref().into_iter().collect()).collect();
    let rows: Vec<_> = table
        .iter()
        .zip(&texts)
        .map(|((test, headline), texts)| (test.as_str(), if headline.is_some() { Fails(texts) } else { Passes }))
        .collect();
    daemon.krate("clients").env("TEST_PYTHON", python).expect(&rows);
}
