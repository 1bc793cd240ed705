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

/// A pattern that matches a target, as it may stand in an attribute: what may not becomes `?`, and what is cut off `*`.
pub(crate) fn pattern_of(target: &str) -> String {
    const LONGEST: usize = 250;
    let any = |c: char| if c.is_whitespace() || c.is_control() || matches!(c, '[' | ']' | '\\') { '?' } else { c };
    let cut = target.len() > LONGEST || target.ends_with('…');
    let end = target.floor_char_boundary(LONGEST);
    let mut pattern: String = target[..end].trim_end_matches('…').chars().map(any).collect();
    if cut {
        pattern.push('*');
    }
    pattern
}

/// A resource and its patterns as they stand in an attribute. What begins with a digit after a hyphen may be no token
/// (`2e`).
pub(crate) fn written<T: AsRef<str>>(resource: &str, patterns: &[T]) -> String {
    let is_token = |part: &str| part.parse::<u32>().is_ok() || !part.starts_with(|c: char| c.is_ascii_digit());
    let name = if resource.split('-').all(is_token) { resource.to_owned() } else { format!("{resource:?}") };
    if patterns.is_empty() {
        return name;
    }
    let patterns: Vec<String> = patterns.iter().map(|pattern| format!("{:?}", pattern.as_ref())).collect();
    format!("{name}({})", patterns.join(", "))
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
    fn the_pattern_of_a_target_matches_it() {
        let long = "é".repeat(200);
        for (target, pattern) in [
            ("api.github.com", "api.github.com"),
            ("my file.txt", "my?file.txt"),
            ("[::1]\\x\n", "?::1??x?"),
            ("cut…", "cut*"),
            (&long, &("é".repeat(125) + "*")),
        ] {
            assert_eq!(pattern_of(target), pattern);
            assert!(matches(pattern, Some(target)), "{pattern}");
        }
    }

    #[test]
    fn what_is_no_token_is_written_as_a_text() {
        let none: [&str; 0] = [];
        assert_eq!(written("s3-2", &none), "s3-2");
        assert_eq!(written("s3-2e", &["a\"b", "c"]), r#""s3-2e"("a\"b", "c")"#);
    }

    #[test]
    fn a_path_leaves_the_crate_out() {
        let at =
            |module| Declaration { subject: Subject::Test, module, name: "f", file: "src/lib.rs", line: 1, uses: &[] };
        assert_eq!(at("krate").path(), "f");
        assert_eq!(at("krate::a::b").path(), "a::b::f");
    }
}
