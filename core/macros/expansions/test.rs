#[uses(tmux, http("api.github.com", "*.crates.io"), may(docker-compose = "only on a cold cache"))]
#[test]
fn agent_opens_a_session() {
    assert!(open());
}
