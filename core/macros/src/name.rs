//! What a resource, a glob and a reason may look like.

/// The longest name of a resource in bytes: it becomes the name of files and of environment variables.
const NAME: usize = 64;

/// The longest glob in bytes, which is the longest name of a host.
const GLOB: usize = 253;

/// Why `name` cannot be the name of a resource, if so.
pub(crate) fn mistake_in_name(name: &str) -> Option<String> {
    if name == "may" {
        return Some("`may` is reserved for `may(resource = \"reason\")`".to_owned());
    }
    if is_name(name) {
        return None;
    }
    let shown = shorten(name);
    if name.len() > NAME {
        return Some(format!("`{shown}` is too long for a resource: {} bytes, at most {NAME}", name.len()));
    }
    let lower = name.to_ascii_lowercase();
    let hint = if is_name(&lower) { format!("; write `{lower}`") } else { String::new() };
    Some(format!(
        "`{shown}` is no resource: a name has lower case letters, digits, `-` and `_`, and begins with a letter{hint}"
    ))
}

/// Why `glob` can match no target, if so.
pub(crate) fn mistake_in_glob(glob: &str) -> Option<String> {
    let shown = shorten(glob);
    if glob.is_empty() {
        return Some("an empty glob matches nothing: write `\"*\"`, or no glob at all, for any target".to_owned());
    }
    if glob.len() > GLOB {
        return Some(format!("`{shown}` is too long for a glob: {} bytes, at most {GLOB}", glob.len()));
    }
    if glob.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Some(format!("`{shown}` matches nothing: a target has no white space and no control characters"));
    }
    let strange = glob.chars().find(|c| matches!(c, '[' | ']' | '\\'))?;
    Some(format!("`{strange}` has no meaning in a glob: only `*` and `?` are wild, and nothing is escaped"))
}

/// Why `reason` says nothing, if so.
pub(crate) fn mistake_in_reason(reason: &str) -> Option<&'static str> {
    reason.trim().is_empty().then_some("an empty reason explains nothing: say when the resource stays unused")
}

fn is_name(name: &str) -> bool {
    name.len() <= NAME
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| matches!(c, 'a'..='z' | '0'..='9' | '_' | '-'))
}

/// Keeps a message readable when what it quotes is long or does not print.
fn shorten(text: &str) -> String {
    let mut shown: String = text.chars().take(NAME).flat_map(char::escape_debug).collect();
    if text.chars().nth(NAME).is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_real_tools_are_accepted() {
        for name in ["tmux", "docker-compose", "s3-2", "my_sdk", "k8s", "a"] {
            assert_eq!(mistake_in_name(name), None, "{name}");
        }
    }

    #[test]
    fn a_name_that_could_leave_a_directory_is_refused() {
        for name in ["", "..", "a/b", "a.b", "-rf", "_x", "7zip", "a b", "é", "may", "a\0"] {
            assert!(mistake_in_name(name).is_some(), "{name}");
        }
    }

    #[test]
    fn upper_case_is_answered_with_the_lower_case_name() {
        assert!(mistake_in_name("Docker").is_some_and(|mistake| mistake.ends_with("write `docker`")));
    }

    #[test]
    fn a_name_of_ten_thousand_characters_is_quoted_in_part() {
        assert_eq!(mistake_in_name(&"a".repeat(64)), None);
        let mistake = mistake_in_name(&"a".repeat(10_000)).unwrap_or_default();
        assert!(mistake.len() < 200 && mistake.contains("10000 bytes, at most 64"), "{mistake}");
    }

    #[test]
    fn a_glob_has_two_wild_cards_and_nothing_else_special() {
        for glob in ["api.github.com", "*.crates.io", "host:44?", "*", "/v1/*", "[::1]"] {
            assert_eq!(mistake_in_glob(glob).is_some(), glob.contains('['), "{glob}");
        }
        for glob in ["", " ", "a b", "a\n", "\u{7f}", "a\\*", &"a".repeat(254)] {
            assert!(mistake_in_glob(glob).is_some(), "{glob}");
        }
    }

    #[test]
    fn a_reason_of_blanks_is_empty() {
        assert!(mistake_in_reason(" \t").is_some());
        assert!(mistake_in_reason("cold cache").is_none());
    }
}
