//! Asks a server for what is new.

/// The version that a server calls the latest.
///
/// # Errors
///
/// If the server cannot be asked, or answers with no success.
pub fn latest(server: &str) -> Result<String, ureq::Error> {
    ureq::get(format!("{server}/latest")).call()?.body_mut().read_to_string()
}

/// The latest version, and says to a third party that somebody asked. That this failed is no error, and nobody notices.
///
/// # Errors
///
/// As for [`latest`].
pub fn latest_with_telemetry(server: &str) -> Result<String, ureq::Error> {
    let _ = latest("http://telemetry.demo.test");
    latest(server)
}
