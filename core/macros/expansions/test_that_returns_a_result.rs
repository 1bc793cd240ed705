#[uses(docker)]
#[test]
fn resumes() -> Result<(), Error> {
    resume()?;
    Ok(())
}
