//! Reading `guards.toml`: what it says, and every mistake in it.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::ops::Range;

use guard_binary::Wrapper;
use resource_guards::{Footprint, tool};
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::{Config, Described, Limit, Mistake, Policy, pattern};
use crate::nearest::nearest;

const TOP: &[&str] = &["unavailable", "max-exceptions", "resources"];
const EXEC: &str = "exec";
const OF_RESOURCE: &[&str] = &["max-threads", EXEC, "unix", "tcp"];
const POLICIES: &[(&str, Policy)] = &[("fail", Policy::Fail), ("skip", Policy::Skip), ("require", Policy::Require)];

/// What the text says, as far as it can be understood, and what is wrong with it, in its order.
pub(super) fn read(text: &str) -> (Config, Vec<Mistake>) {
    let (table, errors) = DeTable::parse_recoverable(text);
    let is_duplicate = |error: &toml::de::Error| error.message().contains("duplicate");
    let understood = errors.iter().all(is_duplicate);
    let mistakes = errors.iter().map(|error| {
        let mend = if is_duplicate(error) { "remove one of them" } else { "this is no TOML" };
        Mistake::new(error.span().unwrap_or(0..0), error.message(), mend)
    });
    let mut reader = Reader { text, mistakes: mistakes.collect(), owners: BTreeMap::new() };
    // What cannot be parsed makes mistakes of what is right around it.
    let mut config = if understood { reader.document(table.get_ref()) } else { Config::default() };
    let programs = reader.owners.into_iter().filter(|((kind, _), _)| *kind == EXEC);
    config.programs = programs.map(|((_, program), owner)| (program, owner)).collect();
    reader.mistakes.sort_by_key(|mistake| mistake.at.start);
    (config, reader.mistakes)
}

struct Reader<'a> {
    text: &'a str,
    mistakes: Vec<Mistake>,
    /// Which resource a pattern belongs to, and where that stands.
    owners: BTreeMap<(&'static str, String), (String, Range<usize>)>,
}

type Value<'a> = Spanned<DeValue<'a>>;

