//! Backups with `tar`, and sessions of `tmux`.

pub mod backup;
pub mod session;

#[cfg(test)]
resource_guards::install!(guard_binary::Binary("tar"), guard_binary::Binary("tmux"));

#[cfg(test)]
mod declared;
#[cfg(test)]
mod failing;
#[cfg(test)]
mod several;
#[cfg(test)]
mod undeclared;
#[cfg(test)]
mod whole_life;
