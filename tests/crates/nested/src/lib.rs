//! Tests that run tests.
