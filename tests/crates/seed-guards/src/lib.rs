//! A client of a service, with a guard of its own: no program, no network, one call that everything passes through.

pub mod client;
#[cfg(test)]
mod guard;

#[cfg(test)]
mod tests;

#[cfg(test)]
resource_guards::install!(guard::Mail, guard::Mail, &client::MAIL, guard::Second);
#[cfg(test)]
resource_guards::install!(guard::Mail);
