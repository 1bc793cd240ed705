//! The lines of the log.

use std::fmt::{self, Write as _};

use super::StretchId;

/// The longest text of a field that chokepoints write, in bytes; a line stays well below a page.
const LONGEST_FIELD: usize = 512;

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Event {
    /// A chokepoint saw a use.
    Use(Sighting),
    /// Somebody saw from outside that a process becomes a chokepoint, which will say by itself what is used, unless it is
    /// killed before. [`Log`](super::Log) has it as a use then, and else not at all.
    Starts(Sighting),
    /// A fixture's set-up or drop began. Functions of several types may have one path: their lines tell them apart.
    Enter {
        stretch: StretchId,
        instance: StretchId,
        parent: StretchId,
        phase: Phase,
        fixture: String,
        line: u32,
        thread: String,
    },
    /// It ended; for a set-up, whether it succeeded.
    Leave { stretch: StretchId, succeeded: bool },
    /// The set-up made a `Fixture`, so that a drop is to be expected.
    Keeps { instance: StretchId },
    /// The body of a test under `#[uses]` began, by the path of its declaration.
    Begin { declaration: String },
    /// That body ended.
    End(Outcome),
    /// Uses of a resource, or of all programs (`*`), could not be seen, and why.
    Unobserved { resource: String, why: String },
    /// A guard failed while the test ran or was cleaned up.
    Fault { what: String },
}

/// How a use was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sighting {
    pub(crate) verb: Verb,
    /// More than one when stretches overlapped.
    pub(crate) stretches: Vec<StretchId>,
    pub(crate) pid: u32,
    /// The thread in the test's own process; empty for other processes.
    pub(crate) thread: String,
    pub(crate) resource: String,
    /// What saw it: `PATH wrapper`, `call`.
    pub(crate) chokepoint: String,
    pub(crate) target: Option<String>,
    pub(crate) what: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verb {
    /// It was declared.
    Used,
    /// It was not, and was refused.
    Blocked,
    /// It was not, and was let through, because the mode is `observe`.
    Passed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    SetUp,
    TearDown,
}

/// How the body of a test ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It returned a success.
    Ok,
    /// It returned a failure.
    Err,
    /// It panicked, with a message or with a payload that is none.
    Panic(Option<String>),
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Use(seen) => {
                let verb = match seen.verb {
                    Verb::Used => "used",
                    Verb::Blocked => "blocked",
                    Verb::Passed => "passed",
                };
                let stretches: Vec<String> = seen.stretches.iter().map(u32::to_string).collect();
                write!(
                    f,
                    "{verb}\t{}\t{}\t{}\t{}\t{}\t{}\t{}",
                    stretches.join("+"),
                    seen.pid,
                    Field(&seen.thread),
                    Field(&seen.resource),
                    Field(&seen.chokepoint),
                    Field(seen.target.as_deref().unwrap_or("")),
                    Field(&seen.what),
                )
            }
            Self::Starts(seen) => write!(f, "starts\t{}", Self::Use(seen.clone())),
            Self::Enter { stretch, instance, parent, phase, fixture, line, thread } => {
                let phase = match phase {
                    Phase::SetUp => "set-up",
                    Phase::TearDown => "tear-down",
                };
                write!(f, "enter\t{stretch}\t{instance}\t{parent}\t{phase}\t")?;
                write!(f, "{}\t{line}\t{}", Field(fixture), Field(thread))
            }
            Self::Leave { stretch, succeeded } => {
                write!(f, "leave\t{stretch}\t{}", if *succeeded { "ok" } else { "failed" })
            }
            Self::Keeps { instance } => write!(f, "keeps\t{instance}"),
            Self::Begin { declaration } => write!(f, "begin\t{}", Field(declaration)),
            Self::End(Outcome::Ok) => f.write_str("end\tok"),
            Self::End(Outcome::Err) => f.write_str("end\terr"),
            Self::End(Outcome::Panic(None)) => f.write_str("end\tpanic"),
            Self::End(Outcome::Panic(Some(message))) => write!(f, "end\tpanic\t{}", Escaped(message)),
            Self::Unobserved { resource, why } => write!(f, "unobserved\t{}\t{}", Field(resource), Field(why)),
            Self::Fault { what } => write!(f, "fault\t{}", Field(what)),
        }
    }
}

