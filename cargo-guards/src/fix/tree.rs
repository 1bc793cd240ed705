//! The modules of a crate, and in which file each is.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::source::Sources;
use crate::Result;

/// The place of a module: a file, and the inline modules in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) source: usize,
    pub(super) inline: Vec<String>,
}

/// A function: its file, and its number there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct At {
    pub(super) source: usize,
    pub(super) function: usize,
}

/// The modules of one crate. Under conditions (`#[cfg]`) there may be several of one path.
#[derive(Debug, Default)]
pub(super) struct Tree {
    modules: BTreeMap<Vec<String>, Vec<Place>>,
    /// The predicates of `#[cfg]` that a file is under.
    conditions: BTreeMap<usize, Vec<String>>,
}

impl Tree {
    /// Reads the files of the crate with this root.
    pub(super) fn read(root: &Path, sources: &mut Sources) -> Result<Self> {
        let mut tree = Self::default();
        let Some(source) = sources.get(root)? else { return Ok(tree) };
        let folder = root.parent().unwrap_or(root).to_owned();
        tree.add_file(source, &[], &folder, &mut vec![source], sources)?;
        Ok(tree)
    }

    /// Adds the modules of a file, which is the module `path`. The files of its modules are in `folder`.
    fn add_file(
        &mut self,
        source: usize,
        path: &[String],
        folder: &Path,
        around: &mut Vec<usize>,
        sources: &mut Sources,
    ) -> Result<()> {
        let file = sources.of(source);
        let inline =
            file.functions.iter().map(|f| f.module.clone()).chain(file.imports.iter().map(|i| i.module.clone()));
        let mut inline: Vec<Vec<String>> = inline.collect();
        let mut files: Vec<(Vec<String>, PathBuf, PathBuf, Vec<String>)> = Vec::new();
        let around_it = self.conditions.get(&source).cloned().unwrap_or_default();
        let own = file.path.parent().unwrap_or(&file.path);
        for module in &file.modules {
            let names: Vec<String> = module.inside.iter().map(|inside| inside.name.clone()).collect();
            inline.push(names.clone());
            let mut within = folder.to_owned();
            for inside in &module.inside {
                within.push(inside.path.as_ref().unwrap_or(&inside.name));
            }
            let base = if module.inside.is_empty() { own } else { &within };
            let conditions = [around_it.as_slice(), &module.conditions].concat();
            let name = [names.as_slice(), std::slice::from_ref(&module.name)].concat();
            for given in &module.paths {
                let path = base.join(given);
                let folder = path.parent().unwrap_or(&path).to_owned();
                files.push((name.clone(), path, folder, conditions.clone()));
            }
            if module.usual {
                let folder = within.join(&module.name);
                let beside = within.join(format!("{}.rs", module.name));
                files.push((name.clone(), beside, folder.clone(), conditions.clone()));
                files.push((name, folder.join("mod.rs"), folder, conditions));
            }
        }
        inline.push(Vec::new());
        inline.sort();
        inline.dedup();
        for inline in inline {
            let places = self.modules.entry([path, inline.as_slice()].concat()).or_default();
            let place = Place { source, inline };
            if !places.contains(&place) {
                places.push(place);
            }
        }
        for (name, file, folder, conditions) in files {
            let Some(source) = sources.get(&file)? else { continue };
            // rustc refuses a file that is a module of itself.
            if around.contains(&source) {
                continue;
            }
            around.push(source);
            self.conditions.entry(source).or_insert(conditions);
            self.add_file(source, &[path, name.as_slice()].concat(), &folder, around, sources)?;
            around.pop();
        }
        Ok(())
    }

    /// The functions of this path: several under conditions.
    pub(super) fn functions(&self, path: &str, sources: &Sources) -> Vec<At> {
        let mut module: Vec<String> = path.split("::").map(|part| part.trim_start_matches("r#").to_owned()).collect();
        let Some(name) = module.pop() else { return Vec::new() };
        let places = self.modules.get(&module).map(Vec::as_slice).unwrap_or_default();
        let mut found = Vec::new();
        for Place { source, inline } in places {
            let functions = sources.of(*source).functions.iter().enumerate();
            let of = functions.filter(|(_, f)| f.name == name && f.module == *inline && !f.associated);
            found.extend(of.map(|(function, _)| At { source: *source, function }));
        }
        found
    }

    /// The predicates of `#[cfg]` that a file is under.
    pub(super) fn conditions(&self, source: usize) -> &[String] {
        self.conditions.get(&source).map(Vec::as_slice).unwrap_or_default()
    }

    /// The places of the module that contains a function.
    pub(super) fn places(&self, module: &[String]) -> &[Place] {
        self.modules.get(module).map(Vec::as_slice).unwrap_or_default()
    }

    /// The paths under which a place is a module of this crate.
    pub(super) fn paths(&self, source: usize, inline: &[String]) -> impl Iterator<Item = &[String]> {
        let here = move |places: &[Place]| places.iter().any(|place| place.source == source && place.inline == inline);
        self.modules.iter().filter(move |(_, places)| here(places)).map(|(path, _)| path.as_slice())
    }

    /// The files of a module and of those inside of it.
    pub(super) fn sources_below(&self, module: &[String]) -> impl Iterator<Item = usize> {
        let inside = self.modules.iter().filter(move |(path, _)| path.starts_with(module));
        inside.flat_map(|(_, places)| places).map(|place| place.source)
    }

    /// The files of the crate.
    pub(super) fn sources(&self) -> impl Iterator<Item = usize> {
        self.modules.values().flatten().map(|place| place.source)
    }
}
