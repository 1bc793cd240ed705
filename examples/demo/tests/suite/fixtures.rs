//! What several tests need.

use std::path::Path;

use demo::run;
use resource_guards::{Fixture, fixture_uses};
use tempfile::TempDir;

/// A repository with one commit.
#[fixture_uses(git)]
pub fn repository() -> Fixture<TempDir> {
    let dir = tempfile::tempdir().expect("a temporary directory");
    git(dir.path(), &["init", "--quiet", "--initial-branch=main"]);
    commit(dir.path(), "the first commit");
    Fixture::new(dir)
}

/// A tmux server of its own, which dies with the fixture.
#[fixture_uses(tmux)]
pub fn server() -> Fixture<Server> {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let server = Server { socket: format!("resource-guards-demo-{}", std::process::id()), dir };
    server.tmux(&["new-session", "-d", "-s", "first", "sleep 60"]);
    Fixture::with_teardown(server, |server| {
        server.tmux(&["kill-server"]);
    })
}

/// A tmux server with a socket that no other has.
pub struct Server {
    socket: String,
    dir: TempDir,
}

impl Server {
    /// Runs a tmux command on this server.
    pub fn tmux(&self, arguments: &[&str]) -> String {
        let socket = ["-L", self.socket.as_str(), "-f", "/dev/null"];
        run(self.dir.path(), "tmux", &[&socket, arguments].concat()).unwrap_or_else(|error| panic!("{error}"))
    }
}

/// Runs git, which must succeed.
pub fn git(dir: &Path, arguments: &[&str]) -> String {
    run(dir, "git", arguments).unwrap_or_else(|error| panic!("{error}"))
}

/// Adds an empty commit, with an author that needs no configuration.
pub fn commit(dir: &Path, message: &str) {
    let author = ["-c", "user.name=demo", "-c", "user.email=demo@localhost", "-c", "commit.gpgSign=false"];
    git(dir, &[&author[..], &["commit", "--quiet", "--allow-empty", "-m", message]].concat());
}
