//! What test processes write down: the directories of runs, and the records in them.

mod binaries;
pub(crate) mod format;
pub(crate) mod runs;
