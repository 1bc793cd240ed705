//! Each test binary makes one kind of mistake.
