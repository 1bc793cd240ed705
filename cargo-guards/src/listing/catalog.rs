//! All tests of the built binaries, with what they declare.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use crate::ask::{Answer, Bounds, ask};
use crate::build::{self, Built};
use crate::config::Exception;
use crate::flags::BuildFlags;
use crate::format::{Declaration, Guard, Use};
use crate::talk::Talk;
use crate::{Error, Result};

/// The tests of a workspace.
#[derive(Debug, Default)]
pub(crate) struct Catalog {
    pub(crate) binaries: Vec<Binary>,
    /// In the order of the binaries, and inside of each in its own.
    pub(crate) tests: Vec<Test>,
    /// What cargo would set when it runs the binaries.
    pub(crate) library_path: (&'static str, OsString),
}

/// One test binary.
#[derive(Debug, Default)]
pub(crate) struct Binary {
    pub(crate) id: String,
    pub(crate) package: String,
    pub(crate) path: PathBuf,
    /// The root of its package.
    pub(crate) root: PathBuf,
    /// The resources that its guards watch. `None`: it has no guards.
    pub(crate) guards: Option<BTreeSet<String>>,
    /// All its guards.
    pub(crate) guarded_by: Vec<Guard>,
    /// What its tests and fixtures declare.
    pub(crate) declarations: Vec<Declaration>,
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
    /// Whether that is all. A test of another harness than libtest may declare in a scope, as it runs.
    pub(crate) is_known: bool,
    /// File and line of the declaration.
    pub(crate) at: Option<(String, u32)>,
}

impl Catalog {
    /// Builds the test binaries and asks each.
    pub(crate) fn collect(flags: &BuildFlags, workspace: &cargo_metadata::Metadata, talk: &Talk) -> Result<Self> {
        let built = build::build(flags, workspace, talk)?;
        let library_path = build::library_path(&built, flags);
        let answers = all(ask_all(&built, &library_path)?, talk)?;
        let mut catalog = Self { library_path, ..Self::default() };
        for (built, answer) in built.into_iter().zip(answers) {
            catalog.add(built, answer);
        }
        Ok(catalog)
    }

    /// The same, and those that did not tell their tests, with the reasons.
    pub(crate) fn collect_some(
        flags: &BuildFlags,
        workspace: &cargo_metadata::Metadata,
        talk: &Talk,
    ) -> Result<(Self, Vec<(Built, Error)>)> {
        let built = build::build(flags, workspace, talk)?;
        let library_path = build::library_path(&built, flags);
        let answers = ask_all(&built, &library_path)?;
        let mut catalog = Self { library_path, ..Self::default() };
        let mut others = Vec::new();
        for (built, answer) in built.into_iter().zip(answers) {
            match answer {
                Ok(answer) => catalog.add(built, answer),
                Err(error) => others.push((built, error)),
            }
        }
        Ok((catalog, others))
    }

    fn add(&mut self, built: Built, answer: Answer) {
        let binary = self.binaries.len();
        let guards = answer
            .manifest
            .as_ref()
            .map(|manifest| manifest.guards.iter().map(|guard| guard.resource.clone()).collect());
        let declares_later = answer.manifest.as_ref().is_some_and(|manifest| manifest.libtest == Some(false));
        let (guarded_by, declarations, errors) = match answer.manifest {
            Some(manifest) => (manifest.guards, manifest.declarations, manifest.errors),
            None => Default::default(),
        };
        let of_tests: BTreeMap<&str, &Declaration> = declarations
            .iter()
            .filter(|declaration| declaration.subject == "test")
            .map(|declaration| (declaration.path.as_str(), declaration))
            .collect();
        self.tests.extend(answer.tests.into_iter().map(|name| {
            let declaration = declaration_of(&name, &of_tests);
            Test {
                binary,
                uses: declaration.map(|d| d.uses.clone()).unwrap_or_default(),
                is_known: declaration.is_some() || !declares_later,
                at: declaration.map(|d| (d.file.clone(), d.line)),
                name,
            }
        }));
        let Built { id, package, path, root } = built;
        self.binaries.push(Binary { id, package, path, root, guards, guarded_by, declarations, errors });
    }

    /// The tests, each with its binary.
    pub(crate) fn tests(&self) -> impl Iterator<Item = (&Binary, &Test)> {
        self.tests.iter().map(|test| (&self.binaries[test.binary], test))
    }

    /// All resources that a guard watches or a test declares.
    pub(crate) fn resources(&self) -> BTreeSet<&str> {
        let guarded = self.binaries.iter().filter_map(|binary| binary.guards.as_ref()).flatten().map(String::as_str);
        let declared = self.tests.iter().flat_map(|test| &test.uses).map(|item| item.resource.as_str());
        guarded.chain(declared).collect()
    }

    /// Each `may(…)` of a test or a fixture, once, though several binaries may be built from its file.
    pub(crate) fn exceptions(&self) -> Vec<Exception<'_>> {
        let declarations = self.binaries.iter().flat_map(|binary| &binary.declarations);
        let exceptions = declarations.flat_map(|declaration| {
            let exception = move |item| Exception::of(declaration, item);
            declaration.uses.iter().filter_map(exception)
        });
        exceptions.collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// Whether these are the tests of the whole workspace: of all targets, but for those that wait for a feature.
    pub(crate) fn is_all_of(&self, workspace: &cargo_metadata::Metadata, flags: &BuildFlags) -> bool {
        let built: BTreeSet<&str> = self.binaries.iter().map(|binary| binary.id.as_str()).collect();
        let is_built = |package: &cargo_metadata::Package| {
            let mut targets =
                package.targets.iter().filter(|target| target.test && target.required_features.is_empty());
            targets.all(|target| built.contains(&*build::id(&package.name, &target.kind, &target.name)))
        };
        !flags.chooses_features() && workspace.packages.iter().all(is_built)
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

/// Says of which binaries it is not known what tests declare, if some of these are such tests.
pub(crate) fn unknown<'a>(tests: impl Iterator<Item = (&'a Binary, &'a Test)>) -> Option<String> {
    let of: BTreeSet<&str> = tests.filter(|(_, test)| !test.is_known).map(|(binary, _)| binary.id.as_str()).collect();
    let of: Vec<&str> = of.into_iter().collect();
    (!of.is_empty()).then(|| format!("what tests of {} declare is known only as they run", of.join(", ")))
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
fn ask_all(built: &[Built], library_path: &(&'static str, OsString)) -> Result<Vec<Result<Answer>>> {
    let bounds = Bounds::from_env()?;
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
