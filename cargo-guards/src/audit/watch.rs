//! The policy that lets everything go on and writes down what it sees.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use guard_kernel::{
    Act, Call, Connect, Decision, Exec, Facts, Inode, Peer as Seen, Policy, Process, ProcessId, Programs, Supervised,
};

use super::observed::{All, Evidence, How, Observed, Peer, Subject, Touch};
use crate::output::visible;

/// So many calls of one program are kept with their arguments.
const CALLS: usize = 6;

/// So many characters of an argument are kept.
const ARGUMENT: usize = 64;

/// Writes down what tests touch.
pub(super) struct Watch {
    /// The test binaries.
    files: BTreeSet<Inode>,
    /// Whether a runner of the user stands between us and them.
    is_chained: bool,
    programs: Programs,
    /// The PATH of the run.
    path: Vec<u8>,
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    all: All,
    trees: HashMap<ProcessId, Tree>,
    failures: BTreeSet<String>,
}

/// One process tree.
struct Tree {
    subject: Subject,
    /// Whether it has become the test binary. What went before is the runner's.
    has_begun: bool,
    /// The processes that have run a program.
    members: BTreeMap<ProcessId, String>,
}

impl Watch {
    /// For these test binaries. `programs`: names to recognise programs by, on this PATH.
    pub(super) fn new<'a>(
        binaries: impl Iterator<Item = &'a Path>,
        is_chained: bool,
        programs: BTreeSet<String>,
        path: &OsStr,
    ) -> Self {
        Self {
            files: binaries.filter_map(Facts::at).map(|facts| facts.inode).collect(),
            is_chained,
            programs: Programs::find(programs, path),
            path: path.as_encoded_bytes().to_owned(),
            inner: Mutex::default(),
        }
    }

    /// What was seen, and what could not be.
    pub(super) fn observed(&self) -> (All, Vec<String>) {
        let inner = std::mem::take(&mut *self.inner());
        (inner.all, inner.failures.into_iter().collect())
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn exec(&self, call: &Call<'_>, exec: &Exec) {
        let begins = self.files.contains(&exec.found.facts.inode) || !self.is_chained;
        {
            let mut inner = self.inner();
            let Some(tree) = inner.trees.get_mut(&call.run.process) else { return };
            if !tree.has_begun {
                tree.has_begun = begins;
                return;
            }
        }
        let path = exec.found.path().unwrap_or_default();
        let given = text(exec.given.as_os_str().as_encoded_bytes());
        let touch = Touch::Program { given, path: text(path.as_os_str().as_encoded_bytes()) };
        let arguments = exec.arguments(3);
        let name = text(&exec.name());
        let mut what = name.clone();
        if let Some(first) = arguments.get(1) {
            what.push(' ');
            what.extend(visible(&text(first)).chars().take(ARGUMENT));
        }
        if arguments.len() > 2 {
            what.push_str(" …");
        }
        if let Some(process) = call.process() {
            let mut inner = self.inner();
            if let Some(tree) = inner.trees.get_mut(&call.run.process) {
                tree.members.insert(process.id, name.clone());
            }
        }
        let names = || {
            let file = path.file_name().map(|file| text(file.as_encoded_bytes()));
            let mut names = vec![name];
            names.extend(file);
            names.extend(self.programs.identify(exec));
            names
        };
        let by_name = self.is_by_name(exec, arguments.first());
        self.note(call, touch, (Some(what), by_name), names);
    }

    /// Whether it seems to be looked for on PATH, where wrappers would be: callers that name a file by its path give that as
    /// the first argument too, and an environment that was emptied or made anew leads past wrappers.
    fn is_by_name(&self, exec: &Exec, called: Option<&Vec<u8>>) -> bool {
        let has_path = || exec.variable("PATH").is_some_and(|path| contains(&path, &self.path));
        called.is_some_and(|called| !called.contains(&b'/')) && !exec.given.as_os_str().is_empty() && has_path()
    }

    fn connect(&self, call: &Call<'_>, connect: &Connect) {
        let how = match connect.sends {
            true => How::Send,
            false if connect.is_stream(call) => How::Connect,
            false => How::Address,
        };
        let peer = match &connect.peer {
            Seen::Internet(address) => Peer::Internet(*address),
            Seen::Unix(path) => Peer::Unix(text(path.as_os_str().as_encoded_bytes())),
            Seen::Abstract(name) => Peer::Abstract(text(name)),
            other => Peer::Abstract(other.to_string()),
        };
        self.note(call, Touch::Peer { peer, how }, (None, false), Vec::new);
    }

    /// `seen`: the program with its first argument, and whether a wrapper would have seen it.
    fn note(&self, call: &Call<'_>, touch: Touch, seen: (Option<String>, bool), names: impl FnOnce() -> Vec<String>) {
        let again = |evidence: &mut Evidence, (what, by_name): (Option<String>, bool)| {
            evidence.times += 1;
            evidence.by_name |= by_name;
            evidence.what.extend(what.filter(|_| evidence.what.len() < CALLS));
        };
        let subject = {
            let mut inner = self.inner();
            let Inner { all, trees, .. } = &mut *inner;
            let Some(tree) = trees.get(&call.run.process).filter(|tree| tree.has_begun) else { return };
            if let Some(evidence) = all.get_mut(&tree.subject).and_then(|seen| seen.touched.get_mut(&touch)) {
                return again(evidence, seen);
            }
            tree.subject.clone()
        };
        // Not under the lock: all of this asks the system.
        let (pid, by) = match call.process() {
            Some(process) => (process.id.pid, program(process)),
            None => (call.tid, "?".to_owned()),
        };
        let fresh = Evidence { names: names(), by, pid, ..Evidence::default() };
        let mut inner = self.inner();
        let observed = inner.all.entry(subject).or_default();
        again(observed.touched.entry(touch).or_insert(fresh), seen);
    }

    /// Notes something on the test that a tree belongs to.
    fn say(&self, run: &Supervised, list: impl FnOnce(&mut Observed) -> &mut BTreeSet<String>, text: String) {
        let mut inner = self.inner();
        let Inner { all, trees, .. } = &mut *inner;
        if let Some(tree) = trees.get(&run.process) {
            list(all.entry(tree.subject.clone()).or_default()).insert(text);
        }
    }
}

