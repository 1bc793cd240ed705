//! What a test or a fixture says it uses.

use serde::Serialize;
use wildmatch::WildMatch;

/// One resource in a declaration: `tmux`, `http("api.github.com")` or `may(tmux = "only on a cold cache")`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Use {
    /// The name of the resource.
    pub resource: &'static str,
    /// Globs (`*` and `?`) on the target of the use. Empty: any target.
    pub targets: &'static [&'static str],
    /// Why the resource may stay unused, for `may(…)`.
    pub may: Option<&'static str>,
}

/// Whether the target, where there is one, matches the glob.
pub(crate) fn matches(glob: &str, target: Option<&str>) -> bool {
    WildMatch::new(glob).matches(target.unwrap_or_default())
}

/// What one test or one fixture declares, and where. Made by the attributes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Declaration {
    /// A test or a fixture.
    pub subject: Subject,
    /// The path of the module with the name of its crate, as `module_path!` gives it.
    pub module: &'static str,
    /// The name of the function.
    pub name: &'static str,
    /// The source file, as the compiler was given it.
    pub file: &'static str,
    /// The line of the function's name.
    pub line: u32,
    /// The resources, in the order written.
    pub uses: &'static [Use],
}

/// Who declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Subject {
    /// A function under `#[uses]`.
    Test,
    /// A function under `#[fixture_uses]`.
    Fixture,
}

impl Declaration {
    /// The path inside the crate, which for a test is its name in the runner: `agents::opens_a_session`.
    #[must_use]
    pub fn path(&self) -> String {
        match self.module.split_once("::") {
            Some((_, module)) => format!("{module}::{}", self.name),
            None => self.name.to_owned(),
        }
    }

    /// The path with its crate: `krate::agents::database`.
    pub(crate) fn full_path(&self) -> String {
        format!("{}::{}", self.module, self.name)
    }

    pub(crate) fn declares(&self, resource: &str) -> bool {
        self.uses.iter().any(|item| item.resource == resource)
    }
}

inventory::collect!(Declaration);

/// All declarations of this binary.
pub(crate) fn all() -> impl Iterator<Item = &'static Declaration> {
    inventory::iter::<Declaration>.into_iter()
}

/// The fixture on this line whose path with its crate this is.
pub(crate) fn fixture(path: &str, line: u32) -> Option<&'static Declaration> {
    all().find(|d| {
        d.subject == Subject::Fixture
            && d.line == line
            && path.strip_suffix(d.name).and_then(|path| path.strip_suffix("::")) == Some(d.module)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_leaves_the_crate_out() {
        let at =
            |module| Declaration { subject: Subject::Test, module, name: "f", file: "src/lib.rs", line: 1, uses: &[] };
        assert_eq!(at("krate").path(), "f");
        assert_eq!(at("krate::a::b").path(), "a::b::f");
    }
}
