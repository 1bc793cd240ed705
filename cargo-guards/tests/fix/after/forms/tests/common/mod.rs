use resource_guards::{Fixture, fixture_uses};

resource_guards::install!(&forms::DESK, &forms::CHAIR, &forms::PHONE);

#[fixture_uses(phone)]
pub fn shared() -> Fixture<()> {
    forms::call("ada").unwrap();
    Fixture::new(())
}
