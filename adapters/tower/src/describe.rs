//! How a layer reads a request.

use crate::Call;

/// Says what a request is. Implemented by [`Grpc`](crate::Grpc), by [`Http`](crate::Http) and by every
/// `Fn(&Request) -> Call`; it cannot be implemented elsewhere.
pub trait Describe<Req>: sealed::Describe<Req> {}

impl<D: sealed::Describe<Req>, Req> Describe<Req> for D {}

pub(crate) mod sealed {
    use super::Call;

    pub trait Describe<Req> {
        /// `None`: the request is no use of the resource.
        fn describe<'a>(&self, request: &'a Req) -> Option<Call<'a>>;
    }

    impl<Req, F: Fn(&Req) -> Call<'_>> Describe<Req> for F {
        fn describe<'a>(&self, request: &'a Req) -> Option<Call<'a>> {
            Some(self(request))
        }
    }
}
