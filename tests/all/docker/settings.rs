//! Daemons elsewhere, and what cannot be made sense of.

use std::env;
use std::fs;
use std::os::unix::net::UnixListener;
use std::sync::atomic::Ordering;

use black_box::Expected::{Fails, Passes, PassesSaying};
use black_box::{Crate, Engine, Expected};

use super::daemon::{Daemon, SOCKET, program};
use super::world::{at_a_port, at_another_socket, commands_that_print, fake_engine};

/// Runs one module of the tests. nextest also names those that it does not run.
fn expect(krate: &Crate, engines: &[Engine], module: &str, table: &[(&str, Expected<'_>)]) {
    for &engine in engines {
        let show_output: &[&str] = if engine == Engine::Nextest { &[] } else { &["--show-output"] };
        let mut run = krate.clone().args(&[module]).args(show_output).run(engine);
        run.tests.retain(|test| test.name.starts_with(module));
        run.expect(table);
    }
}

const NOT_SEEN: &str = "DOCKER_HOST is tcp://";

fn undeclared(evidence: &str) -> String {
    format!("used `docker` without declaring it\n  seen: {evidence}")
}

#[test]
fn an_address_that_is_no_socket_is_left_alone_and_said_to_be_unseen() {
    let Some(daemon) = Daemon::find() else { return };
    let host = at_a_port();
    let krate = daemon.krate("settings").env("DOCKER_HOST", &host).env("TEST_HOST", &host);
    expect(
        &krate,
        &Engine::ALL,
        "tcp::",
        &[
            ("tcp::a_declaration_that_nothing_is_seen_of_is_not_called_unused", PassesSaying(&[NOT_SEEN])),
            ("tcp::a_client_that_is_not_seen_is_left_alone", Passes),
            ("tcp::the_hook_works", Passes),
            ("tcp::the_hook_sees", Fails(&[&undeclared("GET /images/json (SDK hook, pid")])),
            ("tcp::the_command_works", Passes),
            ("tcp::the_command_is_seen", Fails(&[&undeclared("docker ps (PATH wrapper, pid")])),
        ],
    );
}

#[test]
fn contexts_of_the_command_keep_working() {
    let Some(daemon) = Daemon::find() else { return };
    let temp = tempfile::tempdir().unwrap();
    let socket = temp.path().join("other.sock");
    let connections = at_another_socket(&socket);
    let config = temp.path().join("config");
    let endpoint = format!("--docker=host=unix://{}", socket.display());
    daemon.docker(&["--config", &config.display().to_string(), "context", "create", "other", &endpoint]);
    expect(
        &daemon.krate("settings").env("DOCKER_CONFIG", config),
        &Engine::ALL,
        "context::",
        &[
            ("context::named_by_an_argument", Passes),
            ("context::named_by_a_variable", Passes),
            ("context::undeclared", Fails(&[&undeclared("docker -c … (PATH wrapper, pid")])),
        ],
    );
    let connections = connections.load(Ordering::Relaxed);
    assert!(connections >= 2 * Engine::ALL.len(), "{connections}");
}

/// In a session whose directory is deep, too.
#[test]
fn commands_get_the_variables_of_the_user() {
    let Some(daemon) = Daemon::find() else { return };
    let temp = tempfile::tempdir().unwrap();
    let bin = commands_that_print(temp.path(), &["docker", "podman"], &["DOCKER_HOST", "CONTAINER_HOST"]);
    let path = env::join_paths([bin].into_iter().chain(env::split_paths(&env::var_os("PATH").unwrap()))).unwrap();
    let socket = temp.path().join("of the user's.sock");
    fake_engine(&socket);
    let host = format!("unix://{}", socket.display());
    let table = [
        ("restored::docker_gets_the_values_of_the_user", Passes),
        ("restored::docker_gets_the_value_of_the_test", Passes),
        ("restored::podman_gets_the_values_of_the_user", Passes),
        ("restored::podman_is_seen", Fails(&["podman (PATH wrapper, pid"])),
    ];
    let krate = daemon.krate("settings").env("PATH", path);
    expect(&krate, &Engine::ALL, "restored::", &table);
    let set = krate.env("DOCKER_HOST", &host).env("CONTAINER_HOST", &host).env("TEST_HOST", &host);
    expect(&set, &Engine::ALL, "restored::", &table);
    let deep = temp.path().join("d".repeat(120));
    fs::create_dir(&deep).unwrap();
    expect(&set.env("RESOURCE_GUARDS_TMPDIR", deep), &[Engine::CargoTest], "restored::", &table);
}

#[test]
fn podman_s_own_socket_is_watched_too() {
    let Some(daemon) = Daemon::find() else { return };
    let temp = tempfile::tempdir().unwrap();
    let socket = temp.path().join("podman.sock");
    fake_engine(&socket);
    let finds_podman = ("podman::a_script_that_looks_for_podman_finds_none", Fails(&[]));
    let finds_none = (finds_podman.0, Passes);
    let krate = daemon.krate("settings").env("CONTAINER_HOST", format!("unix://{}", socket.display()));
    expect(
        &krate,
        &Engine::ALL,
        "podman::",
        &[
            ("podman::declared", Passes),
            ("podman::undeclared", Fails(&[&undeclared("GET /libpod/info (relay, pid")])),
            ("podman::a_ping_is_no_use", Fails(&["declares `docker` and never used it"])),
            if program("podman").is_some() { finds_podman } else { finds_none },
        ],
    );
}

#[test]
fn a_daemon_that_is_not_there_gives_clients_the_errors_that_they_get_without_a_guard() {
    let Some(daemon) = Daemon::find() else { return };
    let temp = tempfile::tempdir().unwrap();
    let host = format!("unix://{}", temp.path().join("nobody.sock").display());
    let unseen =
        PassesSaying(&["whether test `", "` used `docker` could not be observed: `", "nobody.sock`: No such file"]);
    expect(
        &daemon.krate("settings").env("DOCKER_HOST", host),
        &Engine::ALL,
        "missing::",
        &[
            ("missing::a_client_finds_no_socket", unseen),
            ("missing::bollard_says_that_the_socket_is_not_found", unseen),
            ("missing::the_hook_says_what_bollard_says", Passes),
            ("missing::the_command_says_that_it_cannot_connect", Passes),
            (
                "missing::an_undeclared_command_is_refused_all_the_same",
                Fails(&[&undeclared("docker ps (PATH wrapper, pid")]),
            ),
        ],
    );
}

/// The daemon has died, and its socket is still there.
#[test]
fn a_daemon_that_has_died_gives_clients_the_errors_that_they_get_without_a_guard() {
    let Some(daemon) = Daemon::find() else { return };
    let temp = tempfile::tempdir().unwrap();
    let socket = temp.path().join("stale.sock");
    drop(UnixListener::bind(&socket).unwrap());
    let unseen = PassesSaying(&[
        "whether test `",
        "` used `docker` could not be observed: `",
        "stale.sock`: Connection refused",
    ]);
    expect(
        &daemon.krate("settings").env("DOCKER_HOST", format!("unix://{}", socket.display())),
        &Engine::ALL,
        "stale::",
        &[
            ("stale::a_client_is_refused", unseen),
            ("stale::bollard_says_what_it_says_without_a_guard", unseen),
            ("stale::the_command_says_that_it_cannot_connect", Passes),
        ],
    );
}

#[test]
fn a_daemon_that_goes_away_gives_clients_the_errors_that_they_get_without_a_guard_until_it_is_back() {
    let Some(daemon) = Daemon::find() else { return };
    let temp = tempfile::tempdir().unwrap();
    let link = temp.path().join("link.sock");
    std::os::unix::fs::symlink(SOCKET, &link).unwrap();
    let krate = daemon.krate("settings").env("DOCKER_HOST", format!("unix://{}", link.display()));
    expect(
        &krate.env("TEST_LINK", link),
        &Engine::ALL,
        "leaving::",
        &[("leaving::clients_get_the_error_of_a_direct_connection_and_then_the_daemon", Passes)],
    );
}

/// The sockets are elsewhere then, in a private directory that goes with the session.
#[test]
fn a_deep_session_directory_is_no_hindrance() {
    let Some(daemon) = Daemon::find() else { return };
    let temp = tempfile::tempdir().unwrap();
    let deep = temp.path().join("a".repeat(60)).join("b".repeat(60));
    fs::create_dir_all(&deep).unwrap();
    let runtime = tempfile::tempdir_in("/tmp").unwrap();
    let krate = daemon.krate("settings").env("RESOURCE_GUARDS_TMPDIR", &deep).env("XDG_RUNTIME_DIR", runtime.path());
    expect(
        &krate,
        &Engine::ALL,
        "deep::",
        &[("deep::declared", Passes), ("deep::undeclared", Fails(&[&undeclared("GET /images/json (relay, pid")]))],
    );
    // Both had a directory for the sessions of this user, and nothing is left in it.
    for used in [runtime.path(), &deep] {
        let [base] = &fs::read_dir(used).unwrap().flatten().collect::<Vec<_>>()[..] else {
            panic!("`{}` was not used", used.display());
        };
        assert_eq!(fs::read_dir(base.path()).unwrap().count(), 0, "in {}", base.path().display());
    }
}

#[test]
fn a_host_that_makes_no_sense_ends_the_run_with_a_word_about_it() {
    for (variable, host, why) in [
        ("DOCKER_HOST", "docker.sock", "it has none of the forms unix:///path, tcp://host:port"),
        ("DOCKER_HOST", "unix://docker.sock", "the path of the socket is not absolute"),
        ("CONTAINER_HOST", "gopher://x", "it has none of the forms unix:///path, tcp://host:port"),
    ] {
        for engine in Engine::ALL {
            let krate = Crate::named("docker").cargo_args(&["--test=many"]).args(&["declared::t01"]);
            let run = krate.env_remove("DOCKER_HOST").env(variable, host).run(engine);
            assert!(!run.status.success(), "{}", run.output);
            let said = run.output.contains(&format!("{variable}={host}`: {why}"))
                && run.output.contains(&format!("correct {variable} or unset it"));
            assert!(said, "{}", run.output);
        }
    }
}
