//! The program that tests run: it says with which first argument it was run.

fn main() {
    println!("quill {}", std::env::args().nth(1).unwrap_or_default());
}
