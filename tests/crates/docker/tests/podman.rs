//! Clients of podman in four cells: declared and used, undeclared, undeclared and swallowed, declared and unused.

#[path = "clients/cli.rs"]
#[expect(dead_code, reason = "podman's `build` prints another id")]
mod cli;
#[path = "clients/sdk.rs"]
#[expect(dead_code, reason = "podman gives images longer names")]
mod sdk;

use std::process::Command;

use bollard::Docker as Plain;
use docker::{clients, setting};
use resource_guards::uses;

resource_guards::install!(guard_docker::Docker);

fn by_name() -> Command {
    Command::new("podman")
}

/// A remote client, by `CONTAINER_HOST`.
fn by_path() -> Command {
    Command::new(setting("TEST_PODMAN_PATH"))
}

clients! {
    ps: cli::ps(by_name), cli::nothing();
    run: cli::run(by_name), cli::nothing();
    exec: cli::exec(by_name), cli::nothing();
    logs: cli::logs(by_name), cli::nothing();
    ps_by_path: cli::ps(by_path), cli::version(by_path);
    run_by_path: cli::run(by_path), cli::version(by_path);
    exec_by_path: cli::exec(by_path), cli::version(by_path);
    logs_by_path: cli::logs(by_path), cli::version(by_path);
    bollard_exec: sdk::exec(Plain::connect_with_podman_defaults), sdk::prepare(Plain::connect_with_podman_defaults);
}
