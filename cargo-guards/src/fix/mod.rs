//! `cargo guards fix`: writes and removes declarations in the source, from what the last run saw.
//!
//! | file | subject |
//! | --- | --- |
//! | `source`, `items`, `tree`, `targets` | files, what is in them, the modules of a crate, the crates of the workspace |
//! | `conditions` | `#[cfg]`, where a name is there twice |
//! | `declared` | what stands in an attribute, and where |
//! | `evidence` | the records, by the functions that they are about |
//! | `missing`, `cases`, `want` | what is to be declared |
//! | `removal`, `coverage`, `features`, `reach` | what need not be declared, and everything that keeps it |
//! | `rest` | violations that nothing of this is about |
//! | `plan`, `piece`, `edit`, `remarks`, `spelling`, `imports` | the edits |
//! | `vcs`, `write` | edits that can be had back, files that are always whole |
//!
//! Positions are bytes of the text as it is. The syntax tree is never printed, so nothing else changes.

mod cases;
mod conditions;
mod coverage;
mod declared;
mod edit;
mod evidence;
mod features;
mod imports;
mod items;
mod missing;
mod piece;
mod plan;
mod reach;
mod remarks;
mod removal;
mod rest;
mod source;
mod spelling;
mod targets;
mod tree;
mod vcs;
mod want;
mod write;

use crate::flags::BuildFlags;
use crate::output::print;
use crate::runs::Run;
use crate::talk::{BAD, CAREFUL, GOOD, Talk};
use crate::why::Place;
use crate::{Error, Result, build, exit};

use evidence::Evidence;
use plan::{Change, Plan};
use removal::Removals;
use targets::Targets;

/// Options of `cargo guards fix`.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Write nothing; exit with 6 if there is something to fix
    #[arg(long)]
    check: bool,
    /// Write nothing; print the edits as a unified diff
    #[arg(long)]
    diff: bool,
    #[command(flatten)]
    allowed: vcs::Allowed,
    #[command(flatten)]
    place: Place,
}

/// Mends the declarations of the last run.
pub(crate) fn run(options: &Options, talk: &Talk) -> Result<u8> {
    let flags = options.place.flags();
    let workspace = build::workspace(&flags)?;
    let target = build::target_directory(&flags, &workspace);
    let mut run = Run::last(&target, Some(workspace.workspace_root.as_std_path()))?;
    let (records, unread) = run.records()?;
    // One that was killed has not come to it.
    let records = run.name_binaries(records, &workspace);
    unread.iter().for_each(|why| talk.note(why));
    let writes = !options.check && !options.diff;
    if writes {
        vcs::check(workspace.workspace_root.as_std_path(), &target, &options.allowed)?;
    }
    let built = run.header.built.clone().unwrap_or_default();
    let built = BuildFlags { manifest_path: flags.manifest_path, target_dir: flags.target_dir, ..built };
    let mut targets = Targets::of(&workspace, &target, &built);
    let evidence = Evidence::of(&records, &mut targets)?;
    let mut removals = Removals {
        header: &run.header,
        unread: !unread.is_empty(),
        records: &records,
        flags: built,
        workspace: &workspace,
        talk,
        coverage: None,
    };
    let plan = plan::make(evidence, run.header.started, &mut removals, &mut targets, &workspace)?;
    if options.diff {
        print(&plan.changes.iter().map(diff).collect::<String>())?;
    }
    for change in plan.changes.iter().filter(|_| writes) {
        write::replace(&change.path, &change.before, &change.after)?;
    }
    let refused = records.iter().flat_map(|record| &record.uses).any(|seen| seen.verb == "blocked");
    tell(&plan, refused, writes, talk);
    if !plan.stale.is_empty() {
        let files: Vec<&str> = plan.stale.iter().map(String::as_str).collect();
        let files = files.join("`, `");
        return Err(Error::Stale(files));
    }
    Ok(if options.check && !plan.changes.is_empty() { exit::FIXABLE } else { exit::SUCCESS })
}

/// As `git apply` takes it, in the root of the workspace.
fn diff(change: &Change) -> String {
    // A tab ends a name with a space in it.
    let tab = if change.file.contains(' ') { "\t" } else { "" };
    let names = (format!("a/{}{tab}", change.file), format!("b/{}{tab}", change.file));
    let diff = similar::TextDiff::from_lines(&change.before, &change.after);
    diff.unified_diff().context_radius(3).header(&names.0, &names.1).to_string()
}

fn tell(plan: &Plan, refused: bool, writes: bool, talk: &Talk) {
    if talk.quiet {
        return;
    }
    let verb = if writes { "fixed" } else { "to fix" };
    for said in plan.changes.iter().flat_map(|change| &change.said) {
        anstream::eprintln!("{GOOD}{verb}{GOOD:#}: {said}");
    }
    for left in &plan.left {
        anstream::eprintln!(
            "{CAREFUL}left{CAREFUL:#}: {}: {}\n  {BAD}why{BAD:#}: {}",
            left.subject,
            left.what,
            left.why
        );
    }
    for import in &plan.imports {
        talk.note(format!("the import of {import} may be unused now; `cargo fix` removes it"));
    }
    if plan.changes.is_empty() && plan.stale.is_empty() {
        anstream::eprintln!("{GOOD}fix{GOOD:#}: nothing to do");
    } else if refused {
        talk.note(
            "the last run refused what was not declared, so what tests do after that was not seen; run `cargo guards test` \
             and this again, or observe first: `RESOURCE_GUARDS=observe cargo guards test`",
        );
    }
}
