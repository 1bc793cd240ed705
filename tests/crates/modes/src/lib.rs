//! Tests of each kind, in a crate that forbids unsafe code.
#![forbid(unsafe_code)]
