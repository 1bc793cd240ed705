#[fixture_uses(docker)]
#[doc(hidden)]
#[allow(unused_mut)]
pub fn get(port: u16) -> Container {
    database(port)
}
