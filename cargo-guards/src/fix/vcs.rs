//! Whether what is edited can be had back: as `cargo fix` asks it.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::{Error, Result};

/// What is allowed.
#[derive(Debug, clap::Args)]
pub(super) struct Allowed {
    /// Edit although there are changes that are not committed
    #[arg(long)]
    allow_dirty: bool,
    /// Edit although there are staged changes
    #[arg(long)]
    allow_staged: bool,
    /// Edit although there is no repository
    #[arg(long)]
    allow_no_vcs: bool,
}

/// Refuses where edits could not be told from the user's own. What is built (`target`) is no change.
pub(super) fn check(root: &Path, target: &Path, allowed: &Allowed) -> Result<()> {
    if allowed.allow_no_vcs && allowed.allow_dirty {
        return Ok(());
    }
    if !is_tracked(root) {
        if allowed.allow_no_vcs {
            return Ok(());
        }
        return Err(Error::Usage(format!(
            "`{}` is in no git repository, so what is edited could not be had back; commit it to one, or pass \
             --allow-no-vcs",
            root.display()
        )));
    }
    let (dirty, staged) = changes(root, target)?;
    let named =
        |kind: &str, files: &[String]| files.iter().map(|file| format!("\n  {file} ({kind})")).collect::<String>();
    let mut listed = String::new();
    if !allowed.allow_dirty {
        listed.push_str(&named("dirty", &dirty));
        if !allowed.allow_staged {
            listed.push_str(&named("staged", &staged));
        }
    }
    if listed.is_empty() {
        return Ok(());
    }
    Err(Error::Usage(format!(
        "there are changes that are not committed, which edits would mix with; commit them, or pass --allow-dirty (or \
         --allow-staged):\n{listed}"
    )))
}

/// Whether the folder is in a repository that does not ignore it.
fn is_tracked(root: &Path) -> bool {
    let inside = git(root, &["rev-parse", "--is-inside-work-tree"]);
    let inside = inside.is_ok_and(|output| output.status.success() && output.stdout.starts_with(b"true"));
    inside && !git(root, &["check-ignore", "--quiet", "."]).is_ok_and(|output| output.status.success())
}

/// The files that are changed or new, and those whose changes are all staged.
fn changes(root: &Path, target: &Path) -> Result<(Vec<String>, Vec<String>)> {
    let mut words = vec!["status", "--porcelain=v1", "-z", "--untracked-files=all", "--no-renames", "--", "."];
    let exclude =
        target.strip_prefix(root).ok().and_then(Path::to_str).map(|target| format!(":(exclude,literal){target}"));
    words.extend(exclude.as_deref());
    let output = git(root, &words)?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(Error::Usage(format!("git cannot tell what is changed: {}", said.trim())));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let mut changes = (Vec::new(), Vec::new());
    for entry in text.split('\0').filter(|entry| entry.len() > 3) {
        let (state, file) = entry.split_at(3);
        let is_staged = !state.starts_with('?') && state[1..].starts_with(' ');
        if is_staged { &mut changes.1 } else { &mut changes.0 }.push(file.to_owned());
    }
    Ok(changes)
}

fn git(root: &Path, words: &[&str]) -> Result<Output> {
    let mut command = Command::new("git");
    command.arg("-C").arg(root).args(words).stdin(Stdio::null());
    command.output().map_err(|source| Error::Start { command: "git".to_owned(), source })
}
