//! The messages of the guards in a text.

const START: &str = "RESOURCE GUARD: ";

/// The messages in a text: the line that begins one, and the indented lines below it.
pub fn messages(text: &str) -> Vec<String> {
    let mut messages: Vec<String> = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        // libtest-mimic puts this in front of a panic's text.
        let line = line.strip_prefix("test panicked: ").unwrap_or(line);
        if line.starts_with(START) {
            messages.push(line.to_owned());
            inside = true;
        } else if let (true, true, Some(last)) = (inside, line.starts_with("  "), messages.last_mut()) {
            last.push('\n');
            last.push_str(line);
        } else {
            inside = false;
        }
    }
    messages
}

/// The violations among them, each once, sorted, with process ids masked.
///
/// A violation says how to mend it, or that a guard failed. Other messages are notes, and what a wrapper says when it
/// refuses a program.
pub fn violations(text: &str) -> Vec<String> {
    let mut violations: Vec<_> =
        messages(text).into_iter().filter(|message| is_violation(message)).map(|message| masked(&message)).collect();
    violations.sort();
    violations.dedup();
    violations
}

fn is_violation(message: &str) -> bool {
    message.contains("\n  mend: ") || message.starts_with("RESOURCE GUARD: a guard failed")
}

/// The test that a message is about: its subject, or the one in which its subject is a fixture.
pub(crate) fn subject(message: &str) -> Option<&str> {
    let mut lines = message.lines();
    let headline = lines.next()?;
    let line = lines.find(|line| line.starts_with("  in: ")).unwrap_or(headline);
    line.split_once("test `")?.1.split_once('`').map(|(name, _)| name)
}

/// A text without process ids.
pub(crate) fn masked(message: &str) -> String {
    let mut parts = message.split(", pid ");
    let mut masked = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        masked.push_str(", pid …");
        masked.push_str(part.trim_start_matches(|c: char| c.is_ascii_digit()));
    }
    masked
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
thread 'a' panicked at src/lib.rs:1:1:
RESOURCE GUARD: blocked `tar cf …`: test `a` does not declare `tar`
RESOURCE GUARD: test `a` used `tar` without declaring it
  seen: tar cf … (PATH wrapper, pid 4242)
        tar tf … (PATH wrapper, pid 4243)
  mend: add #[uses(tar)], or stop using tar
  an indented line of the test's own would be taken for a part

RESOURCE GUARD: note: something
";

    #[test]
    fn a_message_ends_where_the_indentation_ends() {
        assert_eq!(messages(TEXT).len(), 3);
        assert_eq!(subject(&messages(TEXT)[1]), Some("a"));
        assert_eq!(subject(&messages(TEXT)[2]), None);
        assert_eq!(subject("RESOURCE GUARD: fixture `f` used `tar`\n  in:   test `a::b`\n  mend: …"), Some("a::b"));
    }

    #[test]
    fn violations_are_told_from_notes_and_lose_their_process_ids() {
        let [violation] = &violations(&TEXT.repeat(2))[..] else { panic!("one violation") };
        assert!(violation.contains("tar cf … (PATH wrapper, pid …)\n        tar tf … (PATH wrapper, pid …)"));
    }
}
