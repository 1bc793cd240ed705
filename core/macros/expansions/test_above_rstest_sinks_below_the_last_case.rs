/// Opens.
#[uses(tmux)]
#[rstest]
#[case(1)]
#[case(2)]
fn opens(#[case] panes: usize, session: Session) {
    session.open(panes);
}
