//! The filters: radio buttons, and rules of the style sheet that hide what is not asked for.

use std::fmt::Write as _;

/// The rules for these groups and columns. They are written into a `<style>`.
/// `groups`: the class of each, and how many of its rows have something in each column.
pub(crate) fn rules(groups: &[(&str, Vec<usize>)], resources: &[&str]) -> String {
    let mut css = String::new();
    for (key, _) in groups {
        let _ = writeln!(css, "body:has(#v-{key}:checked) .matrix tbody:not(.{key}){{display:none}}");
    }
    for (n, resource) in resources.iter().enumerate() {
        let _ = writeln!(css, "body:has(#r-{n}:checked) .matrix tbody tr:not(.r{n}):not(.group){{display:none}}");
        for (key, _) in groups.iter().filter(|(_, with)| with.get(n) == Some(&0)) {
            let _ = writeln!(css, "body:has(#r-{n}:checked) .matrix .{key}{{display:none}}");
            let _ = writeln!(css, "body:has(#v-{key}:checked):has(#r-{n}:checked) .none{{display:block}}");
        }
        // On a phone the columns have no heads.
        let column = n + 2;
        let name = string(resource);
        let _ = writeln!(css, "@media(max-width:46rem){{.matrix td:nth-child({column})::before{{content:{name}}}}}");
    }
    css
}

/// A string of a style sheet. What is no letter, digit, `-` or `_` is written by its number.
fn string(text: &str) -> String {
    let mut string = String::from("\"");
    for c in text.chars().take(80) {
        if c.is_ascii_alphanumeric() || matches!(c, '-' | '_') {
            string.push(c);
        } else {
            let _ = write!(string, "\\{:x} ", u32::from(c));
        }
    }
    string + "\""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_leaves_its_string() {
        assert_eq!(string("docker-compose"), "\"docker-compose\"");
        assert_eq!(string("\"</style>\\"), "\"\\22 \\3c \\2f style\\3e \\5c \"");
    }
}
