//! A thousand tests.
