use resource_guards::guarded;

#[guarded(tmux)]
mod tests {
    fn f() {}
}

fn main() {}
