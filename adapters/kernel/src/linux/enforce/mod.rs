//! The policy of `--strict`: what a test does not declare is refused, wherever it comes from.

mod collected;
mod scopes;
mod wrapper;

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use resource_guards::tool::{Answer, TestScope, Use, covers};

use crate::findings::{Findings, Watched};
use crate::linux::enforce::collected::Collected;
use crate::linux::enforce::scopes::{Scopes, lineage};
use crate::linux::files::{self, Base, Facts, Found, Inode};
use crate::linux::hosts::{Names, Pattern};
use crate::linux::peer::Peer;
use crate::linux::programs::{self, Programs};
use crate::linux::{Act, Call, Connect, Decision, Exec, Policy, Process, ProcessId, Supervised, process};

/// How evidence calls what has seen a use.
const CHOKEPOINT: &str = "kernel";

/// What the threads of relays and proxies call themselves. They connect for somebody who was asked already.
const RELAY_THREAD: &str = "guard-relay";

/// Name lookups, which belong to what they are for.
const DNS: u16 = 53;

/// Refuses what tests do not declare, and records everything in their logs.
#[derive(Debug)]
pub struct Enforce {
    scopes: Scopes,
    binaries: BTreeMap<PathBuf, Vec<Resource>>,
    /// The test binaries themselves.
    files: BTreeSet<Inode>,
    programs: Programs,
    names: Names,
    /// Whether nothing is refused.
    observe: bool,
    collected: Collected,
}

#[derive(Debug)]
struct Resource {
    name: String,
    programs: BTreeSet<String>,
    sockets: Vec<PathBuf>,
    peers: Vec<Pattern>,
}

impl Enforce {
    /// For the tests of a session, which must be [watched](resource_guards::tool::SharedSession::watch). `binaries` says
    /// what each of them guards; `path` is where programs are found; `observe`: nothing is refused.
    #[must_use]
    pub fn new(
        session: &Path,
        binaries: impl IntoIterator<Item = (PathBuf, Vec<Watched>)>,
        path: &OsStr,
        observe: bool,
    ) -> Self {
        let resource = |watched: Watched| Resource {
            name: watched.resource,
            programs: watched.programs.into_iter().collect(),
            sockets: watched.sockets,
            peers: watched.peers.iter().map(|pattern| Pattern::parse(pattern)).collect(),
        };
        let binaries: BTreeMap<PathBuf, Vec<Resource>> = binaries
            .into_iter()
            .map(|(binary, watched)| {
                let real = std::fs::canonicalize(&binary).unwrap_or(binary);
                (real, watched.into_iter().map(resource).collect())
            })
            .collect();
        let names = binaries.values().flatten().flat_map(|resource| resource.programs.iter().cloned()).collect();
        Self {
            scopes: Scopes::of(session.to_owned()),
            files: binaries.keys().filter_map(|path| Facts::at(path)).map(|facts| facts.inode).collect(),
            binaries,
            programs: Programs::find(names, path),
            names: Names::default(),
            observe,
            collected: Collected::default(),
        }
    }

    /// What there is to say when the run is over, beside what is in the logs of the tests.
    #[must_use]
    pub fn findings(&self) -> Findings {
        self.collected.findings(self.scopes.all())
    }

