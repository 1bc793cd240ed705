//! Texts of tests, made fit for a page.

use std::fmt::Write as _;

use crate::output;

/// So many characters of one text are shown.
const LONGEST: usize = 400;

/// A text without control characters, and not endless. It is not escaped: the template does that.
pub(crate) fn visible(text: &str) -> String {
    let mut shown = output::visible(text);
    if let Some((end, _)) = shown.char_indices().nth(LONGEST) {
        shown.truncate(end);
        shown.push('…');
    }
    shown
}

/// HTML of a text in which `this` is code.
pub(crate) fn ticked(text: &str) -> String {
    let mut html = String::new();
    let text = visible(text);
    let ticks = text.matches('`').count();
    for (n, part) in text.split('`').enumerate() {
        // The last one of an odd number opens nothing.
        let code = n % 2 == 1 && n < ticks;
        match (code, n % 2 == 1) {
            (true, _) => drop(write!(html, "<code>{}</code>", escaped(part))),
            (false, true) => drop(write!(html, "`{}", escaped(part))),
            (false, false) => html.push_str(&escaped(part)),
        }
    }
    html
}

fn escaped(text: &str) -> String {
    askama::filters::escape(text, askama::filters::Html).map(|safe| safe.to_string()).unwrap_or_default()
}

/// `1 test`, `2 tests`.
pub(crate) fn counted(n: usize, what: &str) -> String {
    if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_backticks_is_code_and_everything_is_escaped() {
        assert_eq!(ticked("test `a<b>` used `x`"), "test <code>a&#60;b&#62;</code> used <code>x</code>");
        assert_eq!(ticked("a`b"), "a`b");
        assert_eq!(ticked("`a` and `<"), "<code>a</code> and `&#60;");
        assert_eq!(ticked("``\u{1b}"), "<code></code>\\u{1b}");
        assert_eq!(visible(&"ä".repeat(500)).chars().count(), LONGEST + 1);
    }
}
