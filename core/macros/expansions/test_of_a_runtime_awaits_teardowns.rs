#[uses_here(tmux)]
#[test]
fn opens_a_session() {
    let body = async {
        opened().await;
    };
    tokio::pin!(body);
    return tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(body);
}
