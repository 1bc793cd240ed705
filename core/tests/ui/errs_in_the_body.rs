use resource_guards::{fixture_uses, uses};

#[uses(tmux)]
fn of_a_test() -> Result<(), std::fmt::Error> {
    let number: u8 = "one";
    "1".parse::<u8>()?;
    Ok(drop(number))
}

#[uses(tmux)]
async fn of_an_async_test() {
    5
}

#[fixture_uses(tmux)]
fn of_a_fixture() -> String {
    5
}

fn main() {}
