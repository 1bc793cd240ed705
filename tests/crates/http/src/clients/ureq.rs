//! ureq 3.

use ureq::tls::{Certificate, RootCerts, TlsConfig};

use super::{Got, authority_pem, chain};

pub fn get(url: &str, authorization: &str) -> Got {
    let certificate = Certificate::from_pem(&authority_pem()).expect("a certificate");
    let tls = TlsConfig::builder().root_certs(RootCerts::new_with_certs(&[certificate])).build();
    let agent = ureq::Agent::config_builder().tls_config(tls).http_status_as_error(false).build().new_agent();
    let request = agent.get(url);
    let request = if authorization.is_empty() { request } else { request.header("authorization", authorization) };
    let mut answer = request.call().map_err(|error| chain(&error))?;
    let text = answer.body_mut().read_to_string().map_err(|error| chain(&error))?;
    if answer.status().is_success() { Ok(text) } else { Err(format!("{}: {text}", answer.status())) }
}
