#[uses_here(tmux)]
#[allow(non_snake_case)]
fn case_1() {
    let panes = 1;
    opens(panes)
}
