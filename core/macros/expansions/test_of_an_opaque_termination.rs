#[uses()]
#[test]
fn succeeds() -> impl Termination {
    ExitCode::SUCCESS
}
