//! What a test returns.

use std::process::{ExitCode, Termination};

use resource_guards::{Violation, uses};

use crate::sit_down;

type Outcome = Result<(), Violation>;

#[uses(desk)]
#[test]
fn a_result_is_ok() -> Result<(), Box<dyn std::error::Error>> {
    sit_down()?;
    Ok(())
}

#[uses(desk)]
#[test]
fn a_result_is_an_error() -> Result<(), String> {
    sit_down().map_err(|error| error.to_string())?;
    Err("the chair breaks".to_owned())
}

#[uses(desk)]
#[test]
fn an_aliased_result_is_ok() -> Outcome {
    sit_down()
}

#[uses()]
#[test]
fn an_aliased_result_is_the_refusal() -> Outcome {
    sit_down()
}

#[uses(desk)]
#[test]
fn an_exit_code_is_success() -> ExitCode {
    sit_down().unwrap();
    ExitCode::SUCCESS
}

#[uses(desk)]
#[test]
fn an_exit_code_is_failure() -> ExitCode {
    sit_down().unwrap();
    ExitCode::from(3)
}

#[uses(desk)]
#[test]
fn a_result_of_an_exit_code_is_failure() -> Result<ExitCode, String> {
    sit_down().unwrap();
    Ok(ExitCode::FAILURE)
}

/// How one sits.
#[derive(Debug)]
enum Posture {
    Upright,
    Slumped,
}

impl Termination for Posture {
    fn report(self) -> ExitCode {
        match self {
            Self::Upright => ExitCode::SUCCESS,
            Self::Slumped => ExitCode::FAILURE,
        }
    }
}

#[uses(desk)]
#[test]
fn a_termination_of_its_own_is_success() -> Posture {
    sit_down().unwrap();
    Posture::Upright
}

#[uses(desk)]
#[test]
fn a_termination_of_its_own_is_failure() -> Posture {
    sit_down().unwrap();
    Posture::Slumped
}

#[uses(desk)]
#[test]
fn a_result_of_a_termination_of_its_own_is_success() -> Result<Posture, String> {
    sit_down().map_err(|error| error.to_string())?;
    Ok(Posture::Upright)
}

#[uses(desk)]
#[test]
fn a_result_of_a_termination_of_its_own_is_failure() -> Result<Posture, String> {
    sit_down().map_err(|error| error.to_string())?;
    Ok(Posture::Slumped)
}

#[uses(desk)]
#[test]
fn an_opaque_termination_is_success() -> impl Termination {
    sit_down().unwrap();
    Posture::Upright
}

#[uses(desk)]
#[test]
fn an_early_return_leaves_the_body_and_not_the_judgement() {
    if sit_down().is_ok() {
        return;
    }
    panic!("nobody sits");
}

#[uses(desk)]
#[test]
fn a_test_that_never_returns() -> ! {
    sit_down().unwrap();
    panic!("the chair breaks")
}
