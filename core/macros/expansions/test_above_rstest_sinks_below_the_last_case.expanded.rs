/// Opens.
#[rstest]
#[case(1)]
#[case(2)]
#[::resource_guards::__private::uses_here(tmux)]
fn opens(#[case] panes: usize, session: Session) {
    session.open(panes);
}
