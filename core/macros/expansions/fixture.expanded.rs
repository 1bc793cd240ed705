pub fn database(name: &str) -> Fixture<Container> {
    const __DECLARATION: ::resource_guards::__private::Declaration = ::resource_guards::__private::Declaration {
        subject: ::resource_guards::__private::Subject::Fixture,
        module: ::core::module_path!(),
        name: "database",
        file: ::core::file!(),
        line: ::core::line!(),
        uses: &[
            ::resource_guards::__private::Use {
                resource: "docker",
                targets: &[],
                may: ::core::option::Option::None,
            },
        ],
    };
    ::resource_guards::__private::inventory::submit! {
        __DECLARATION
    }
    ::resource_guards::__private::fixture(
        &__DECLARATION,
        |_| false,
        move || -> Fixture<Container> { Fixture::new(start(name)) },
    )
}
