//! A program that tells what it was given, and tests that compare what it gets with and without a wrapper.
