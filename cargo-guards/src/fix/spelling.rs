//! How `#[uses]` is spelled in a module: as it is imported there, as the file writes it, or by its whole path.

use cargo_metadata::{Metadata, Package};

use super::targets::Targets;
use super::tree::{At, Place, Tree};

/// The package that has the attribute.
const HOME: &str = "resource-guards";

/// How far imports of imports are followed.
const FAR: usize = 8;

/// The path to write, or why there is none.
pub(super) fn of(at: At, targets: &Targets, workspace: &Metadata) -> Result<String, String> {
    let source = targets.sources.of(at.source);
    let function = &source.functions[at.function];
    let place = Place { source: at.source, inline: function.module.clone() };
    let mut package = None;
    for (target, tree) in targets.read() {
        for path in tree.paths(at.source, &function.module) {
            package = package.or(Some(&targets.all[target].package));
            if let Some(name) = imported(path, tree, targets, FAR) {
                return Ok(name);
            }
        }
    }
    if let Some(name) = imported_at(&place, &[], &Tree::default(), targets, FAR) {
        return Ok(name);
    }
    let attributes = source.functions.iter().flat_map(|function| &function.attributes);
    let mut written = attributes.filter(|attribute| attribute.is("uses") && attribute.path.len() > 1);
    if let Some(attribute) = written.next() {
        return Ok(attribute.path.join("::"));
    }
    let package = package.and_then(|name| workspace.packages.iter().find(|package| *package.name == *name));
    match package.and_then(name_of_the_crate) {
        Some(name) => Ok(format!("{name}::uses")),
        None => Err(format!(
            "its package does not depend on {HOME}: add it to the [dev-dependencies]{}",
            package.map(|package| format!(" of `{}`", package.name)).unwrap_or_default()
        )),
    }
}

/// What the package calls the crate.
fn name_of_the_crate(package: &Package) -> Option<String> {
    let dependency = package.dependencies.iter().find(|dependency| dependency.name == HOME)?;
    Some(dependency.rename.as_deref().unwrap_or(HOME).replace('-', "_"))
}

/// What the attribute is called in a module that imports it.
fn imported(module: &[String], tree: &Tree, targets: &Targets, far: usize) -> Option<String> {
    tree.places(module).iter().find_map(|place| imported_at(place, module, tree, targets, far))
}

fn imported_at(place: &Place, module: &[String], tree: &Tree, targets: &Targets, far: usize) -> Option<String> {
    let imports = &targets.sources.of(place.source).imports;
    let own = || imports.iter().filter(|import| import.module == place.inline);
    if let Some(import) = own().find(|import| import.path.len() > 1 && import.path.last().is_some_and(|l| l == "uses"))
    {
        return (import.name != "_").then(|| import.name.clone());
    }
    own().filter(|import| import.name == "*").find_map(|import| {
        let from = &import.path[..import.path.len() - 1];
        let first = from.first()?;
        if from.len() == 1 && first == "resource_guards" {
            return Some("uses".to_owned());
        }
        let supers = from.iter().take_while(|part| *part == "super").count();
        let base = match first.as_str() {
            "crate" => Vec::new(),
            "self" => module.to_vec(),
            "super" => module[..module.len().checked_sub(supers)?].to_vec(),
            _ => return None,
        };
        let rest = &from[supers.max(1)..];
        let from = [base.as_slice(), rest].concat();
        (far > 0 && from != module).then(|| imported(&from, tree, targets, far - 1)).flatten()
    })
}
