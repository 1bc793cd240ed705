//! Daemons elsewhere: what the user's environment says. Each module is run in an environment of its own.

use std::env;
use std::io;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::Command;

use bollard::Docker as Plain;
use docker::{Connection, docker, docker_by_path, setting, text};
use resource_guards::uses;

resource_guards::install!(guard_docker::Docker);

fn wait<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

fn images(connected: Result<Plain, bollard::errors::Error>) -> Result<(), bollard::errors::Error> {
    wait(async { connected?.list_images(None::<bollard::query_parameters::ListImagesOptions>).await.map(drop) })
}

/// `DOCKER_HOST` is a TCP address.
mod tcp {
    use super::*;

    #[uses(docker)]
    #[test]
    fn a_declaration_that_nothing_is_seen_of_is_not_called_unused() {
        images(Plain::connect_with_defaults()).unwrap();
    }

    #[uses()]
    #[test]
    fn a_client_that_is_not_seen_is_left_alone() {
        assert_eq!(env::var("DOCKER_HOST"), Ok(setting("TEST_HOST")));
        images(Plain::connect_with_defaults()).unwrap();
    }

    #[uses(docker)]
    #[test]
    fn the_hook_works() {
        images(guard_docker::connect_with_defaults()).unwrap();
        images(guard_docker::connect_with_http_defaults()).unwrap();
        images(guard_docker::connect_with_host(&setting("TEST_HOST"))).unwrap();
    }

    #[uses()]
    #[test]
    fn the_hook_sees() {
        images(guard_docker::connect_with_defaults()).unwrap_err();
    }

    #[uses(docker)]
    #[test]
    fn the_command_works() {
        text(docker().arg("ps")).unwrap();
    }

    #[uses()]
    #[test]
    fn the_command_is_seen() {
        text(docker().arg("ps")).unwrap_err();
    }
}

/// There is a context called `other`.
mod context {
    use super::*;

    #[uses(docker)]
    #[test]
    fn named_by_an_argument() {
        text(docker().args(["-c", "other", "ps"])).unwrap();
    }

    #[uses(docker)]
    #[test]
    fn named_by_a_variable() {
        text(docker().arg("ps").env("DOCKER_CONTEXT", "other")).unwrap();
    }

    #[uses()]
    #[test]
    fn undeclared() {
        text(docker().args(["-c", "other", "ps"])).unwrap_err();
    }
}

/// The commands are scripts that print `DOCKER_HOST` and `CONTAINER_HOST`, as `docker` may be podman in disguise, and podman
/// may run `docker-compose`.
mod restored {
    use super::*;

    /// The user's own value, or nothing.
    fn own() -> String {
        env::var("TEST_HOST").unwrap_or_default()
    }

    #[uses(docker)]
    #[test]
    fn docker_gets_the_values_of_the_user() {
        assert_eq!(text(&mut docker()), Ok(format!("{0}\n{0}\n", own())));
        assert_ne!(env::var("DOCKER_HOST").unwrap(), own());
    }

    #[uses(docker)]
    #[test]
    fn docker_gets_the_value_of_the_test() {
        assert_eq!(
            text(docker().env("DOCKER_HOST", "unix:///of/the/test.sock")),
            Ok(format!("unix:///of/the/test.sock\n{}\n", own()))
        );
    }

    #[uses(docker)]
    #[test]
    fn podman_gets_the_values_of_the_user() {
        assert_eq!(text(&mut Command::new("podman")), Ok(format!("{0}\n{0}\n", own())));
    }

    #[uses()]
    #[test]
    fn podman_is_seen() {
        text(&mut Command::new("podman")).unwrap_err();
    }
}

/// `CONTAINER_HOST` is a socket, and no podman is installed.
mod podman {
    use super::*;

    fn ask(path: &str) -> u16 {
        Connection::to(&setting("CONTAINER_HOST")).unwrap().get(path).unwrap()
    }

    #[uses(docker)]
    #[test]
    fn declared() {
        assert_eq!(ask("/v4.0.0/libpod/info"), 200);
    }

    #[uses()]
    #[test]
    fn undeclared() {
        assert_eq!(ask("/v4.0.0/libpod/info"), 403);
    }

    #[uses(docker)]
    #[test]
    fn a_ping_is_no_use() {
        assert_eq!(ask("/v4.0.0/libpod/_ping"), 200);
    }

    #[uses()]
    #[test]
    fn a_script_that_looks_for_podman_finds_none() {
        text(Command::new("sh").args(["-c", "command -v podman"])).unwrap_err();
    }
}

