//! The catalogue of well-known resources (`catalogue.toml`), and which of them something is.

use std::net::IpAddr;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use wildmatch::WildMatch;

use super::observed::{Evidence, Peer, Touch};
use crate::{Error, Result};

const TEXT: &str = include_str!("catalogue.toml");

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    resource: Vec<Entry>,
}

/// One resource. `catalogue.toml` says what the fields mean.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) title: String,
    #[serde(default)]
    pub(super) programs: Vec<String>,
    #[serde(default)]
    unix: Vec<String>,
    #[serde(default)]
    ports: Vec<u16>,
    #[serde(default)]
    outside: bool,
    #[serde(default)]
    pub(super) plain: bool,
    pub(super) guard: Option<String>,
    pub(super) alarm: Option<String>,
    pub(super) rest: Option<Rest>,
}

/// What no other entry is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Rest {
    OwnProgram,
    OwnSocket,
    Program,
    Socket,
    Loopback,
    Private,
    Internet,
}

/// Folders in which things are a project's own.
#[derive(Debug, Clone, Default)]
pub(super) struct Own {
    /// The workspace and what it builds.
    pub(super) project: Vec<PathBuf>,
    /// For temporary files.
    pub(super) temporary: Vec<PathBuf>,
}

/// The entries, in their order, which is also that of reports.
#[derive(Debug)]
pub(super) struct Catalogue {
    pub(super) entries: Vec<Entry>,
    own: Own,
}

/// Which resource something is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Class<'a> {
    pub(super) entry: &'a Entry,
    /// Why no test should need it.
    pub(super) alarm: Option<&'a str>,
}

impl Entry {
    /// Whether a program of this name is one of the resource's.
    pub(super) fn has_program(&self, name: &str) -> bool {
        self.programs.iter().any(|glob| WildMatch::new(glob).matches(name))
    }
}

impl Own {
    /// Those of a workspace on this machine.
    pub(super) fn of(workspace: &Path, target: &Path) -> Self {
        let real = |path: PathBuf| std::fs::canonicalize(&path).unwrap_or(path);
        let temporary = [std::env::temp_dir(), "/tmp".into(), "/var/tmp".into(), "/dev/shm".into()];
        Self {
            project: [workspace, target].map(|path| real(path.to_owned())).to_vec(),
            temporary: temporary.map(real).to_vec(),
        }
    }

    fn has(folders: &[PathBuf], path: &str) -> bool {
        folders.iter().any(|folder| Path::new(path).starts_with(folder))
    }
}

impl Catalogue {
    /// The one that comes with this program.
    pub(super) fn load(own: Own) -> Result<Self> {
        let document: Document =
            toml::from_str(TEXT).map_err(|error| Error::Absent(format!("the catalogue is broken: {error}")))?;
        Ok(Self { entries: document.resource, own })
    }

    /// The names of programs that are written without globs.
    pub(super) fn programs(&self) -> impl Iterator<Item = &String> {
        self.entries.iter().flat_map(|entry| &entry.programs).filter(|name| !name.contains(['*', '?']))
    }

    /// Which resource it is.
    pub(super) fn class(&self, touch: &Touch, evidence: &Evidence) -> Class<'_> {
        match touch {
            Touch::Program { path, .. } => self.alone(self.program(path, &evidence.names)),
            Touch::Peer { peer: Peer::Internet(address), .. } => {
                let ip = address.ip().to_canonical();
                let here = ip.is_loopback() || ip.is_unspecified();
                let known = |entry: &&Entry| entry.ports.contains(&address.port()) && !(entry.outside && here);
                let rest = match (here, is_private(ip)) {
                    (true, _) => Rest::Loopback,
                    (false, true) => Rest::Private,
                    (false, false) => Rest::Internet,
                };
                let rest = self.rest(rest);
                let entry = self.entries.iter().find(known).unwrap_or(rest);
                // A resolver of the network is asked by everything that has a name to look up.
                let alarm = entry.alarm.as_deref().or(if entry.name == "dns" { None } else { rest.alarm.as_deref() });
                Class { entry, alarm }
            }
            Touch::Peer { peer: Peer::Unix(path), .. } => self.alone(self.socket(path, path)),
            Touch::Peer { peer: Peer::Abstract(name), .. } => self.alone(self.socket(&format!("@{name}"), "")),
        }
    }

    fn alone<'a>(&self, entry: &'a Entry) -> Class<'a> {
        Class { entry, alarm: entry.alarm.as_deref() }
    }

    fn program(&self, path: &str, names: &[String]) -> &Entry {
        if Own::has(&self.own.project, path) {
            return self.rest(Rest::OwnProgram);
        }
        let of_name = |name: &String| self.entries.iter().find(|entry| entry.has_program(name));
        let rest = if Own::has(&self.own.temporary, path) { Rest::OwnProgram } else { Rest::Program };
        names.iter().find_map(of_name).unwrap_or_else(|| self.rest(rest))
    }

    /// A socket without a file has no path, and is nobody's but the project's where it is not known.
    fn socket(&self, name: &str, path: &str) -> &Entry {
        let known = |entry: &&Entry| entry.unix.iter().any(|glob| WildMatch::new(glob).matches(name));
        if let Some(entry) = self.entries.iter().find(known) {
            return entry;
        }
        let is_own = !path.starts_with('/') || Own::has(&self.own.project, path) || Own::has(&self.own.temporary, path);
        self.rest(if is_own { Rest::OwnSocket } else { Rest::Socket })
    }

    fn rest(&self, rest: Rest) -> &Entry {
        // A test asserts that each is there.
        self.entries.iter().find(|entry| entry.rest == Some(rest)).unwrap_or(&self.entries[0])
    }
}

