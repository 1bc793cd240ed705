//! gRPC requests: the path is the method.

use http::Request;

use crate::Call;
use crate::describe::sealed::Describe;

/// Describes a gRPC request by its method, `package.Service/Method`; see
/// [`GuardLayer::grpc`](crate::GuardLayer::grpc).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Grpc(());

impl Grpc {
    pub(crate) const fn new() -> Self {
        Self(())
    }
}

impl<B> Describe<Request<B>> for Grpc {
    fn describe<'a>(&self, request: &'a Request<B>) -> Option<Call<'a>> {
        let method = method(request.uri().path());
        Some(Call::new(method).at(method))
    }
}

/// The last two segments: a client's origin may put a prefix before them.
fn method(path: &str) -> &str {
    match path.rmatch_indices('/').nth(1) {
        Some((at, _)) => &path[at + 1..],
        None => path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_method_is_the_last_two_segments_of_the_path() {
        for (path, expected) in [
            ("/grpc.health.v1.Health/Check", "grpc.health.v1.Health/Check"),
            ("/gateway/v2/grpc.health.v1.Health/Check", "grpc.health.v1.Health/Check"),
            ("/no-method", "/no-method"),
            ("/", "/"),
            ("", ""),
        ] {
            assert_eq!(method(path), expected, "{path}");
        }
    }

    #[test]
    fn a_query_never_enters_the_evidence() {
        let request = Request::post("http://u:secret@h/a.B/C?token=secret").body(()).unwrap();
        assert_eq!(Grpc::new().describe(&request), Some(Call::new("a.B/C").at("a.B/C")));
    }
}