impl Policy for Watch {
    fn decide(&self, call: &Call<'_>) -> Decision {
        match &call.act {
            Act::Exec(exec) => self.exec(call, exec),
            Act::Connect(connect) => self.connect(call, connect),
            Act::Unseen(why) => self.say(call.run, |observed| &mut observed.unobserved, why.clone()),
            _ => {}
        }
        Decision::Continue
    }

    fn started(&self, run: &Supervised) {
        // It waits, and is still the runner: its arguments are those of the test binary.
        let arguments = Process::of(run.process.pid).map(|process| process.arguments()).unwrap_or_default();
        let subject = subject(run, &arguments);
        let mut inner = self.inner();
        inner.all.entry(subject.clone()).or_default();
        inner.trees.insert(run.process, Tree { subject, has_begun: false, members: BTreeMap::new() });
    }

    fn outlived(&self, run: &Supervised, ended: ProcessId) {
        let members = match self.inner().trees.get(&run.process) {
            Some(tree) => tree.members.clone(),
            None => return,
        };
        for (id, name) in members.into_iter().filter(|(id, _)| *id != ended) {
            if Process::of(id.pid).is_some_and(|process| process.id == id && !process.is_zombie) {
                self.say(run, |observed| &mut observed.notes, format!("`{name}` outlived the test"));
            }
        }
    }

    fn ended(&self, run: &Supervised) {
        let tree = self.inner().trees.remove(&run.process);
        if tree.is_some_and(|tree| !tree.has_begun) {
            let program = run.program.display();
            self.failed(&format!("`{program}` did not become a test binary, so what it ran was not watched"));
        }
    }

    fn watched_elsewhere(&self, _: u32) {
        self.failed("tests are watched by a supervisor around this one already, which sees them in place of this one");
    }

    fn failed(&self, what: &str) {
        self.inner().failures.insert(what.to_owned());
    }
}

/// Which test the tree is for.
fn subject(run: &Supervised, arguments: &[OsString]) -> Subject {
    let variable = |name: &str| run.variables.get(name).filter(|value| !value.is_empty()).cloned();
    let number = |name: &str| variable(name).and_then(|number| number.parse().ok());
    // Of a runner of the user's, the binary is one of the arguments.
    let exact = arguments.iter().position(|word| word == "--exact");
    let binary = exact.and_then(|at| arguments.get(at.checked_sub(1)?)).map(PathBuf::from);
    let named = exact.and_then(|at| {
        let after = &arguments[at..];
        let names = &after[after.iter().position(|word| word == "--")? + 1..];
        // Several names are several tests.
        <&[OsString; 1]>::try_from(names).ok()?[0].clone().into_string().ok()
    });
    Subject {
        binary: binary.unwrap_or_else(|| run.program.clone()),
        test: variable("NEXTEST_TEST_NAME").or(named),
        iteration: number("NEXTEST_STRESS_CURRENT"),
        attempt: number("NEXTEST_ATTEMPT"),
        binary_id: variable("NEXTEST_BINARY_ID"),
    }
}

/// What a process runs.
fn program(process: &Process) -> String {
    let path = process.program().unwrap_or_default();
    path.file_name().map_or_else(|| process.name.clone(), |name| text(name.as_encoded_bytes()))
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Whether the one text is somewhere in the other.
fn contains(text: &[u8], part: &[u8]) -> bool {
    part.is_empty() || text.windows(part.len()).any(|window| window == part)
}
