//! The name that was probably meant.

pub(crate) use resource_guards::tool::likeness;

/// The known name that is most like `name`, if one is like it.
pub(crate) fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .map(|other| (likeness(name, other), other))
        .filter(|(likeness, _)| *likeness > 0.7)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, other)| other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_is_near_also_in_a_short_name() {
        assert_eq!(nearest("gti", ["tar", "git", "tmux"]), Some("git"));
        assert_eq!(nearest("docke", ["docker", "socket"]), Some("docker"));
        assert_eq!(nearest("zzz", ["git", "tar"]), None);
    }
}
