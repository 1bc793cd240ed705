//! What the attributes refuse when they are compiled, and a scope by hand when it is opened. The rules are those of the macros
//! (`macros/src/name.rs`, `arguments.rs`), which cannot be called from here.

use crate::declaration::Use;

/// The longest glob in bytes, which is the longest name of a host.
const LONGEST: usize = 253;

/// What is wrong with one more declaration, by itself or beside the earlier ones, in words that follow "it declares".
pub(super) fn in_one_more(earlier: &[Use], item: &Use) -> Vec<String> {
    let Use { resource, targets, may } = *item;
    let mut mistakes: Vec<String> = targets
        .iter()
        .filter_map(|glob| Some(format!("`{resource}` at `{}`, {}", shortened(glob), mistake_in_glob(glob)?)))
        .collect();
    if may.is_some_and(|reason| reason.trim().is_empty()) {
        let mend = "say when the resource stays unused";
        mistakes.push(format!("that `{resource}` may stay unused for an empty reason, which explains nothing: {mend}"));
    }
    if let Some(first) = earlier.iter().find(|first| first.resource == resource) {
        mistakes.push(repeated(first, item));
    }
    mistakes
}

/// What is wrong with declaring a resource at a list of targets that is empty.
pub(super) fn no_target(resource: &str) -> String {
    format!("`{resource}` at no target: write `.uses({resource:?})` for any target")
}

fn repeated(first: &Use, again: &Use) -> String {
    let resource = again.resource;
    if first.may.is_some() != again.may.is_some() {
        return format!("`{resource}` twice: a resource is either always used or may stay unused, not both");
    }
    if first.targets.is_empty() || again.targets.is_empty() {
        return format!("`{resource}` twice");
    }
    let targets = [first.targets, again.targets].concat();
    format!("`{resource}` twice: name its targets in one place, `.uses_at({resource:?}, &{targets:?})`")
}

/// Why a glob can match no target, if so.
fn mistake_in_glob(glob: &str) -> Option<String> {
    if glob.is_empty() {
        return Some("which matches nothing: write `\"*\"`, or no glob at all, for any target".to_owned());
    }
    if glob.len() > LONGEST {
        return Some(format!("which is too long for a glob: {} bytes, at most {LONGEST}", glob.len()));
    }
    if glob.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Some("which matches nothing: a target has no white space and no control characters".to_owned());
    }
    let strange = glob.chars().find(|c| matches!(c, '[' | ']' | '\\'))?;
    Some(format!("where `{strange}` has no meaning: only `*` and `?` are wild, and nothing is escaped"))
}

fn shortened(glob: &str) -> String {
    let mut shown: String = glob.chars().take(64).flat_map(char::escape_debug).collect();
    if glob.chars().nth(64).is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    const TAR: Use = Use { resource: "tar", targets: &[], may: None };

    fn only(earlier: &[Use], item: Use) -> String {
        let [mistake] = &in_one_more(earlier, &item)[..] else { panic!("one mistake") };
        mistake.clone()
    }

    #[test]
    fn what_is_declared_once_and_well_is_no_mistake() {
        let http = Use { resource: "http", targets: &["*.crates.io", "host:44?"], may: Some("why") };
        assert_eq!(in_one_more(&[TAR], &http), Vec::<String>::new());
    }

    #[test]
    fn a_resource_is_declared_once() {
        let one = Use { targets: &["a"], ..TAR };
        let may = Use { may: Some("why"), ..TAR };
        assert_eq!(only(&[TAR], TAR), "`tar` twice");
        assert_eq!(only(&[may], one), "`tar` twice: a resource is either always used or may stay unused, not both");
        assert_eq!(
            only(&[one], Use { targets: &["b"], ..TAR }),
            "`tar` twice: name its targets in one place, `.uses_at(\"tar\", &[\"a\", \"b\"])`"
        );
    }

    #[test]
    fn a_glob_may_match_something_and_a_reason_explains() {
        for glob in ["", " ", "a\n", "a\\*", "[a]"] {
            let targets = [glob.to_owned().leak() as &'static str];
            assert!(only(&[], Use { targets: targets.to_vec().leak(), ..TAR }).starts_with("`tar` at `"), "{glob}");
        }
        assert!(only(&[], Use { may: Some(" \t"), ..TAR }).contains("an empty reason"));
    }
}
