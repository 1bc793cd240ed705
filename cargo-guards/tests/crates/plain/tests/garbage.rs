//! Understands no arguments.

fn main() {
    println!("hello");
}
