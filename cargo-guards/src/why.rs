//! `cargo guards why TEST`: what the last run saw of a test, in order.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::PathBuf;

use crate::flags::BuildFlags;
use crate::format::{Record, Use};
use crate::output::{print, visible};
use crate::runs::Run;
use crate::talk::{BAD, GOOD, HEADING, Talk};
use crate::{Error, Result, build, exit, named};

/// Options of `cargo guards why`.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// The name of the test or its end, after that of its binary if several have it: `opens_a_session`, `mail tests::sends`
    #[arg(required = true, num_args = 1..=2, value_name = "TEST")]
    test: Vec<String>,
    #[command(flatten)]
    place: Place,
}

/// Where the runs of a workspace are.
#[derive(Debug, clap::Args)]
pub(crate) struct Place {
    /// Where cargo puts what it builds
    #[arg(long, value_name = "DIRECTORY")]
    target_dir: Option<PathBuf>,
    /// Cargo.toml of the workspace
    #[arg(long, value_name = "PATH")]
    manifest_path: Option<PathBuf>,
}

impl Place {
    /// The same for cargo.
    pub(crate) fn flags(&self) -> BuildFlags {
        let Self { target_dir, manifest_path } = self;
        BuildFlags { target_dir: target_dir.clone(), manifest_path: manifest_path.clone(), ..Default::default() }
    }

    /// The last run, with a note if it is partial.
    pub(crate) fn last(&self, talk: &Talk) -> Result<Run> {
        let flags = self.flags();
        let workspace = build::workspace(&flags);
        let (target, workspace) = match flags.target_directory() {
            // With the folder named, neither cargo nor a workspace is needed.
            Some(target) => (target, workspace.ok()),
            None => {
                let workspace = workspace?;
                (build::target_directory(&flags, &workspace), Some(workspace))
            }
        };
        let own = workspace.as_ref().map(|workspace| workspace.workspace_root.as_std_path());
        let run = match Run::last(&target, own) {
            // Whoever stands in one workspace may name the folder of another.
            Err(Error::Absent(_)) if self.target_dir.is_some() && self.manifest_path.is_none() => {
                let run = Run::last(&target, None)?;
                if let Some(other) = &run.header.workspace {
                    talk.note(format!("this is of `{}`", other.display()));
                }
                run
            }
            run => run?,
        };
        if !run.header.complete {
            talk.note("the last run did not come to its end, so this is partial");
        }
        Ok(run)
    }
}

/// Prints the evidence.
pub(crate) fn run(options: &Options, talk: &Talk) -> Result<u8> {
    let run = options.place.last(talk)?;
    let (mut records, unread) = run.records()?;
    records.retain(|record| !record.is_of_binary() || !record.violations.is_empty());
    for why in unread {
        talk.note(why);
    }
    let meant = named::meant(&options.test.join(" "), &records)?;
    let tests: BTreeSet<String> = meant.iter().map(|record| named::full(record)).collect();
    if tests.len() > 1 {
        talk.note(format!("{} tests have this name; `cargo guards why BINARY TEST` asks for one", tests.len()));
    }
    let mut text = String::new();
    for (n, record) in meant.into_iter().enumerate() {
        if n > 0 {
            text.push('\n');
        }
        write(&mut text, record);
    }
    print(&text)?;
    Ok(exit::SUCCESS)
}

fn write(text: &mut String, record: &Record) {
    let place = match (&record.file, record.line) {
        (Some(file), Some(line)) => format!(" at {file}:{line}"),
        _ => String::new(),
    };
    let iteration = record.iteration.map(|n| format!(", repetition {}", n + 1)).unwrap_or_default();
    let attempt = record.attempt.filter(|&attempt| attempt > 1).map(|n| format!(", try {n}")).unwrap_or_default();
    let _ = writeln!(
        text,
        "{HEADING}{}{HEADING:#} of {}{place}{iteration}{attempt}",
        visible(&record.test),
        record.binary_id()
    );
    let declared = match &record.declared {
        None => "nothing: it has no #[uses]".to_owned(),
        Some(uses) if uses.is_empty() => "nothing".to_owned(),
        Some(uses) => uses.iter().map(Use::written).collect::<Vec<_>>().join(", "),
    };
    let _ = writeln!(text, "  ending:   {}\n  declares: {declared}", record.ending);
    for missing in &record.missing {
        let _ = writeln!(text, "  missing:  {}: {}", missing.resource, missing.reason);
    }
    if record.ending == Record::SKIPPED {
        return;
    }
    if !record.fixtures.is_empty() {
        let _ = writeln!(text, "  fixtures: {}", record.fixtures.join(", "));
    }
    text.push_str(if record.uses.is_empty() { "  saw:      nothing\n" } else { "  saw:\n" });
    for (n, seen) in record.uses.iter().enumerate() {
        let style = if seen.verb == "used" { GOOD } else { BAD };
        let target = seen.target.as_ref().map(|target| format!(" at {}", visible(target))).unwrap_or_default();
        let within = match seen.within.as_slice() {
            [] => String::new(),
            fixtures => format!(", in fixture {}", fixtures.join(" or ")),
        };
        let _ = writeln!(
            text,
            "  {:>3}. {style}{}{style:#} {}{target}: {} ({}, pid {}{within})",
            n + 1,
            seen.verb,
            seen.resource,
            visible(&seen.what),
            visible(&seen.chokepoint),
            seen.pid,
        );
    }
    for line in record.messages.iter().flat_map(|message| message.lines()) {
        let _ = writeln!(text, "  {}", visible(line));
    }
    for note in &record.notes {
        let _ = writeln!(text, "  note: {}", visible(note));
    }
}
