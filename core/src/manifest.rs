//! What a test binary says about itself when `RESOURCE_GUARDS_MANIFEST=1`.

use serde::Serialize;

use crate::Footprint;
use crate::declaration::{self, Declaration};
use crate::{described, registry};

/// The version of the format. It changes when a field is removed or changes its meaning.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Manifest {
    version: u32,
    /// Whether libtest runs its tests. Another harness opens scopes, and what those declare is known only as they run.
    libtest: bool,
    guards: Vec<Guard>,
    declarations: Vec<Declared>,
    errors: Vec<String>,
}

#[derive(Serialize)]
struct Guard {
    resource: String,
    name: String,
    settings: String,
    file: &'static str,
    line: u32,
    footprint: Footprint,
}

#[derive(Serialize)]
struct Declared {
    path: String,
    #[serde(flatten)]
    declaration: &'static Declaration,
}

/// The manifest of this binary, as one line of JSON.
pub(crate) fn json() -> serde_json::Result<String> {
    let libtest = registry::installed().is_some_and(|installed| installed.libtest);
    let (entries, mut errors) = registry::guards();
    errors.extend(registry::mistakes(&entries, &described::here));
    let guards = entries
        .iter()
        .map(|entry| Guard {
            resource: entry.guard.resource().name().to_owned(),
            name: entry.guard.name(),
            settings: entry.guard.settings(),
            file: entry.at.file(),
            line: entry.at.line(),
            footprint: entry.guard.footprint(),
        })
        .collect();
    let mut declarations: Vec<&Declaration> = declaration::all().collect();
    declarations.sort_unstable_by_key(|d| (d.file, d.line, d.module, d.name));
    let declarations =
        declarations.into_iter().map(|declaration| Declared { path: declaration.path(), declaration }).collect();
    serde_json::to_string(&Manifest { version: VERSION, libtest, guards, declarations, errors })
}
