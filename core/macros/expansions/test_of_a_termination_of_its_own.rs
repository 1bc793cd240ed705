#[uses(docker)]
#[test]
fn resumes() -> TestResult {
    resume()?;
    Ok(())
}
