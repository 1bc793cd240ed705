#[test]
fn resumes() -> ::std::process::ExitCode {
    const __DECLARATION: ::resource_guards::__private::Declaration = ::resource_guards::__private::Declaration {
        subject: ::resource_guards::__private::Subject::Test,
        module: ::core::module_path!(),
        name: "resumes",
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
    ::resource_guards::__private::run(
        &__DECLARATION,
        move || ::std::process::Termination::report(
            (move || -> TestResult {
                resume()?;
                Ok(())
            })(),
        ),
    )
}
