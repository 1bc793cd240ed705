#[test]
fn agent_opens_a_session() {
    const __DECLARATION: ::resource_guards::__private::Declaration = ::resource_guards::__private::Declaration {
        subject: ::resource_guards::__private::Subject::Test,
        module: ::core::module_path!(),
        name: "agent_opens_a_session",
        file: ::core::file!(),
        line: ::core::line!(),
        uses: &[
            ::resource_guards::__private::Use {
                resource: "tmux",
                targets: &[],
                may: ::core::option::Option::None,
            },
            ::resource_guards::__private::Use {
                resource: "http",
                targets: &["api.github.com", "*.crates.io"],
                may: ::core::option::Option::None,
            },
            ::resource_guards::__private::Use {
                resource: "docker-compose",
                targets: &[],
                may: ::core::option::Option::Some("only on a cold cache"),
            },
        ],
    };
    ::resource_guards::__private::inventory::submit! {
        __DECLARATION
    }
    ::resource_guards::__private::run(
        &__DECLARATION,
        move || -> () {
            assert!(open());
        },
    )
}
