//! The test binaries of the workspace by their names, and the crates they are built from.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use cargo_metadata::{Metadata, Package};
use cargo_platform::Cfg;

use super::conditions;
use super::source::Sources;
use super::tree::{At, Tree};
use crate::flags::BuildFlags;
use crate::format::Record;
use crate::{Result, build};

/// What a test binary is built from.
#[derive(Debug)]
pub(super) struct Target {
    /// As nextest names the binary.
    pub(super) id: String,
    pub(super) package: String,
    /// The file's name, without the hash.
    stem: String,
    pub(super) root: PathBuf,
}

/// All of them, and the modules of those that were asked for.
pub(super) struct Targets {
    pub(super) all: Vec<Target>,
    /// Where cargo runs the compiler, and what `file!()` is relative to.
    workspace: PathBuf,
    /// The folders of the packages and of the workspace.
    packages: Vec<PathBuf>,
    /// Where cargo puts what it builds.
    built: PathBuf,
    trees: BTreeMap<usize, Tree>,
    /// What `cfg` says of the machine that the tests were built for.
    machine: Vec<Cfg>,
    pub(super) sources: Sources,
}

impl Targets {
    /// `flags`: what the run built; `built`: where.
    pub(super) fn of(workspace: &Metadata, built: &Path, flags: &BuildFlags) -> Self {
        let members = || workspace.packages.iter().filter(|package| workspace.workspace_members.contains(&package.id));
        let all = members().flat_map(|package| targets_of(package, flags)).collect();
        let folder = |package: &Package| {
            let folder = package.manifest_path.parent()?;
            fs::canonicalize(folder).ok()
        };
        Self {
            all,
            workspace: workspace.workspace_root.clone().into_std_path_buf(),
            packages: members().filter_map(folder).chain(fs::canonicalize(&workspace.workspace_root)).collect(),
            built: fs::canonicalize(built).unwrap_or_else(|_| built.to_owned()),
            trees: BTreeMap::new(),
            machine: conditions::of_machine(flags.target.as_deref()),
            sources: Sources::default(),
        }
    }

    /// The targets that may have made this record; under `cargo test` a library and a program can have one name.
    pub(super) fn of_record(&self, record: &Record) -> Vec<usize> {
        let by = |is: &dyn Fn(&Target) -> bool| -> Vec<usize> {
            self.all.iter().enumerate().filter(|(_, target)| is(target)).map(|(n, _)| n).collect()
        };
        if let Some(id) = &record.binary_id {
            return by(&|target| target.id == *id);
        }
        let file = record.binary.rsplit('/').next().unwrap_or_default();
        let stem = file.rsplit_once('-').map_or(file, |(stem, _)| stem);
        let named = by(&|target| {
            target.stem == stem && record.package.as_ref().is_none_or(|package| *package == target.package)
        });
        if named.len() < 2 {
            return named;
        }
        // What cargo notes of a binary begins with its root.
        let Some(root) = self.noted_root(Path::new(&record.binary)) else { return named };
        let exact =
            named.iter().copied().filter(|&n| fs::canonicalize(&self.all[n].root).is_ok_and(|path| path == root));
        let exact: Vec<usize> = exact.collect();
        if exact.is_empty() { named } else { exact }
    }

    /// The first file that the compiler read for a binary.
    fn noted_root(&self, binary: &Path) -> Option<PathBuf> {
        let text = fs::read_to_string(binary.with_extension("d")).ok()?;
        let (_, files) = text.lines().next()?.split_once(": ")?;
        let files = files.replace("\\ ", "\0");
        let first = files.split(' ').next()?.replace('\0', " ");
        fs::canonicalize(self.workspace.join(first)).ok()
    }

    /// The modules of a target.
    pub(super) fn tree(&mut self, target: usize) -> Result<&Tree> {
        if !self.trees.contains_key(&target) {
            let tree = Tree::read(&self.all[target].root, &mut self.sources)?;
            self.trees.insert(target, tree);
        }
        Ok(&self.trees[&target])
    }

    /// The function of a test, or that whose cases it is one of (`f::case_1`), with its path.
    pub(super) fn function(&mut self, target: usize, test: &str) -> Result<Option<(String, Vec<At>)>> {
        self.tree(target)?;
        let tree = &self.trees[&target];
        let mut path = test;
        loop {
            let found = tree.functions(path, &self.sources);
            if !found.is_empty() {
                return Ok(Some((path.to_owned(), found)));
            }
            match path.rsplit_once("::") {
                Some((parent, _)) => path = parent,
                None => return Ok(None),
            }
        }
    }

    /// Whether a function was surely not built.
    pub(super) fn is_left_out(&self, target: usize, at: At) -> bool {
        let of_file = self.trees.get(&target).map(|tree| tree.conditions(at.source)).unwrap_or_default();
        let own = &self.sources.of(at.source).functions[at.function].conditions;
        of_file.iter().chain(own).any(|predicate| conditions::fails(predicate, &self.machine))
    }

    /// The file that the compiler calls so.
    pub(super) fn file(&mut self, file: &str) -> Result<Option<usize>> {
        let path = self.workspace.join(file);
        self.sources.get(&path)
    }

    /// Whether a file belongs to the workspace, and is not generated by a build.
    pub(super) fn is_ours(&self, source: usize) -> bool {
        let path = &self.sources.of(source).path;
        let inside = |folder: &PathBuf| path.starts_with(folder);
        self.packages.iter().any(inside) && !inside(&self.built)
    }

    /// A path as it is shown: relative to the workspace, where it is inside.
    pub(super) fn shown(&self, source: usize) -> String {
        let path = &self.sources.of(source).path;
        let root = fs::canonicalize(&self.workspace).unwrap_or_else(|_| self.workspace.clone());
        path.strip_prefix(root).unwrap_or(path).display().to_string()
    }

    /// The targets that contain a function, of those whose modules were read.
    pub(super) fn containing(&self, at: At) -> impl Iterator<Item = usize> {
        let module = &self.sources.of(at.source).functions[at.function].module;
        self.read().filter(move |(_, tree)| tree.paths(at.source, module).next().is_some()).map(|(target, _)| target)
    }

    /// The files of a module and of those inside of it. `None`: it is in no tree that was read.
    pub(super) fn below(&self, source: usize, module: &[String]) -> Option<BTreeSet<usize>> {
        let paths = self.read().flat_map(|(_, tree)| tree.paths(source, module).map(move |path| (tree, path)));
        let mut paths = paths.peekable();
        paths.peek()?;
        Some(paths.flat_map(|(tree, path)| tree.sources_below(path)).collect())
    }

    /// The packages that contain a function.
    pub(super) fn packages_of(&self, at: At) -> BTreeSet<String> {
        self.containing(at).map(|target| self.all[target].package.clone()).collect()
    }

    /// The trees that were read.
    pub(super) fn read(&self) -> impl Iterator<Item = (usize, &Tree)> {
        self.trees.iter().map(|(target, tree)| (*target, tree))
    }
}

fn targets_of(package: &Package, flags: &BuildFlags) -> impl Iterator<Item = Target> {
    package.targets.iter().filter(|target| flags.builds(target)).map(|target| Target {
        id: build::id(&package.name, &target.kind, &target.name),
        package: package.name.to_string(),
        stem: target.name.replace('-', "_"),
        root: target.src_path.clone().into_std_path_buf(),
    })
}
