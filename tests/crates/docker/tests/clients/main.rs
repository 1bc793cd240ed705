//! Each client in four cells: declared and used, undeclared, undeclared and swallowed, declared and unused.

mod cli;
mod libraries;
mod sdk;

use bollard::Docker as Plain;
use docker::{clients, docker as by_name, docker_by_path as by_path};
use guard_docker::Docker;
use resource_guards::uses;

resource_guards::install!(Docker);

clients! {
    hook_local_defaults: sdk::call(guard_docker::connect_with_local_defaults), sdk::prepare(guard_docker::connect_with_local_defaults);
    hook_unix_defaults: sdk::call(guard_docker::connect_with_unix_defaults), sdk::prepare(guard_docker::connect_with_unix_defaults);
    hook_socket_defaults: sdk::call(guard_docker::connect_with_socket_defaults), sdk::prepare(guard_docker::connect_with_socket_defaults);
    hook_defaults: sdk::call(guard_docker::connect_with_defaults), sdk::prepare(guard_docker::connect_with_defaults);
    hook_exec: sdk::exec(guard_docker::connect_with_local_defaults), sdk::prepare(guard_docker::connect_with_local_defaults);
    plain_local_defaults: sdk::call(Plain::connect_with_local_defaults), sdk::prepare(Plain::connect_with_local_defaults);
    plain_unix_defaults: sdk::call(Plain::connect_with_unix_defaults), sdk::prepare(Plain::connect_with_unix_defaults);
    plain_defaults: sdk::call(Plain::connect_with_defaults), sdk::prepare(Plain::connect_with_defaults);
    plain_exec: sdk::exec(Plain::connect_with_local_defaults), sdk::prepare(Plain::connect_with_local_defaults);
    a_testcontainer: libraries::testcontainer(), libraries::unstarted();
    python: libraries::python("images.list(name='resource-guards-test')"), libraries::python("ping()").unwrap();
    ps: cli::ps(by_name), cli::nothing();
    run: cli::run(by_name), cli::nothing();
    exec: cli::exec(by_name), cli::nothing();
    logs: cli::logs(by_name), cli::nothing();
    build: cli::build(by_name), cli::nothing();
    ps_by_path: cli::ps(by_path), cli::version(by_path);
    run_by_path: cli::run(by_path), cli::version(by_path);
    exec_by_path: cli::exec(by_path), cli::version(by_path);
    logs_by_path: cli::logs(by_path), cli::version(by_path);
    build_by_path: cli::build(by_path), cli::version(by_path);
}

/// What a refused call returns leads to the violation.
#[uses()]
#[test]
fn a_refused_call_returns_the_violation() {
    sdk::refused();
}
