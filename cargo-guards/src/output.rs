//! Data on standard output.

use std::io::{self, Write as _};

use crate::{Error, Result};

/// Prints a text. A reader that has seen enough (`| head`) is no error.
pub(crate) fn print(text: &str) -> Result<()> {
    let mut stdout = anstream::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result.map_err(Error::file("write", "standard output")),
    }
}

/// A text that moves no cursor and turns no other text around: names come from the programs that are tested.
pub(crate) fn visible(text: &str) -> String {
    // Marks, embeddings, overrides and isolates of bidirectional text.
    let turns =
        |c| matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if !text.chars().any(|c| c.is_control() || turns(c)) {
        return text.to_owned();
    }
    let escape = |c: char| if c.is_control() || turns(c) { c.escape_unicode().to_string() } else { c.to_string() };
    text.chars().map(escape).collect()
}

/// The same of several lines.
pub(crate) fn visible_lines(text: &str) -> String {
    text.lines().map(visible).collect::<Vec<_>>().join("\n")
}

/// A table without lines that would be in the way of a reader.
pub(crate) fn table<const N: usize>(header: [&str; N], rows: impl IntoIterator<Item = [String; N]>) -> String {
    let mut table = comfy_table::Table::new();
    table.load_preset(comfy_table::presets::NOTHING).set_header(header);
    table.set_content_arrangement(comfy_table::ContentArrangement::Disabled);
    for row in rows {
        table.add_row(row.map(|cell| visible(&cell)));
    }
    table.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_has_no_lines_and_no_control_characters() {
        let rows = [["a", "b\u{1b}[2J\u{202e}"].map(str::to_owned)];
        let text = table(["ONE", "TWO"], rows);
        let lines: Vec<Vec<&str>> = text.lines().map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(lines, [["ONE", "TWO"], ["a", "b\\u{1b}[2J\\u{202e}"]]);
    }
}
