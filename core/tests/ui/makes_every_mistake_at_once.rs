use resource_guards::uses;

#[uses(Tmux, http(""), docker, docker, may(git))]
#[uses(tar)]
const fn f() {
    called_all_the_same();
}

const fn called_all_the_same() {
    if false {
        f();
    }
}

fn main() {}
