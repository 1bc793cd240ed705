//! The table of the demo.

use std::env;
use std::io::{IsTerminal as _, stdout};

use comfy_table::presets::UTF8_BORDERS_ONLY;
use comfy_table::{Cell, Color, ColumnConstraint, ContentArrangement, Table};

use super::verdict::{Comparison, Row, Verdict, text};

/// Renders test × resource × verdict: in colours on a terminal, unless `NO_COLOR` is set.
pub(super) fn render(comparison: &Comparison) -> Table {
    let terminal = stdout().is_terminal();
    let colours = terminal && env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let mut table = Table::new();
    table.load_preset(UTF8_BORDERS_ONLY);
    if terminal {
        table.set_content_arrangement(ContentArrangement::Dynamic);
    } else {
        table.force_no_tty();
    }
    let verdict = format!("verdict ({})", comparison.runners.join(", "));
    table.set_header(["test", "resource", "seen", &verdict, "expected"]);
    // Names are not broken where a terminal is narrow; what was seen is.
    for column in table.column_iter_mut().take(2) {
        column.set_constraint(ColumnConstraint::ContentWidth);
    }

    let mut previous = None;
    for row in &comparison.rows {
        let test = if previous == Some(&row.test) { "" } else { &row.test };
        previous = Some(&row.test);
        let verdict = Cell::new(verdicts(row, &comparison.runners));
        table.add_row([
            Cell::new(test),
            Cell::new(row.resource.as_deref().unwrap_or("–")),
            Cell::new(row.seen.as_deref().unwrap_or("–")),
            if colours { verdict.fg(colour(row)) } else { verdict },
            Cell::new(if row.as_expected { "yes" } else { "NO" }),
        ]);
    }
    table
}

/// One text where the runners agree, else one each. What is not recorded is no disagreement.
fn verdicts(row: &Row, runners: &[&str]) -> String {
    let mut known: Vec<&Verdict> = row.verdicts.iter().flatten().collect();
    known.dedup();
    match known.as_slice() {
        [] => text(None),
        [one] if row.as_expected => one.to_string(),
        _ => {
            let each = row.verdicts.iter().zip(runners);
            each.map(|(verdict, runner)| format!("{runner}: {}", text(verdict.as_ref()))).collect::<Vec<_>>().join("; ")
        }
    }
}

fn colour(row: &Row) -> Color {
    let mut colour = Color::Green;
    for verdict in row.verdicts.iter().flatten() {
        match verdict {
            Verdict::Broken(_) => return Color::Red,
            Verdict::NotInstalled => colour = Color::Yellow,
            Verdict::Ok | Verdict::Excepted => {}
        }
    }
    colour
}
