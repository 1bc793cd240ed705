//! The session of a run: what `guards.toml` says reaches every test process through it.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use guard_binary::Wrapper;
use resource_guards::tool::{RunResource, SharedSession};

use crate::config::{Config, Described};
use crate::{Error, Result};

/// Makes the session, with the wrappers of the programs that are described by data. `target`: where cargo builds; `watched`:
/// the kernel is.
pub(crate) fn prepare(config: &Config, target: &Path, watched: bool) -> Result<SharedSession> {
    let mut session = SharedSession::create().map_err(Error::Session)?;
    let mut wrappers = Vec::new();
    let mut told: BTreeMap<&str, RunResource> = BTreeMap::new();
    for described in config.resources() {
        for program in &described.footprint.programs {
            // The name was checked when the file was read.
            let wrapper = Wrapper::new(program, &described.name).map_err(io::Error::other).map_err(Error::Session)?;
            wrappers.push((program.clone(), wrapper.text()));
        }
        told.insert(&described.name, about(described, watched));
    }
    for limit in config.limits() {
        let known = told.remove(limit.resource.as_str()).unwrap_or_else(|| RunResource::new(&limit.resource));
        told.insert(&limit.resource, known.max_threads(limit.max));
    }
    if !wrappers.is_empty() {
        session.wrap(wrappers, &target.join("guards/wrappers")).map_err(Error::Session)?;
    }
    if !told.is_empty() {
        session.tell(&told.into_values().collect::<Vec<_>>()).map_err(Error::Session)?;
    }
    Ok(session)
}

fn about(described: &Described, watched: bool) -> RunResource {
    let footprint = &described.footprint;
    let told = RunResource::new(&described.name).described();
    let told = if footprint.programs.is_empty() { told } else { told.wrapped() };
    if watched || (footprint.sockets.is_empty() && footprint.peers.is_empty()) {
        return told;
    }
    told.unobserved(
        "nothing but a view from the kernel sees who connects to the sockets and peers that guards.toml gives it",
    )
}
