#[uses()]
#[test]
fn panics() -> ! {
    panic!("on purpose")
}
