#[test]
fn in_both() {
    forms::desk().unwrap();
}

#[resource_guards::uses(desk)]
#[test]
fn used_in_one() {
    if module_path!().starts_with("first") {
        forms::desk().unwrap();
    }
}

#[resource_guards::uses(desk)]
#[test]
fn used_in_none() {}
