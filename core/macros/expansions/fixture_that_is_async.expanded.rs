async fn database() -> Result<Container, Error> {
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
    ::resource_guards::__private::fixture_async(
            &__DECLARATION,
            ::core::result::Result::is_err,
            async move {
                if let ::core::option::Option::Some(out) = ::core::option::Option::None::<
                    Result<Container, Error>,
                > {
                    return out;
                }
                let out: Result<Container, Error> = { start().await };
                #[allow(unreachable_code)] out
            },
        )
        .await
}
