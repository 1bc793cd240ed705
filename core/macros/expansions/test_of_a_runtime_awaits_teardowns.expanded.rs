#[test]
fn opens_a_session() {
    const __DECLARATION: ::resource_guards::__private::Declaration = ::resource_guards::__private::Declaration {
        subject: ::resource_guards::__private::Subject::Test,
        module: ::core::module_path!(),
        name: "opens_a_session",
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
            let body = ::resource_guards::__private::drained(async {
                opened().await;
            });
            tokio::pin!(body);
            return tokio::runtime::Builder::new_current_thread()
                .build()
                .unwrap()
                .block_on(body);
        },
    )
}
