//! `install!`: the conftest.py of Rust.

/// Installs guards in a test binary: once, at its crate root.
///
/// ```
/// # mod guard_binary { pub fn Binary(name: &str) -> &'static resource_guards::Resource {
/// #     resource_guards::Resource::named(name) } }
/// #[cfg(test)]
/// resource_guards::install!(guard_binary::Binary("tmux"), guard_binary::Binary("git"));
/// ```
///
/// Each argument is an expression that builds a guard. Guards which the linked crates registered by themselves are
/// installed too, so `install!()` is enough to start a session with those. Several invocations add up; the same guard
/// twice is one.
///
/// Outside of `cfg(test)` the macro expands to nothing.
#[macro_export]
macro_rules! install {
    ($($guard:expr),* $(,)?) => {
        #[cfg(test)]
        const _: () = {
            const LIBTEST: bool = {
                #[allow(unused_imports, reason = "shadowed by the test below where libtest runs the tests")]
                use $crate::__private::libtest_probe::*;
                // Without libtest (`harness = false`) this item vanishes, and the import is taken.
                #[allow(unnameable_test_items, reason = "it is asked for its type, never run")]
                #[test]
                fn probe() {}
                $crate::__private::runs_libtest(probe)
            };
            const GUARDS: &[fn() -> ::std::boxed::Box<dyn $crate::ResourceGuard>] =
                &[$(|| ::std::boxed::Box::new($guard)),*];
            $crate::__private::inventory::submit! { $crate::Registration::install(GUARDS, LIBTEST) }
        };
    };
}

/// What a probe's return type says about the harness.
#[doc(hidden)]
pub trait Answer {
    const LIBTEST: bool;
}

impl Answer for () {
    const LIBTEST: bool = true;
}

/// The probe that is found where `#[test]` functions vanish.
#[doc(hidden)]
pub struct NoLibtest;

impl Answer for NoLibtest {
    const LIBTEST: bool = false;
}

/// Holds that probe.
#[doc(hidden)]
pub mod libtest_probe {
    /// Never run.
    pub fn probe() -> super::NoLibtest {
        super::NoLibtest
    }
}

/// Whether libtest runs the tests of the calling crate.
#[doc(hidden)]
pub const fn runs_libtest<A: Answer>(_: fn() -> A) -> bool {
    A::LIBTEST
}