    fn scope<'c>(&self, call: &'c Call<'_>) -> Option<(Arc<TestScope>, &'c Process)> {
        let process = call.process()?;
        Some((self.scopes.find(call.run, process)?, process))
    }

    fn resources(&self, scope: &TestScope) -> &[Resource] {
        self.binaries.get(&scope.binary).map_or(&[], Vec::as_slice)
    }

    fn exec(&self, call: &Call<'_>, exec: &Exec) -> Decision {
        if call.run.no_new_privileges && exec.found.facts.is_set_id() {
            self.collected.note(format!(
                "`{}` has the set-user-ID or set-group-ID bit, which has no effect under --strict, since it needs \
                 no_new_privs where the user is not root",
                exec.given.display()
            ));
        }
        if is_shared(call.run) {
            self.remember(call, exec);
        }
        let names = self.programs.identify(exec);
        if names.is_empty() {
            return Decision::Continue;
        }
        if let Some(program) = programs::wrapped(&exec.found) {
            self.wrapper(call, exec, &program);
            return Decision::Continue;
        }
        let Some((scope, process)) = self.scope(call) else { return Decision::Continue };
        let arguments = exec.arguments(2);
        let target = arguments.get(1).and_then(|first| programs::first_argument(first));
        let shown = programs::shown(exec, &names);
        let uses = self.resources(&scope).iter().filter(|resource| !resource.programs.is_disjoint(&names));
        self.all(call, &scope, process, uses.map(|resource| (resource, target.as_deref())), &shown)
    }

    /// Under one filter with many tests: notes whose the process is while its parents live, and waits for those of tests.
    fn remember(&self, call: &Call<'_>, exec: &Exec) {
        let Some(process) = call.process() else { return };
        let _ = self.scopes.find(call.run, process);
        if self.files.contains(&exec.found.facts.inode) {
            call.watch();
        }
    }

    fn connect(&self, call: &Call<'_>, connect: &Connect) -> Decision {
        match &connect.peer {
            Peer::Internet(address) => {
                let is = |resource: &&Resource| resource.peers.iter().any(|p| p.host(*address, &self.names).is_some());
                // Almost all connections of tests are to this machine, and nobody's: no look at the process then.
                let anybody = self.binaries.values().flatten().any(|resource| is(&resource));
                if !anybody || (connect.sends && address.port() == DNS) || self.is_relay(call) {
                    return Decision::Continue;
                }
                if !connect.sends && !connect.reaches(call) {
                    return Decision::Continue;
                }
                let Some((scope, process)) = self.scope(call) else { return Decision::Continue };
                let uses = self.resources(&scope).iter().filter_map(|resource| {
                    let host = resource.peers.iter().find_map(|pattern| pattern.host(*address, &self.names))?;
                    // A declaration may be narrowed to names, and the kernel sees addresses.
                    let declared = scope.targets(&resource.name).into_iter();
                    let declared = declared.filter(|glob| !glob.contains(['*', '?']) && !covers(glob, &host));
                    let name = { declared }.find(|name| self.names.has(name, address.ip()));
                    Some((resource, name.unwrap_or(host)))
                });
                let uses: Vec<_> = uses.collect();
                let uses = uses.iter().map(|(resource, host)| (*resource, Some(host.as_str())));
                self.all(call, &scope, process, uses, &reached(connect))
            }
            Peer::Unix(path) => {
                let Ok(found) = files::find(call.view(), Base::Cwd, path, true) else {
                    return self.absent(call, connect, path);
                };
                let is = |path: &PathBuf| Facts::at(path).is_some_and(|facts| facts.inode == found.facts.inode);
                self.unix(call, connect, is)
            }
            Peer::Abstract(name) => {
                let name = [b"@", name.as_slice()].concat();
                self.unix(call, connect, |path| path.as_os_str().as_encoded_bytes() == name)
            }
        }
    }

    fn unix(&self, call: &Call<'_>, connect: &Connect, is: impl Fn(&PathBuf) -> bool) -> Decision {
        let Some((scope, process)) = self.scope(call) else { return Decision::Continue };
        let front = scope.fronts.iter().find(|front| is(&front.real));
        if let Some(front) = front {
            if self.is_relay(call) || !connect.is_stream(call) {
                return Decision::Continue;
            }
            // What a wrapper has let through, and what a hook in the test's own process has.
            let resource = front.resource.as_str();
            let before = scope.is_used_by(resource, &lineage(process, scope.pid))
                || (process.id.pid == scope.pid
                    && scope.targets(resource).is_empty()
                    && scope.is_used_by(resource, &[scope.pid]));
            if before {
                return Decision::Continue;
            }
            if scope.dir.exists() {
                return Decision::Redirect(front.relay.clone());
            }
        }
        let of_front = |resource: &&Resource| front.is_some_and(|front| front.resource == resource.name);
        let uses =
            self.resources(&scope).iter().filter(|resource| resource.sockets.iter().any(&is) || of_front(resource));
        self.all(call, &scope, process, uses.map(|resource| (resource, None)), &reached(connect))
    }

    /// A socket that is not there, as of a service that does not run: the attempt is a use, as that of a program that is not
    /// installed. Not where a declaration is narrowed to what a relay would see, of which there is none.
    fn absent(&self, call: &Call<'_>, connect: &Connect, path: &Path) -> Decision {
        let name = path.file_name();
        // Most are looked for by everybody, and are nobody's.
        let anybody = self.binaries.values().flatten().flat_map(|resource| &resource.sockets);
        if !{ anybody }.any(|socket| socket.file_name() == name) {
            return Decision::Continue;
        }
        let dir = files::find(call.view(), Base::Cwd, path.parent().unwrap_or(path), true).ok();
        let is = |socket: &PathBuf| {
            let beside =
                |dir: &Found| socket.parent().and_then(Facts::at).is_some_and(|facts| facts.inode == dir.facts.inode);
            socket.file_name() == name && dir.as_ref().map_or_else(|| socket == path, beside)
        };
        let Some((scope, process)) = self.scope(call) else { return Decision::Continue };
        if scope.fronts.iter().any(|front| is(&front.real)) {
            return Decision::Continue;
        }
        let uses = self
            .resources(&scope)
            .iter()
            .filter(|resource| resource.sockets.iter().any(is) && scope.targets(&resource.name).is_empty());
        self.all(call, &scope, process, uses.map(|resource| (resource, None)), &reached(connect))
    }

    /// Whether one of our own relays calls, which has asked already.
    fn is_relay(&self, call: &Call<'_>) -> bool {
        call.thread_name() == RELAY_THREAD
    }

    /// Asks for each of the uses. The first refusal is the answer, but all are recorded.
    fn all<'a>(
        &self,
        call: &Call<'_>,
        scope: &TestScope,
        process: &Process,
        uses: impl Iterator<Item = (&'a Resource, Option<&'a str>)>,
        shown: &str,
    ) -> Decision {
        let mut uses = uses.peekable();
        if uses.peek().is_none() || !call.waits() {
            return Decision::Continue;
        }
        let what = match call.act {
            Act::Exec(_) => by_parent(shown, process),
            _ => format!("{shown} from {}", process.name),
        };
        let before = lineage(process, scope.pid);
        let mut decision = Decision::Continue;
        for (resource, target) in uses {
            let seen =
                Use { resource: &resource.name, chokepoint: CHOKEPOINT, target, what: &what, pid: process.id.pid };
            let whose = match scope.ask(&seen, &before) {
                Answer::Refused(whose) => whose,
                Answer::Gone => self.gone(call.run, scope, &seen),
                _ => continue,
            };
            if decision == Decision::Continue && !self.observe {
                // Other targets are declared, or none.
                let at = target.filter(|_| !scope.targets(&resource.name).is_empty());
                let at = at.map(|target| format!(" at `{target}`")).unwrap_or_default();
                decision = Decision::Deny(format!(
                    "RESOURCE GUARD: blocked `{shown}`: {whose} does not declare `{}`{at}",
                    resource.name
                ));
            }
        }
        decision
    }

    /// The log is gone: the test is over, or has removed it. Says whose use it is.
    fn gone(&self, run: &Supervised, scope: &TestScope, seen: &Use<'_>) -> String {
        let ended = Process::of(scope.pid).is_none_or(|process| process.is_zombie);
        self.collected.late(run, scope, seen, !ended);
        format!("{}{}", collected::whose(scope), if ended { " has ended and" } else { ", whose log is gone," })
    }

    fn unseen(&self, call: &Call<'_>, why: &str) {
        let Some((scope, process)) = self.scope(call) else { return };
        let why = format!("{why} ({}, pid {})", process.name, process.id.pid);
        for resource in self.resources(&scope) {
            if self.collected.is_new(&scope.dir, &resource.name) && scope.cannot_observe(&resource.name, &why).is_err()
            {
                self.collected.failure(why.clone());
            }
        }
    }
}

