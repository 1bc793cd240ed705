//! What each of the 300 tests does: nothing, so that only the runner and the guards take time.

pub(crate) fn body() {
    std::hint::black_box(300);
}
