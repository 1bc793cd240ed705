//! What is used depends on features.

pub fn sit_down() {
    #[cfg(feature = "wood")]
    forms::chair().unwrap();
    #[cfg(feature = "steel")]
    forms::desk().unwrap();
}

#[cfg(test)]
resource_guards::install!(&forms::DESK, &forms::CHAIR, &forms::PHONE);

#[cfg(test)]
mod tests {
    use resource_guards::uses;

    #[uses(chair, desk, phone)]
    #[test]
    fn sits_down() {
        super::sit_down();
    }
}
