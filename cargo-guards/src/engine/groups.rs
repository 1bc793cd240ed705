//! The limits of `guards.toml` in nextest's terms: test groups.
//!
//! A test is in one group at most, so one that declares several limited resources is in the group of the tightest. That
//! saves nextest from starting tests that would have to wait; what really limits, under both engines, are the locks that
//! test processes take in the session.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::config::{Config, Limit};
use crate::select::Filterset;
use crate::selection::Selection;
use crate::{Error, Result};

/// The name of this tool in nextest's configuration.
const TOOL: &str = "cargo-guards";

/// Writes the groups, and gives the arguments that make nextest read them. None: no selected test is limited.
pub(crate) fn arguments(config: &Config, selection: &Selection, file: &Path) -> Result<Vec<String>> {
    let text = text(config, selection);
    if text.is_empty() {
        return Ok(Vec::new());
    }
    fs::write(file, text).map_err(Error::file("write", file))?;
    Ok(vec!["--tool-config-file".to_owned(), format!("{TOOL}:{}", file.display())])
}

fn text(config: &Config, selection: &Selection) -> String {
    let mut limits: Vec<&Limit> = config.limits().iter().collect();
    limits.sort_by_key(|limit| (limit.max, limit.resource.as_str()));
    let mut text = String::new();
    for (n, limit) in limits.iter().enumerate() {
        let tighter = &limits[..n];
        let filter = Filterset::of(
            &selection.catalog,
            &selection.mask(|test| {
                test.declares(&limit.resource) && !tighter.iter().any(|other| test.declares(&other.resource))
            }),
        );
        let Some(filter) = filter.nonempty() else { continue };
        let group = format!("@tool:{TOOL}:{}", limit.resource);
        let _ = writeln!(
            text,
            "[test-groups.{group:?}]\nmax-threads = {}\n\n[[profile.default.overrides]]\nfilter = {}\ntest-group = {group:?}\n",
            limit.max,
            toml::Value::from(filter),
        );
    }
    text
}
