//! What earlier tries of a test used: nextest starts a process for each, and a tool's session of the whole run keeps the logs of
//! those that did not pass.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::single::{Body, case};
use crate::log::{Log, Running};
use crate::record::{self, Record};
use crate::session::Session;
use crate::verdict::{Case, Ending, Verdict, judge};

/// The directory of those logs in the session, each in one that is named by how its test ended.
const TRIED: &str = "tried";

/// Takes from a verdict on the test of this process what earlier tries used, as reports do when they know all tries.
pub(super) fn settle(session: &Session, test: &str, verdict: &mut Verdict) {
    let Some(own) = record::attempt().filter(|own| *own > 1) else { return };
    if session.place.is_own() || !verdict.has_unused() {
        return;
    }
    let binary_id = record::binary_id().unwrap_or_default();
    let iteration = record::iteration();
    let is_earlier = |of: &Running| {
        of.test == test
            && of.binary_id == binary_id
            && of.iteration.parse().ok() == iteration
            && of.attempt.parse().is_ok_and(|attempt: u32| attempt < own)
    };
    let killed = entries(session.place.dir()).map(|dir| (dir, Ending::Unknown));
    let judged = entries(&session.place.dir().join(TRIED)).filter_map(|dir| {
        let ending = Ending::of_word(dir.file_name()?.to_str()?.split('-').next()?)?;
        Some((dir, ending))
    });
    for (dir, ending) in killed.chain(judged) {
        if Log::running(&dir).is_some_and(|running| is_earlier(&running)) {
            let log = Log::read(&dir);
            let case = case(test, &log, &Body::of(&log), ending);
            let earlier = judge(&case);
            verdict.settle(&Record::new(&case, None, &earlier, None).as_try());
        }
    }
}

/// Keeps the log of this process for the tries after it, if nextest may make some. Where that fails, they are judged alone.
pub(super) fn keep(session: &Session, scope: &Path, case: &Case<'_>, verdict: &Verdict) {
    let passed = case.ending == Ending::Passed && verdict.violations.is_empty();
    if passed || session.place.is_own() {
        return;
    }
    let keep = || -> io::Result<()> {
        let name = scope.file_name().unwrap_or_default().to_string_lossy();
        let kept = session.place.dir().join(TRIED).join(format!("{}-{name}", case.ending.word()));
        fs::create_dir_all(&kept)?;
        Log::rename(scope, &kept)
    };
    let _ = keep();
}

fn entries(dir: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    fs::read_dir(dir).into_iter().flatten().flatten().map(|entry| entry.path())
}
