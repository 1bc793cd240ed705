//! A program that calls the SDK, and knows nothing of tests.

fn main() -> std::process::ExitCode {
    match attribution::send("from a program") {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(refused) => {
            eprintln!("client: {refused}");
            std::process::ExitCode::FAILURE
        }
    }
}