impl Event {
    /// Reads one line, without its line feed. `None` for a line that this version does not know, or a torn one.
    pub(crate) fn parse(line: &str) -> Option<Self> {
        if let Some(line) = line.strip_prefix("starts\t") {
            return match Self::parse(line)? {
                Self::Use(seen) => Some(Self::Starts(seen)),
                _ => None,
            };
        }
        let mut fields = line.split('\t');
        let kind = fields.next()?;
        let event = match kind {
            "used" | "blocked" | "passed" => Self::Use(Sighting {
                verb: match kind {
                    "used" => Verb::Used,
                    "blocked" => Verb::Blocked,
                    _ => Verb::Passed,
                },
                stretches: fields.next()?.split('+').map(|id| id.parse().ok()).collect::<Option<_>>()?,
                pid: fields.next()?.parse().ok()?,
                thread: unescaped(fields.next()?)?,
                resource: unescaped(fields.next()?).filter(|name| !name.is_empty())?,
                chokepoint: unescaped(fields.next()?)?,
                target: Some(unescaped(fields.next()?)?).filter(|target| !target.is_empty()),
                what: unescaped(fields.next()?)?,
            }),
            "enter" => Self::Enter {
                stretch: fields.next()?.parse().ok()?,
                instance: fields.next()?.parse().ok()?,
                parent: fields.next()?.parse().ok()?,
                phase: match fields.next()? {
                    "set-up" => Phase::SetUp,
                    "tear-down" => Phase::TearDown,
                    _ => return None,
                },
                fixture: unescaped(fields.next()?)?,
                line: fields.next()?.parse().ok()?,
                thread: unescaped(fields.next()?)?,
            },
            "leave" => Self::Leave {
                stretch: fields.next()?.parse().ok()?,
                succeeded: match fields.next()? {
                    "ok" => true,
                    "failed" => false,
                    _ => return None,
                },
            },
            "keeps" => Self::Keeps { instance: fields.next()?.parse().ok()? },
            "begin" => Self::Begin { declaration: unescaped(fields.next()?)? },
            "end" => Self::End(match (fields.next()?, fields.next()) {
                ("ok", None) => Outcome::Ok,
                ("err", None) => Outcome::Err,
                ("panic", None) => Outcome::Panic(None),
                ("panic", Some(message)) => Outcome::Panic(Some(unescaped(message)?)),
                _ => return None,
            }),
            "unobserved" => Self::Unobserved { resource: unescaped(fields.next()?)?, why: unescaped(fields.next()?)? },
            "fault" => Self::Fault { what: unescaped(fields.next()?)? },
            _ => return None,
        };
        fields.next().is_none().then_some(event)
    }
}

/// A text without tabs and line feeds, whole.
struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                '\t' => f.write_str("\\t")?,
                '\n' => f.write_str("\\n")?,
                '\\' => f.write_str("\\\\")?,
                c => f.write_char(c)?,
            }
        }
        Ok(())
    }
}

/// The same, cut off where it is too long.
struct Field<'a>(&'a str);

impl fmt::Display for Field<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.len() <= LONGEST_FIELD {
            return write!(f, "{}", Escaped(self.0));
        }
        let cut = self.0.floor_char_boundary(LONGEST_FIELD);
        write!(f, "{}…", Escaped(&self.0[..cut]))
    }
}

fn unescaped(field: &str) -> Option<String> {
    let mut text = String::with_capacity(field.len());
    let mut chars = field.chars();
    while let Some(c) = chars.next() {
        text.push(match c {
            '\\' => match chars.next()? {
                't' => '\t',
                'n' => '\n',
                '\\' => '\\',
                _ => return None,
            },
            c => c,
        });
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sighting() -> Sighting {
        Sighting {
            verb: Verb::Blocked,
            stretches: vec![3, 5],
            pid: 42,
            thread: "a::b".into(),
            resource: "tmux".into(),
            chokepoint: "PATH wrapper".into(),
            target: Some("new\tsession".into()),
            what: "tmux new\nsession \\ …".into(),
        }
    }

    #[test]
    fn every_event_reads_back_as_it_was_written() {
        let events = [
            Event::Use(sighting()),
            Event::Starts(sighting()),
            Event::Use(Sighting { verb: Verb::Used, target: None, thread: String::new(), ..sighting() }),
            Event::Enter {
                stretch: 2,
                instance: 1,
                parent: 0,
                phase: Phase::TearDown,
                fixture: "k::db".into(),
                line: 7,
                thread: "t".into(),
            },
            Event::Leave { stretch: 2, succeeded: false },
            Event::Keeps { instance: 1 },
            Event::Begin { declaration: "k::t".into() },
            Event::End(Outcome::Ok),
            Event::End(Outcome::Err),
            Event::End(Outcome::Panic(None)),
            Event::End(Outcome::Panic(Some("first\nsecond\t\\n".into()))),
            Event::Unobserved { resource: "*".into(), why: "PATH".into() },
            Event::Fault { what: "cleanup".into() },
        ];
        for event in events {
            let line = event.to_string();
            assert!(!line.contains('\n'), "{line}");
            assert_eq!(Event::parse(&line), Some(event), "{line}");
        }
    }

    #[test]
    fn torn_and_unknown_lines_are_no_events() {
        for line in [
            "",
            "used",
            "used\t0\t1\t\ttmux",
            "used\tx\t1\t\ttmux\tw\t\ttmux",
            "sang\t1",
            "end\tmaybe",
            "leave\t1\tok\tx",
            "starts\tend\tok",
        ] {
            assert_eq!(Event::parse(line), None, "{line}");
        }
    }

    #[test]
    fn a_long_field_is_cut_and_a_panic_message_is_not() {
        let long = "é".repeat(4_000);
        let line = Event::Use(Sighting { what: long.clone(), ..sighting() }).to_string();
        assert!(line.len() < 1_000);
        assert!(matches!(Event::parse(&line), Some(Event::Use(seen)) if seen.what.ends_with('…')));
        let message = Event::End(Outcome::Panic(Some(long)));
        assert_eq!(Event::parse(&message.to_string()), Some(message));
    }
}
