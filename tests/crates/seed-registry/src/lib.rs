//! A project that depends on `seed-sdk`, which brings its guards along.

/// Pays twice.
pub fn pay_twice() -> bool {
    seed_sdk::pay(1).is_ok() && seed_sdk::pay(2).is_ok()
}

#[cfg(test)]
mod tests {
    use resource_guards::{Fixture, fixture_uses, uses};

    // The guards of `seed-sdk` are installed without being named; naming one again changes nothing.
    resource_guards::install!(guard_binary::Binary("tar"), seed_sdk::Bank);

    #[uses(bank)]
    #[test]
    fn a_guard_that_a_package_registered_is_in_force() {
        assert!(super::pay_twice());
    }

    #[test]
    fn an_undeclared_use_of_a_package_is_refused() {
        assert!(!super::pay_twice());
    }

    #[uses(vault)]
    #[test]
    fn a_resource_without_a_guard_of_its_own_is_known() {
        seed_sdk::open_the_vault().unwrap();
    }

    #[fixture_uses(vault)]
    fn savings() -> Fixture<()> {
        seed_sdk::open_the_vault().unwrap();
        Fixture::new(())
    }

    #[uses(bank, vault)]
    #[test]
    fn both_are_used() {
        let _savings = savings();
        assert!(super::pay_twice());
    }
}
