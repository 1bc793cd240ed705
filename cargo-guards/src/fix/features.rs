//! Which features of the workspace's packages a run had.

use std::collections::BTreeSet;

use cargo_metadata::{Metadata, Package};

use crate::flags::BuildFlags;

/// A feature that the code of a package, or of one of the workspace that it depends on, may be under, and that was not on:
/// the package and the feature. `built` are the packages whose tests were built.
pub(super) fn missing(
    package: &str,
    workspace: &Metadata,
    flags: &BuildFlags,
    built: &BTreeSet<String>,
) -> Option<(String, String)> {
    let mut done = BTreeSet::new();
    let mut open = vec![(package.to_owned(), BTreeSet::new())];
    while let Some((name, asked)) = open.pop() {
        let Some(package) = workspace.packages.iter().find(|package| *package.name == *name) else { continue };
        let mut on = asked;
        if built.contains(&name) {
            on.extend(by_flags(package, flags));
        }
        let on = closure(package, on);
        if let Some(off) = package.features.keys().find(|feature| !on.contains(*feature)) {
            return Some((name, off.clone()));
        }
        if !done.insert(name) {
            continue;
        }
        for dependency in package.dependencies.iter().filter(|dependency| dependency.path.is_some()) {
            let mut asked: BTreeSet<String> = dependency.features.iter().cloned().collect();
            if dependency.uses_default_features {
                asked.insert("default".to_owned());
            }
            if !done.contains(&dependency.name) {
                open.push((dependency.name.clone(), asked));
            }
        }
    }
    None
}

/// The features that the command line turns on.
fn by_flags(package: &Package, flags: &BuildFlags) -> BTreeSet<String> {
    if flags.all_features {
        return package.features.keys().cloned().collect();
    }
    let words = flags.features.iter().flat_map(|words| words.split([',', ' '])).filter(|word| !word.is_empty());
    let own = words.filter_map(|word| match word.split_once('/') {
        Some((of, feature)) => (*package.name == *of).then_some(feature),
        None => Some(word),
    });
    let mut on: BTreeSet<String> = own.map(str::to_owned).collect();
    if !flags.no_default_features {
        on.insert("default".to_owned());
    }
    on
}

/// With the features that those turn on.
fn closure(package: &Package, on: BTreeSet<String>) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    let mut open: Vec<String> = on.into_iter().collect();
    while let Some(feature) = open.pop() {
        if let Some(others) = package.features.get(&feature).filter(|_| !all.contains(&feature)) {
            open.extend(others.iter().cloned());
        }
        all.insert(feature);
    }
    all
}
