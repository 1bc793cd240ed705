//! Real tests of real programs: the right ones in `git`, `tar` and `tmux`, the wrong ones in `mistakes`.

mod fixtures;
mod git;
mod mistakes;
mod tar;
mod tmux;

resource_guards::install!(guard_binary::Binary("git"), guard_binary::Binary("tar"), guard_binary::Binary("tmux"));