impl Policy for Enforce {
    fn decide(&self, call: &Call<'_>) -> Decision {
        match &call.act {
            Act::Exec(exec) => self.exec(call, exec),
            Act::Connect(connect) => self.connect(call, connect),
            Act::Unseen(why) => {
                self.unseen(call, why);
                Decision::Continue
            }
        }
    }

    fn started(&self, run: &Supervised) {
        self.collected.began(run);
    }

    fn outlived(&self, run: &Supervised, ended: ProcessId) {
        let Some(scope) = self.scopes.registered(ended) else { return };
        for process in process::all().filter(|process| !process.is_zombie && process.id.pid != ended.pid) {
            let is_below = process.parent == std::process::id()
                || process.ancestors().any(|ancestor| ancestor.parent == std::process::id());
            // What runs the tests is below this process too, and so are the tests that have not ended.
            let is_its = || {
                let found = self.scopes.registered(process.id).is_none() && is_filtered(process.id.pid);
                found && self.scopes.find(run, &process).is_some_and(|other| other.dir == scope.dir)
            };
            if is_below && is_its() {
                self.collected.outliving(run, &scope, &process);
            }
        }
    }

    fn watched_elsewhere(&self, pid: u32) {
        self.collected.elsewhere(pid);
    }

    fn failed(&self, what: &str) {
        self.collected.failure(what.to_owned());
    }
}

/// Whether many tests may be under one filter.
fn is_shared(run: &Supervised) -> bool {
    run.variables.get("NEXTEST_TEST_NAME").is_none_or(String::is_empty)
}

/// Whether a process has a filter: those that only run tests have none.
fn is_filtered(pid: u32) -> bool {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    status.lines().any(|line| line.strip_prefix("Seccomp:").is_some_and(|mode| mode.trim() == "2"))
}

/// What a process is to run, with the name of its parent.
fn by_parent(shown: &str, process: &Process) -> String {
    // Whose own parent has ended was adopted by this process.
    let parent = Process::of(process.parent).filter(|parent| parent.id.pid != std::process::id());
    match parent {
        Some(parent) => format!("{shown} from {}", parent.name),
        None => format!("{shown}, whose parent has ended"),
    }
}

fn reached(connect: &Connect) -> String {
    format!("{} {}", if connect.sends { "send to" } else { "connect to" }, connect.peer)
}
