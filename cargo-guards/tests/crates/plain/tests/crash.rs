//! Crashes when it is asked for its tests.

fn main() {
    std::process::abort();
}