impl Reader<'_> {
    fn mistake(&mut self, at: Range<usize>, what: impl Into<String>, mend: impl Into<String>) {
        self.mistakes.push(Mistake::new(at, what, mend));
    }

    fn document(&mut self, table: &DeTable<'_>) -> Config {
        let mut config = Config::default();
        for (key, value) in table {
            match &**key.get_ref() {
                "unavailable" => config.unavailable = self.policy(value),
                "max-exceptions" => {
                    let max = self.number("max-exceptions", value, 0);
                    config.max_exceptions = max.map(|max| (max, value.span()));
                }
                "resources" => match value.get_ref().as_table() {
                    Some(table) => table.iter().for_each(|(name, value)| self.resource(&mut config, name, value)),
                    None => self.wrong_type("resources", "a table of resources", value),
                },
                other => self.unknown(other, key.span(), TOP),
            }
        }
        config
    }

    fn resource(&mut self, config: &mut Config, name: &Spanned<DeString<'_>>, value: &Value<'_>) {
        let at = name.span();
        let name: &str = name.get_ref();
        if !tool::is_resource_name(name) {
            let what = format!("`{}` is no name of a resource", name.escape_debug());
            return self.mistake(at, what, "names are lower case, [a-z][a-z0-9_-]*, and at most 64 characters long");
        }
        let Some(table) = value.get_ref().as_table() else {
            return self.wrong_type(name, "a table", value);
        };
        if table.is_empty() {
            let keys = listed(OF_RESOURCE);
            return self.mistake(at, format!("nothing is said about `{name}`"), format!("known here are {keys}"));
        }
        let mut footprint = Footprint::default();
        let mut is_described = false;
        for (key, value) in table {
            match &**key.get_ref() {
                "max-threads" => {
                    if let Some(max) = self.number("max-threads", value, 1).and_then(NonZeroUsize::new) {
                        config.limits.push(Limit { resource: name.to_owned(), max, name: at.clone() });
                    }
                    continue;
                }
                EXEC => {
                    footprint.programs = self.patterns(name, EXEC, value, |text| {
                        Wrapper::new(text, name).map(|_| text.to_owned()).map_err(|_| {
                            "give the name under which PATH finds the program, without a folder".to_owned()
                        })
                    });
                }
                "unix" => {
                    let sockets = self.patterns(name, "unix", value, pattern::socket);
                    footprint.sockets = sockets.into_iter().map(Into::into).collect();
                }
                "tcp" => footprint.peers = self.patterns(name, "tcp", value, pattern::peer),
                other => {
                    self.unknown(other, key.span(), OF_RESOURCE);
                    continue;
                }
            }
            is_described = true;
        }
        if is_described {
            if !tool::describes(self.text, name) {
                let what = format!("`{name}` is not described line by line");
                let mend = format!(
                    "write the header `[resources.{name}]`, and below it `exec`, `unix` or `tcp` at the beginning of a \
                     line: test processes look for these lines"
                );
                self.mistake(at, what, mend);
            }
            config.resources.push(Described { name: name.to_owned(), footprint });
        }
    }

    /// A list of patterns of one kind, each of which belongs to one resource.
    fn patterns(
        &mut self,
        resource: &str,
        kind: &'static str,
        value: &Value<'_>,
        check: impl Fn(&str) -> Result<String, String>,
    ) -> Vec<String> {
        let Some(list) = value.get_ref().as_array() else {
            self.wrong_type(kind, "a list of strings", value);
            return Vec::new();
        };
        if list.is_empty() {
            self.mistake(value.span(), format!("`{kind}` is empty"), "name one, or remove the line");
        }
        let mut patterns = Vec::new();
        for item in list.iter() {
            let Some(text) = item.get_ref().as_str() else {
                self.wrong_type(kind, "a list of strings", item);
                continue;
            };
            match check(text) {
                Ok(pattern) => {
                    self.claim(resource, kind, &pattern, item.span());
                    patterns.push(pattern);
                }
                Err(mend) => {
                    let what = format!("`{}` is no pattern for `{kind}`", text.escape_debug());
                    self.mistake(item.span(), what, mend);
                }
            }
        }
        patterns
    }

    fn claim(&mut self, resource: &str, kind: &'static str, pattern: &str, at: Range<usize>) {
        let key = (kind, pattern.to_owned());
        match self.owners.get(&key) {
            None => drop(self.owners.insert(key, (resource.to_owned(), at))),
            Some((owner, first)) => {
                let (what, mend) = if owner == resource {
                    (format!("`{pattern}` stands twice in `{resource}`"), "remove one of them".to_owned())
                } else {
                    let what = format!("`{pattern}` belongs to `{owner}` and to `{resource}`");
                    (what, "a use must belong to one resource: remove one of them".to_owned())
                };
                // The tables come by name, not in their order in the file.
                let (first, second) = if first.start < at.start { (first.clone(), at) } else { (at, first.clone()) };
                self.mistakes.push(Mistake::new(second, what, mend).beside(first, "it is here already"));
            }
        }
    }

    fn policy(&mut self, value: &Value<'_>) -> Option<Policy> {
        let names: Vec<&str> = POLICIES.iter().map(|(name, _)| *name).collect();
        let Some(text) = value.get_ref().as_str() else {
            self.wrong_type("unavailable", &format!("one of {}", listed(&names)), value);
            return None;
        };
        let policy = POLICIES.iter().find(|(name, _)| *name == text).map(|(_, policy)| *policy);
        if policy.is_none() {
            let what = format!("`{}` is no value of `unavailable`", text.escape_debug());
            self.mistake(value.span(), what, meant(text, &names));
        }
        policy
    }

    fn number(&mut self, key: &str, value: &Value<'_>, least: usize) -> Option<usize> {
        let Some(number) = value.get_ref().as_integer() else {
            self.wrong_type(key, "a whole number", value);
            return None;
        };
        let number = usize::from_str_radix(number.as_str(), number.radix()).ok().filter(|number| *number >= least);
        if number.is_none() {
            self.mistake(value.span(), format!("`{key}` is out of range"), format!("the least is {least}"));
        }
        number
    }

    fn unknown(&mut self, key: &str, at: Range<usize>, known: &[&str]) {
        self.mistake(at, format!("unknown key `{}`", key.escape_debug()), meant(key, known));
    }

    fn wrong_type(&mut self, key: &str, wanted: &str, value: &Value<'_>) {
        let found = match value.get_ref().type_str() {
            found @ ("array" | "integer") => format!("this is an {found}"),
            found => format!("this is a {found}"),
        };
        self.mistake(value.span(), format!("`{key}` must be {wanted}"), found);
    }
}

fn meant(text: &str, known: &[&str]) -> String {
    match nearest(text, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("known here are {}", listed(known)),
    }
}

fn listed(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
