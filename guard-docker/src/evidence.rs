//! What a request to the Engine's API is called in the evidence, and whether it is one.

/// Whether a request alone is evidence of use. Clients ask these of themselves, even for `--help`.
pub(crate) fn is_use(path: &str) -> bool {
    !matches!(without_version(path), "/_ping" | "/version" | "/libpod/_ping" | "/libpod/version")
}

/// The path without `/v1.41` in front: `/containers/create`.
pub(crate) fn without_version(path: &str) -> &str {
    let Some(rest) = path.strip_prefix("/v") else { return path };
    match rest.split_once('/') {
        Some((version, _)) if !version.is_empty() && version.bytes().all(|b| b.is_ascii_digit() || b == b'.') => {
            &rest[version.len()..]
        }
        _ => path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_left_out_and_nothing_else_is() {
        assert_eq!(without_version("/v1.41/containers/create"), "/containers/create");
        assert_eq!(without_version("/volumes/create"), "/volumes/create");
        assert_eq!(without_version("/v1.41"), "/v1.41");
    }

    #[test]
    fn questions_about_the_daemon_itself_are_no_use() {
        for path in ["/_ping", "/v1.44/_ping", "/version", "/v4.3.1/libpod/_ping", "/v4.3.1/libpod/version"] {
            assert!(!is_use(path), "{path}");
        }
        assert!(is_use("/info") && is_use("/v1.44/containers/json"));
    }
}
