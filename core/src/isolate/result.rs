//! What a test may return.

use std::process::ExitCode;

/// The result of a test whose body may run in another process, so that a success must be made from nothing.
///
/// `#[uses]` handles every other `Termination` by turning it into an [`ExitCode`] first.
#[diagnostic::on_unimplemented(
    message = "a test under #[uses] cannot return `{Self}`",
    note = "return `()`, `Result<(), E>` or `ExitCode`"
)]
pub trait TestResult {
    /// The result of a test that passed.
    fn passed() -> Self;

    /// Whether this is such a result.
    fn is_success(&self) -> bool;
}

impl TestResult for () {
    fn passed() -> Self {}

    fn is_success(&self) -> bool {
        true
    }
}

impl TestResult for ExitCode {
    fn passed() -> Self {
        Self::SUCCESS
    }

    fn is_success(&self) -> bool {
        *self == Self::SUCCESS
    }
}

impl<T: TestResult, E> TestResult for Result<T, E> {
    fn passed() -> Self {
        Ok(T::passed())
    }

    fn is_success(&self) -> bool {
        self.as_ref().is_ok_and(T::is_success)
    }
}
