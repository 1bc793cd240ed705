//! A library without unit tests.
