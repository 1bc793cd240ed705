//! Asking guards whether their resources are there, when a tool names them in `RESOURCE_GUARDS_PROBE`.

use std::ffi::OsStr;
use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};

use serde::Serialize;

use crate::registry::{self, Entry};
use crate::{Availability, isolate};

#[derive(Serialize)]
struct Answer<'a> {
    resource: &'a str,
    guard: &'a str,
    availability: &'static str,
    reason: Option<String>,
}

/// Prints a line a guard as soon as it has answered, and gives the exit code of the process.
pub(crate) fn answer(asked: &OsStr) -> i32 {
    let (entries, _) = registry::guards();
    for (resource, guard) in asked.to_string_lossy().lines().filter_map(|line| line.split_once('\t')) {
        let is_meant = |entry: &&Entry| entry.guard.resource().name() == resource && entry.guard.name() == guard;
        let (availability, reason) = match entries.iter().find(is_meant) {
            None => ("unknown", Some("this test binary has no such guard".to_owned())),
            Some(entry) => probed(entry),
        };
        let line = serde_json::to_string(&Answer { resource, guard, availability, reason });
        let mut stdout = std::io::stdout().lock();
        let written =
            line.map_err(Into::into).and_then(|line| writeln!(stdout, "{line}")).and_then(|()| stdout.flush());
        if written.is_err() {
            return 1;
        }
    }
    0
}

fn probed(entry: &Entry) -> (&'static str, Option<String>) {
    match catch_unwind(AssertUnwindSafe(|| pollster::block_on(entry.guard.probe()))) {
        Ok(Availability::Available) => ("available", None),
        Ok(Availability::Missing(why)) => ("missing", Some(why)),
        Ok(Availability::Unknown) => ("unknown", None),
        Err(panic) => {
            let message = isolate::message(&*panic).unwrap_or("(no message)");
            ("unknown", Some(format!("its probe panicked: {message}")))
        }
    }
}
