#[allow(non_snake_case)]
fn case_1() {
    const __DECLARATION: ::resource_guards::__private::Declaration = ::resource_guards::__private::Declaration {
        subject: ::resource_guards::__private::Subject::Test,
        module: ::core::module_path!(),
        name: "case_1",
        file: ::core::file!(),
        line: ::core::line!(),
        uses: &[
            ::resource_guards::__private::Use {
                resource: "tmux",
                targets: &[],
                may: ::core::option::Option::None,
            },
        ],
    };
    ::resource_guards::__private::inventory::submit! {
        __DECLARATION
    }
    ::resource_guards::__private::run(
        &__DECLARATION,
        move || -> () {
            let panes = 1;
            opens(panes)
        },
    )
}