/// Whether an address belongs to no machine on the internet.
fn is_private(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => {
            let [a, b, ..] = ip.octets();
            ip.is_private() || ip.is_link_local() || ip.is_multicast() || ip.is_broadcast() || (a == 100 && b >> 6 == 1)
        }
        IpAddr::V6(ip) => ip.is_unique_local() || ip.is_unicast_link_local() || ip.is_multicast(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::audit::observed::How;

    fn catalogue() -> Catalogue {
        let own = Own { project: vec!["/home/me/project".into()], temporary: vec!["/tmp".into()] };
        Catalogue::load(own).unwrap()
    }

    fn name(touch: &Touch, names: &[&str]) -> (String, bool) {
        let catalogue = catalogue();
        let names = names.iter().map(|&name| name.to_owned()).collect();
        let class = catalogue.class(touch, &Evidence { names, ..Evidence::default() });
        (class.entry.name.clone(), class.alarm.is_some())
    }

    #[test]
    fn names_are_resource_names_and_each_stands_once() {
        let catalogue = catalogue();
        let mut names = BTreeSet::new();
        for entry in &catalogue.entries {
            let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            assert!(entry.name.starts_with(|c: char| c.is_ascii_lowercase()) && entry.name.chars().all(good));
            assert!(names.insert(&entry.name), "{}", entry.name);
            assert!(entry.alarm.is_none() || !entry.plain, "{}", entry.name);
        }
        let mut programs = BTreeSet::new();
        for program in catalogue.programs() {
            assert!(programs.insert(program), "`{program}` stands twice");
        }
        use Rest::*;
        for rest in [OwnProgram, OwnSocket, Program, Socket, Loopback, Private, Internet] {
            assert_eq!(catalogue.entries.iter().filter(|entry| entry.rest == Some(rest)).count(), 1, "{rest:?}");
        }
    }

    #[test]
    fn programs_are_known_by_any_of_their_names_and_a_projects_own_by_their_place() {
        let program =
            |path: &str, names: &[&str]| name(&Touch::Program { given: String::new(), path: path.to_owned() }, names);
        let is = |name: &str, alarm: bool| (name.to_owned(), alarm);
        assert_eq!(program("/usr/bin/python3.11", &["python3", "python3.11"]), is("python", false));
        assert_eq!(program("/usr/bin/sudo", &["sudo"]), is("privileges", true));
        assert_eq!(program("/home/me/project/target/debug/mail", &["mail"]), is("own-programs", false));
        assert_eq!(program("/tmp/x/quill", &["quill", "git"]), is("git", false));
        assert_eq!(program("/tmp/x/quill", &["quill"]), is("own-programs", false));
        assert_eq!(program("/opt/quill", &["quill"]), is("programs", false));
    }

    #[test]
    fn peers_are_known_by_port_or_path_and_other_machines_stand_out() {
        let peer = |peer| name(&Touch::Peer { peer, how: How::Connect }, &[]);
        let internet = |address: &str| peer(Peer::Internet(address.parse().unwrap()));
        let unix = |path: &str| peer(Peer::Unix(path.to_owned()));
        let is = |name: &str, alarm: bool| (name.to_owned(), alarm);
        assert_eq!(internet("127.0.0.1:5432"), is("postgres", false));
        assert_eq!(internet("10.0.0.7:5432"), is("postgres", true));
        assert_eq!(internet("127.0.0.1:8080"), is("loopback", false));
        assert_eq!(internet("[::ffff:192.0.2.7]:443"), is("http", true));
        assert_eq!(internet("[fd00::7]:1234"), is("network", true));
        assert_eq!(internet("192.0.2.7:1234"), is("internet", true));
        assert_eq!(internet("10.0.0.1:53"), is("dns", false));
        assert_eq!(unix("/run/docker.sock"), is("docker", false));
        assert_eq!(unix("/tmp/ssh-XXXX/agent.7"), is("ssh-agent", true));
        assert_eq!(unix("/tmp/x/a.sock"), is("own-sockets", false));
        assert_eq!(unix("a.sock"), is("own-sockets", false));
        assert_eq!(unix("/run/warehouse.sock"), is("sockets", false));
        assert_eq!(peer(Peer::Abstract("/tmp/.X11-unix/X0".to_owned())), is("display", false));
        assert_eq!(peer(Peer::Abstract("mine".to_owned())), is("own-sockets", false));
    }
}