fn no_command_connects() {
    for mut docker in [docker(), docker_by_path()] {
        let said = text(docker.arg("ps")).unwrap_err();
        assert!(said.contains("Is the docker daemon running?"), "{said}");
    }
}

/// `DOCKER_HOST` is a socket where nothing listens.
mod missing {
    use super::*;

    fn host() -> PathBuf {
        env::var("DOCKER_HOST").unwrap().strip_prefix("unix://").unwrap().into()
    }

    #[uses(docker)]
    #[test]
    fn a_client_finds_no_socket() {
        assert!(host().ends_with("nobody.sock"), "the user's own");
        assert_eq!(UnixStream::connect(host()).unwrap_err().kind(), io::ErrorKind::NotFound);
    }

    #[uses(docker)]
    #[test]
    fn bollard_says_that_the_socket_is_not_found() {
        let error = images(Plain::connect_with_local_defaults()).unwrap_err();
        assert!(matches!(error, bollard::errors::Error::SocketNotFoundError(_)), "{error:?}");
    }

    #[uses(docker)]
    #[test]
    fn the_hook_says_what_bollard_says() {
        let error = images(guard_docker::connect_with_local_defaults()).unwrap_err();
        assert!(matches!(error, bollard::errors::Error::SocketNotFoundError(_)), "{error:?}");
        let _ = text(docker().arg("ps"));
    }

    #[uses(docker)]
    #[test]
    fn the_command_says_that_it_cannot_connect() {
        no_command_connects();
    }

    #[uses()]
    #[test]
    fn an_undeclared_command_is_refused_all_the_same() {
        text(docker().arg("ps")).unwrap_err();
    }
}

/// A socket that nobody listens on.
mod stale {
    use super::*;

    #[uses(docker)]
    #[test]
    fn a_client_is_refused() {
        let host = env::var("DOCKER_HOST").unwrap();
        assert!(host.ends_with("stale.sock"), "the user's own");
        let error = UnixStream::connect(host.strip_prefix("unix://").unwrap()).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::ConnectionRefused);
    }

    #[uses(docker)]
    #[test]
    fn bollard_says_what_it_says_without_a_guard() {
        let of_client = images(Plain::connect_with_local_defaults()).unwrap_err();
        assert!(format!("{of_client:?}").contains("ConnectionRefused"), "{of_client:?}");
    }

    #[uses(docker)]
    #[test]
    fn the_command_says_that_it_cannot_connect() {
        no_command_connects();
    }
}

/// `DOCKER_HOST` is a link to the socket of the daemon, which is taken away and put back.
mod leaving {
    use super::*;

    /// What a plain client is told.
    fn said() -> String {
        format!("{:?}", images(Plain::connect_with_local_defaults()).unwrap_err())
    }

    #[uses(docker)]
    #[test]
    fn clients_get_the_error_of_a_direct_connection_and_then_the_daemon() {
        let link = PathBuf::from(setting("TEST_LINK"));
        let away = link.with_extension("away");
        let relay = env::var("DOCKER_HOST").unwrap();
        images(Plain::connect_with_local_defaults()).unwrap();
        std::fs::rename(&link, &away).unwrap();
        // The first client has been let in by then.
        let _ = said();
        let direct = images(Plain::connect_with_unix(link.to_str().unwrap(), 5, bollard::API_DEFAULT_VERSION));
        assert_eq!(
            said(),
            format!("{:?}", direct.unwrap_err())
                .replace(link.to_str().unwrap(), relay.strip_prefix("unix://").unwrap())
        );
        no_command_connects();
        std::fs::rename(&away, &link).unwrap();
        let socket = relay.strip_prefix("unix://").unwrap();
        while UnixStream::connect(socket).is_err() {
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
        images(Plain::connect_with_local_defaults()).unwrap();
    }
}

/// The session's directory is deep.
mod deep {
    use super::*;

    #[uses(docker)]
    #[test]
    fn declared() {
        let host = env::var("DOCKER_HOST").unwrap();
        assert!(host.len() < "unix://".len() + 100, "{host}");
        assert_eq!(Connection::open().unwrap().get("/images/json").unwrap(), 200);
        text(docker().arg("ps")).unwrap();
    }

    #[uses()]
    #[test]
    fn undeclared() {
        assert_eq!(Connection::open().unwrap().get("/images/json").unwrap(), 403);
    }
}
