//! Changes of the environment.

use std::ffi::{OsStr, OsString};

/// Variables to set, or to remove (`None`), each once. There are few.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Changes(Vec<(OsString, Option<OsString>)>);

impl Changes {
    /// The change of a variable, if there is one.
    pub(crate) fn get(&self, name: &OsStr) -> Option<Option<&OsStr>> {
        self.iter().find(|(changed, _)| *changed == name).map(|(_, value)| value)
    }

    /// Adds a change, in the place of an earlier one of the same variable.
    pub(crate) fn put(&mut self, name: OsString, value: Option<OsString>) {
        self.0.retain(|(changed, _)| *changed != name);
        self.0.push((name, value));
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&OsStr, Option<&OsStr>)> {
        self.0.iter().map(|(name, value)| (name.as_os_str(), value.as_deref()))
    }
}
