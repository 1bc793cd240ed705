use resource_guards::guarded;

#[guarded]
fn f() {}

#[guarded]
struct S;

fn main() {}
