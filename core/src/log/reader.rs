//! Reading a log back, whatever was written into it.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

use super::{Event, Running, Sighting};

/// Everything that a scope's directory says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Log {
    pub(crate) events: Vec<Event>,
    /// Lines that are torn, or that this version does not know.
    pub(crate) unknown_lines: usize,
    /// Why uses may be missing: a chokepoint could not record, or the log could not be read.
    pub(crate) damage: Option<String>,
}

impl Log {
    pub(crate) fn read(dir: &Path) -> Self {
        Self::of(dir, written(dir))
    }

    /// The same where perhaps nobody has said anything, so that the log need not be there.
    pub(crate) fn read_unless_unsaid(dir: &Path) -> Self {
        match written(dir) {
            Err(error) if error.kind() == ErrorKind::NotFound && dir.is_dir() => Self::of(dir, Ok(Vec::new())),
            written => Self::of(dir, written),
        }
    }

    fn of(dir: &Path, written: io::Result<Vec<u8>>) -> Self {
        let mut log = match written {
            Ok(bytes) => Self::parse(&bytes),
            Err(error) => Self {
                damage: Some(format!("the log `{}` cannot be read: {error}", dir.join("events").display())),
                ..Self::default()
            },
        };
        let ends = log.events.iter().any(|event| matches!(event, Event::End(_)));
        if log.damage.is_none() && ends && !log.begins() {
            log.damage = Some(emptied(dir));
        }
        if log.damage.is_none() {
            log.damage = match fs::metadata(dir.join("allow")) {
                Ok(file) if file.len() > 0 => None,
                Ok(_) => Some(format!("a chokepoint could not write to `{}`; is the disk full?", dir.display())),
                Err(error) if error.kind() == ErrorKind::NotFound && !log.begins() => None,
                Err(error) => Some(format!("the log's directory `{}` was tampered with: {error}", dir.display())),
            };
        }
        log
    }

    /// Which test a log of a whole run says that it is.
    pub(crate) fn running(dir: &Path) -> Option<Running> {
        let bytes = fs::read(dir.join("events")).ok()?;
        bytes.split(|byte| *byte == b'\n').find_map(Running::parse)
    }

    /// Takes the log of a process that ends to another directory.
    pub(crate) fn rename(from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from.join("events"), to.join("events"))
    }

    /// Whether the body of a test under `#[uses]` began.
    pub(crate) fn begins(&self) -> bool {
        self.events.iter().any(|event| matches!(event, Event::Begin { .. }))
    }

    fn parse(bytes: &[u8]) -> Self {
        let mut log = Self::default();
        let mut starting: Vec<Sighting> = Vec::new();
        for line in bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            if Running::is_one(line) {
                continue;
            }
            match Event::parse(&String::from_utf8_lossy(line)) {
                Some(Event::Starts(seen)) => starting.push(seen),
                Some(event) => {
                    if let Event::Use(seen) = &event {
                        starting.retain(|start| (start.pid, &start.resource) != (seen.pid, &seen.resource));
                    }
                    log.events.push(event);
                }
                None => log.unknown_lines += 1,
            }
        }
        // These were killed before they could say so themselves.
        log.events.extend(starting.into_iter().map(Event::Use));
        log
    }
}

/// What chokepoints have written. Most tests use nothing.
fn written(dir: &Path) -> io::Result<Vec<u8>> {
    let events = dir.join("events");
    if fs::metadata(&events)?.len() == 0 { Ok(Vec::new()) } else { fs::read(&events) }
}

/// How the damage is called when the beginning of a log is gone.
pub(crate) fn emptied(dir: &Path) -> String {
    format!("the log `{}` was emptied", dir.join("events").display())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::Outcome;

    #[test]
    fn torn_binary_and_unknown_lines_are_counted_and_the_rest_is_read() {
        let log = Log::parse(b"end\tok\nused\t0\t1\n\xff\xfe\x00\nsang\tloudly\n\nleave\t1\tok");
        assert_eq!(log.events, [Event::End(Outcome::Ok), Event::Leave { stretch: 1, succeeded: true }]);
        assert_eq!(log.unknown_lines, 3);
    }

    #[test]
    fn a_chokepoint_that_was_killed_before_it_could_say_so_was_used_and_others_once() {
        let log = Log::parse(
            b"starts\tused\t0\t7\t\ttmux\tkernel\tls\ttmux ls\nused\t0\t7\t\ttmux\tPATH wrapper\tls\ttmux ls\n\
              starts\tblocked\t0\t8\t\ttmux\tkernel\tls\ttmux ls\nused\t0\t9\t\ttmux\tPATH wrapper\tls\ttmux ls\n",
        );
        let seen = log.events.iter().map(|event| match event {
            Event::Use(seen) => (seen.pid, seen.chokepoint.as_str()),
            event => panic!("{event}"),
        });
        assert_eq!(seen.collect::<Vec<_>>(), [(7, "PATH wrapper"), (9, "PATH wrapper"), (8, "kernel")]);
    }

    #[test]
    fn a_log_that_is_gone_is_damage_and_one_that_nobody_began_is_not() {
        let temp = tempfile::tempdir().unwrap();
        let gone = Path::new("/nonexistent");
        assert!(Log::read(gone).damage.is_some() && Log::read_unless_unsaid(gone).damage.is_some());
        assert!(Log::read(temp.path()).damage.is_some());
        assert_eq!(Log::read_unless_unsaid(temp.path()), Log::default());
        fs::write(temp.path().join("allow"), "").unwrap();
        assert!(Log::read_unless_unsaid(temp.path()).damage.is_some(), "a chokepoint could not begin it");
    }
}
