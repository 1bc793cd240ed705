//! The target runner that the user has configured. Ours takes its place, under `cargo test` where tests are selected and
//! under both engines with `--strict`, so ours runs it.

use std::path::{Path, PathBuf};

use toml::{Table, Value};

use crate::flags::BuildFlags;
use crate::{Error, Result};

/// The user's runner for the target, with its arguments: of the environment, else of cargo's configuration files, the
/// nearest first.
///
/// # Errors
///
/// If a runner is configured in a way that is not understood here (`cfg(…)`, `--config`): it would silently be left out.
pub(crate) fn users_runner(triple: &str, flags: &BuildFlags) -> Result<Vec<String>> {
    if let Some(given) = flags.config.iter().find(|given| given.contains("runner")) {
        return Err(cannot(&format!("--config {given}"), triple));
    }
    if let Ok(words) = std::env::var(variable(triple)) {
        return Ok(words.split_whitespace().map(str::to_owned).collect());
    }
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| std::env::home_dir().map(|home| home.join(".cargo")));
    let here = std::env::current_dir().unwrap_or_default();
    let folders = here.ancestors().map(|folder| folder.join(".cargo")).chain(home);
    let mut by_cfg = None;
    for folder in folders {
        for file in ["config", "config.toml"].map(|name| folder.join(name)) {
            // What cargo cannot read, cargo complains about.
            let Some(config) = std::fs::read_to_string(&file).ok().and_then(|text| text.parse::<Table>().ok()) else {
                continue;
            };
            if let Some(runner) = in_config(&config, triple, &folder) {
                return Ok(runner);
            }
            if by_cfg.is_none() && has_runner_by_cfg(&config) {
                by_cfg = Some(file);
            }
        }
    }
    match by_cfg {
        Some(file) => Err(cannot(&format!("target.'cfg(…)' in `{}`", file.display()), triple)),
        None => Ok(Vec::new()),
    }
}

fn variable(triple: &str) -> String {
    format!("CARGO_TARGET_{}_RUNNER", triple.to_uppercase().replace(['-', '.'], "_"))
}

fn cannot(place: &str, triple: &str) -> Error {
    Error::Usage(format!(
        "the runner of {place} cannot be kept while `cargo test` runs a selection, or with --strict; set {} instead",
        variable(triple)
    ))
}

/// `target.TRIPLE.runner`: one string with arguments, or a list. A path is relative to what the folder `.cargo` is in.
fn in_config(config: &Table, triple: &str, folder: &Path) -> Option<Vec<String>> {
    let mut words: Vec<String> = match config.get("target")?.get(triple)?.get("runner")? {
        Value::String(line) => line.split_whitespace().map(str::to_owned).collect(),
        Value::Array(words) => words.iter().filter_map(|word| word.as_str().map(str::to_owned)).collect(),
        _ => return None,
    };
    let program = words.first_mut()?;
    if program.contains('/') {
        *program = folder.parent()?.join(&*program).to_str()?.to_owned();
    }
    Some(words)
}

fn has_runner_by_cfg(config: &Table) -> bool {
    let targets = config.get("target").and_then(Value::as_table);
    targets.into_iter().flatten().any(|(name, target)| name.starts_with("cfg(") && target.get("runner").is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_runner_is_a_line_or_a_list_and_its_path_relative_to_the_project() {
        let runner = |text: &str| in_config(&text.parse().unwrap(), "x-y", Path::new("/project/.cargo"));
        let words = |words: &[&str]| Some(words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>());
        assert_eq!(runner("target.x-y.runner = 'qemu -L /sys'"), words(&["qemu", "-L", "/sys"]));
        assert_eq!(runner("target.x-y.runner = ['tools/run it', '-v']"), words(&["/project/tools/run it", "-v"]));
        assert_eq!(runner("target.x-y.runner = '/abs/run'"), words(&["/abs/run"]));
        assert_eq!(runner("target.z.runner = 'qemu'"), None);
        assert!(has_runner_by_cfg(&"target.'cfg(unix)'.runner = 'x'".parse().unwrap()));
        assert!(!has_runner_by_cfg(&"target.'cfg(unix)'.linker = 'x'".parse().unwrap()));
    }
}
