//! Tests whose process ended without a word: it was killed, or it aborted.

use std::fs;
use std::io;
use std::path::Path;

use super::SharedSession;
use crate::log::Log;
use crate::record::Record;
use crate::verdict::{Case, Ending, judge};

/// What is known of how it ended.
const WHY: &str =
    "its process ended without judging it, as it does when it is killed or aborts; what it declares is not known";

impl SharedSession {
    /// Writes records of the tests whose processes were killed into the directory of a run, from what they left in the
    /// session, and says how many. They have violations if something was refused. To be called once, when all test
    /// processes have ended. `failed`: whether the runner says that some tests failed; then these did.
    ///
    /// Only under nextest: elsewhere a test of its own process has a parent that judges it.
    ///
    /// # Errors
    ///
    /// If the session cannot be read, or a record cannot be written.
    pub fn record_killed(&self, run: &Path, failed: bool) -> io::Result<usize> {
        let mut count = 0;
        for scope in fs::read_dir(self.dir())? {
            let dir = scope?.path();
            let Some(running) = Log::running(&dir) else { continue };
            let log = Log::read(&dir);
            let ending = if failed { Ending::Failed } else { Ending::Unknown };
            let mut verdict = judge(&Case { test: &running.test, uses: None, at: None, log: &log, ending });
            verdict.notes.push(WHY.to_owned());
            let case = Case { test: &running.test, uses: None, at: None, log: &log, ending };
            Record::new(&case, None, &verdict, None).by_another_process(&running).write_into(run)?;
            count += 1;
        }
        Ok(count)
    }
}
