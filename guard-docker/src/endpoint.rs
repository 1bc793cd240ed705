//! Where the real daemon listens.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// The socket of a daemon that was installed as the documentation says.
pub(crate) const DEFAULT_SOCKET: &str = "/var/run/docker.sock";

/// Where the real daemon listens, as far as a relay is concerned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Upstream {
    /// A socket that can be relayed, there or not.
    Socket(PathBuf),
    /// Something that is left alone.
    Remote(String),
}

/// Reads `DOCKER_HOST` or `CONTAINER_HOST`. The error says what a value may look like.
pub(crate) fn parse(host: &OsStr) -> Result<Upstream, &'static str> {
    const FORMS: &str = "it has none of the forms unix:///path, tcp://host:port, http://…, https://… and ssh://…";
    let text = host.to_str().ok_or("it is not UTF-8")?;
    match text.split_once("://") {
        Some(("unix", path)) if path.starts_with('/') => Ok(Upstream::Socket(path.into())),
        Some(("unix", _)) => Err("the path of the socket is not absolute"),
        Some(("tcp" | "http" | "https" | "ssh", rest)) if !rest.is_empty() => Ok(Upstream::Remote(text.to_owned())),
        _ => Err(FORMS),
    }
}

/// The user's own environment, as far as it matters here.
pub(crate) trait Environment {
    fn get(&self, name: &str) -> Option<OsString>;
}

impl<F: Fn(&str) -> Option<OsString>> Environment for F {
    fn get(&self, name: &str) -> Option<OsString> {
        self(name).filter(|value| !value.is_empty())
    }
}

/// The daemon's place where `DOCKER_HOST` is not set. The default socket, even if nothing is there, when nothing else is
/// known either.
pub(crate) fn without_host(environment: &impl Environment) -> Upstream {
    let default = PathBuf::from(DEFAULT_SOCKET);
    if default.exists() {
        return Upstream::Socket(default);
    }
    if let Some(upstream) = context(environment) {
        return upstream;
    }
    rootless(environment)
        .into_iter()
        .chain(podman(environment))
        .find(|socket| socket.exists())
        .map_or(Upstream::Socket(default), Upstream::Socket)
}

fn rootless(environment: &impl Environment) -> Option<PathBuf> {
    Some(PathBuf::from(environment.get("XDG_RUNTIME_DIR")?).join("docker.sock"))
}

/// Where podman's sockets are, the user's own first.
pub(crate) fn podman(environment: &impl Environment) -> Vec<PathBuf> {
    let own = environment.get("XDG_RUNTIME_DIR").map(|dir| PathBuf::from(dir).join("podman/podman.sock"));
    own.into_iter().chain([PathBuf::from("/run/podman/podman.sock")]).collect()
}

/// The endpoint of the current context, as the docker command stores it.
fn context(environment: &impl Environment) -> Option<Upstream> {
    let config = environment
        .get("DOCKER_CONFIG")
        .map(PathBuf::from)
        .or_else(|| Some(PathBuf::from(environment.get("HOME")?).join(".docker")))?;
    let name = match environment.get("DOCKER_CONTEXT") {
        Some(name) => name.into_string().ok()?,
        None => json(&config.join("config.json"))?.get("currentContext")?.as_str()?.to_owned(),
    };
    // Each context's folder is named by a hash of its name, which its own file repeats in clear.
    let contexts = fs::read_dir(config.join("contexts").join("meta")).ok()?;
    let meta = contexts
        .flatten()
        .filter_map(|entry| json(&entry.path().join("meta.json")))
        .find(|meta| meta.get("Name").and_then(Value::as_str) == Some(&name))?;
    parse(meta.pointer("/Endpoints/docker/Host")?.as_str()?.as_ref()).ok()
}

fn json(path: &Path) -> Option<Value> {
    serde_json::from_slice(&fs::read(path).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_sockets_or_remote_or_wrong() {
        assert_eq!(parse("unix:///a b/d.sock".as_ref()), Ok(Upstream::Socket("/a b/d.sock".into())));
        assert_eq!(parse("tcp://h:2375".as_ref()), Ok(Upstream::Remote("tcp://h:2375".into())));
        assert_eq!(parse("ssh://u@h".as_ref()), Ok(Upstream::Remote("ssh://u@h".into())));
        for wrong in ["docker.sock", "unix://d.sock", "tcp://", "gopher://x", "/var/run/docker.sock"] {
            assert!(parse(wrong.as_ref()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn podman_of_the_user_comes_before_that_of_the_machine() {
        let environment = |name: &str| (name == "XDG_RUNTIME_DIR").then(|| "/run/user/7".into());
        let sockets = ["/run/user/7/podman/podman.sock", "/run/podman/podman.sock"].map(PathBuf::from);
        assert_eq!(podman(&environment), sockets);
        assert_eq!(podman(&|_: &str| Some("".into())), sockets[1..], "an empty variable is none");
    }

    #[test]
    fn the_current_context_is_found_by_its_name() {
        let temp = tempfile::tempdir().unwrap();
        let meta = temp.path().join("contexts/meta/abc");
        fs::create_dir_all(&meta).unwrap();
        fs::write(temp.path().join("config.json"), r#"{"currentContext":"mine"}"#).unwrap();
        let text = r#"{"Name":"mine","Endpoints":{"docker":{"Host":"unix:///run/mine.sock"}}}"#;
        fs::write(meta.join("meta.json"), text).unwrap();
        let environment = |name: &str| (name == "DOCKER_CONFIG").then(|| temp.path().into());
        assert_eq!(context(&environment), Some(Upstream::Socket("/run/mine.sock".into())));
        let other = |name: &str| match name {
            "DOCKER_CONTEXT" => Some("other".into()),
            _ => environment(name),
        };
        assert_eq!(context(&other), None);
    }
}
