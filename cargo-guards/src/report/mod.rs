//! `cargo guards report` and `merge`: the last run, or several shards, for other programs.

pub(crate) mod html;
mod json;
mod junit;
mod tries;

use std::path::{Path, PathBuf};

use crate::output::print;
use crate::runs::Run;
use crate::talk::Talk;
use crate::why::Place;
use crate::{Error, Result, exit};

pub(crate) use json::{Report, Test, Verdict};

/// Options of `cargo guards report`.
#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("form").required(true).multiple(true).args(["json", "junit", "html"]))]
pub(crate) struct Options {
    /// Write JSON, as schema/report-1.json of cargo-guards describes it; `-` is standard output
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Write JUnit XML; `-` is standard output
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Write one HTML page, which needs nothing beside it; `-` is standard output
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Report on this file, made by --json or by merge, instead of the last run
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
    #[command(flatten)]
    place: Place,
}

/// Options of `cargo guards merge`.
#[derive(Debug, clap::Args)]
pub(crate) struct MergeOptions {
    /// Reports that `cargo guards report --json` has written, one for each shard; or folders: of one run, or of a target
    /// folder's `guards`, whose last run counts
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Where to write the report on all of them
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    output: PathBuf,
}

/// Writes reports.
pub(crate) fn run(options: &Options, talk: &Talk) -> Result<u8> {
    let report = match &options.from {
        Some(path) => one(path, talk)?,
        None => on(&options.place.last(talk)?, talk)?,
    };
    if let Some(file) = &options.json {
        write(file, &report.to_json(file)?)?;
    }
    if let Some(file) = &options.junit {
        write(file, &junit::text(&report)?)?;
    }
    if let Some(file) = &options.html {
        write(file, &html::text(&report)?)?;
    }
    Ok(exit::SUCCESS)
}

/// Joins the reports of shards.
pub(crate) fn merge(options: &MergeOptions, talk: &Talk) -> Result<u8> {
    let reports = options.files.iter().map(|file| one(file, talk)).collect::<Result<Vec<_>>>()?;
    let merged = Report::merge(reports);
    if !merged.complete {
        talk.note("one of the runs did not come to its end, so this is partial");
    }
    write(&options.output, &merged.to_json(&options.output)?)?;
    Ok(exit::SUCCESS)
}

/// The report in a file, or on the run in a folder.
fn one(path: &Path, talk: &Talk) -> Result<Report> {
    if !path.is_dir() {
        return Report::read(path);
    }
    on(&Run::of(path)?, talk)
}

fn on(run: &Run, talk: &Talk) -> Result<Report> {
    let (records, unread) = run.records()?;
    unread.iter().for_each(|why| talk.note(why));
    Ok(Report::of(&run.header, records, unread))
}

/// Writes a document; `-` is standard output.
pub(crate) fn write(file: &Path, text: &str) -> Result<()> {
    if file == Path::new("-") {
        return print(text);
    }
    std::fs::write(file, text).map_err(Error::file("write", file))
}
