async fn publishes() -> ::std::process::ExitCode {
    const __DECLARATION: ::resource_guards::__private::Declaration = ::resource_guards::__private::Declaration {
        subject: ::resource_guards::__private::Subject::Test,
        module: ::core::module_path!(),
        name: "publishes",
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
    ::resource_guards::__private::run_async(
            &__DECLARATION,
            async move {
                ::std::process::Termination::report(
                    async move {
                        if let ::core::option::Option::Some(out) = ::core::option::Option::None::<
                            TestResult,
                        > {
                            return out;
                        }
                        let out: TestResult = {
                            publish().await?;
                            Ok(())
                        };
                        #[allow(unreachable_code)] out
                    }
                        .await,
                )
            },
        )
        .await
}
