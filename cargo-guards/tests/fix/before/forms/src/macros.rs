//! What a macro makes cannot be edited where it stands.

use crate::desk;

macro_rules! makes {
    ($($name:ident)*) => {
        $(
            #[test]
            fn $name() {
                desk().unwrap();
            }
        )*
    };
}

makes!(first second);

macro_rules! passes_on {
    ($($item:item)*) => { $($item)* };
}

passes_on! {
    #[test]
    fn visible() {
        desk().unwrap();
    }

    mod inside {
        #[test]
        fn visible() {
            crate::chair().unwrap();
        }
    }
}
