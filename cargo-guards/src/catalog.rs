//! All tests of the built binaries, with what they declare.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use crate::ask::{Answer, Bounds, ask};
use crate::build::{self, Built};
use crate::flags::BuildFlags;
use crate::format::{Declaration, Use};
use crate::talk::Talk;
use crate::{Error, Result};

/// The tests of a workspace.
#[derive(Debug, Default)]
pub(crate) struct Catalog {
    pub(crate) binaries: Vec<Binary>,
    /// In the order of the binaries, and inside of each in its own.
    pub(crate) tests: Vec<Test>,
}

/// One test binary.
#[derive(Debug)]
pub(crate) struct Binary {
    pub(crate) id: String,
    pub(crate) package: String,
    pub(crate) path: std::path::PathBuf,
    /// The resources that its guards watch. `None`: it has no guards.
    pub(crate) guards: Option<BTreeSet<String>>,
    /// Why it will refuse to run its tests.
    pub(crate) errors: Vec<String>,
}

/// One test.
#[derive(Debug)]
pub(crate) struct Test {
    /// An index of [`Catalog::binaries`].
    pub(crate) binary: usize,
    pub(crate) name: String,
    pub(crate) uses: Vec<Use>,
    /// File and line of the declaration.
    pub(crate) at: Option<(String, u32)>,
}

impl Catalog {
    /// Builds the test binaries and asks each.
    pub(crate) fn collect(flags: &BuildFlags, workspace: &cargo_metadata::Metadata, talk: &Talk) -> Result<Self> {
        let built = build::build(flags, workspace, talk)?;
        let answers = all(ask_all(&built, flags)?, talk)?;
        let mut catalog = Self::default();
        for (built, answer) in built.into_iter().zip(answers) {
            catalog.add(built, answer);
        }
        Ok(catalog)
    }

    fn add(&mut self, built: Built, answer: Answer) {
        let binary = self.binaries.len();
        let (guards, declarations, errors) = match answer.manifest {
            Some(manifest) => {
                let guards = manifest.guards.into_iter().map(|guard| guard.resource).collect();
                (Some(guards), manifest.declarations, manifest.errors)
            }
            None => (None, Vec::new(), Vec::new()),
        };
        let declarations: BTreeMap<&str, &Declaration> = declarations
            .iter()
            .filter(|declaration| declaration.subject == "test")
            .map(|declaration| (declaration.path.as_str(), declaration))
            .collect();
        self.tests.extend(answer.tests.into_iter().map(|name| {
            let declaration = declaration_of(&name, &declarations);
            Test {
                binary,
                uses: declaration.map(|d| d.uses.clone()).unwrap_or_default(),
                at: declaration.map(|d| (d.file.clone(), d.line)),
                name,
            }
        }));
        let Built { id, package, path, .. } = built;
        self.binaries.push(Binary { id, package, path, guards, errors });
    }

    /// All resources that a guard watches or a test declares.
    pub(crate) fn resources(&self) -> BTreeSet<&str> {
        let guarded = self.binaries.iter().filter_map(|binary| binary.guards.as_ref()).flatten().map(String::as_str);
        let declared = self.tests.iter().flat_map(|test| &test.uses).map(|item| item.resource.as_str());
        guarded.chain(declared).collect()
    }

    /// Why binaries will refuse to run their tests.
    pub(crate) fn complaints(&self) -> impl Iterator<Item = String> {
        self.binaries.iter().flat_map(|binary| {
            binary.errors.iter().map(|error| format!("the tests of `{}` will not run: {error}", binary.id))
        })
    }
}

impl Test {
    /// Whether the test says that it uses the resource, or may.
    pub(crate) fn declares(&self, resource: &str) -> bool {
        self.uses.iter().any(|item| item.resource == resource)
    }
}

/// The declaration of a test: its own, or that of the function whose cases it is one of (`f::case_1`).
fn declaration_of<'a>(name: &str, declarations: &BTreeMap<&str, &'a Declaration>) -> Option<&'a Declaration> {
    let mut path = name;
    loop {
        if let Some(declaration) = declarations.get(path) {
            return Some(declaration);
        }
        path = path.rsplit_once("::")?.0;
    }
}

/// Asks the binaries, a few at a time.
fn ask_all(built: &[Built], flags: &BuildFlags) -> Result<Vec<Result<Answer>>> {
    let bounds = Bounds::from_env()?;
    let library_path = build::library_path(built, flags);
    let next = AtomicUsize::new(0);
    let answers: Mutex<BTreeMap<usize, Result<Answer>>> = Mutex::default();
    let workers = thread::available_parallelism().map_or(2, usize::from).min(built.len());
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    let Some(binary) = built.get(n) else { break };
                    let answer = ask(binary, (library_path.0, &library_path.1), bounds);
                    answers.lock().unwrap_or_else(PoisonError::into_inner).insert(n, answer);
                }
            });
        }
    });
    Ok(answers.into_inner().unwrap_or_else(PoisonError::into_inner).into_values().collect())
}

/// The answers, or the last error; those before it are said.
fn all(answers: Vec<Result<Answer>>, talk: &Talk) -> Result<Vec<Answer>> {
    let mut good = Vec::new();
    let mut failed: Option<Error> = None;
    for answer in answers {
        match answer {
            Ok(answer) => good.push(answer),
            Err(error) => {
                if let Some(before) = failed.replace(error) {
                    talk.error(before.with_causes());
                }
            }
        }
    }
    failed.map_or(Ok(good), Err)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases_of_a_function_have_its_declaration() {
        let at = |path: &str| Declaration {
            path: path.to_owned(),
            subject: "test".to_owned(),
            file: String::new(),
            line: 1,
            uses: Vec::new(),
        };
        let (outer, inner) = (at("a"), at("a::b"));
        let all = BTreeMap::from([("a", &outer), ("a::b", &inner)]);
        let path = |name: &str| declaration_of(name, &all).map(|d| d.path.as_str());
        assert_eq!(path("a::b"), Some("a::b"));
        assert_eq!(path("a::b::case_1"), Some("a::b"));
        assert_eq!(path("a::case_2"), Some("a"));
        assert_eq!(path("ab"), None);
    }
}
