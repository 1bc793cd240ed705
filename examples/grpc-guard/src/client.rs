//! The SDK's client, guarded.

use guard_tower::{Grpc, GuardLayer, Guarded};
use tonic::transport::Channel;
use tower_layer::Layer as _;

use crate::{BEACON, Beacon};

/// A channel that asks before each call.
pub type GuardedChannel = Guarded<Channel, Grpc>;

/// A client whose unary and streaming calls are uses of `beacon`.
#[must_use]
pub fn guarded(channel: Channel) -> Beacon<GuardedChannel> {
    Beacon::new(GuardLayer::grpc(&BEACON).layer(channel))
}
