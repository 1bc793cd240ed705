//! A project whose tests get the guard of a service by depending on the crate that owns it.
