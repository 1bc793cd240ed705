//! 10,000 tests, of which every other module of a hundred declares a resource, and ten more with another.

#[path = "body.rs"]
mod body;

static SDK: resource_guards::Resource = resource_guards::Resource::new("sdk");
static RARE: resource_guards::Resource = resource_guards::Resource::new("rare");

resource_guards::install!(&SDK, &RARE);

fn uses_rare() {
    assert!(RARE.enforce(|| "a call").is_ok());
}

mod rare {
    bench::tests!(@ones [#[resource_guards::uses(rare)]] crate::uses_rare; u0 u1 u2 u3 u4 u5 u6 u7 u8 u9);
}

macro_rules! thousands {
    ($($thousand:ident)*) => {
        $(mod $thousand {
            bench::tests!(#[resource_guards::uses(sdk)] crate::body::body; declared0 declared2 declared4 declared6 declared8);
            bench::tests!(crate::body::body; plain1 plain3 plain5 plain7 plain9);
        })*
    };
}

thousands!(k0 k1 k2 k3 k4 k5 k6 k7 k8 k9);
