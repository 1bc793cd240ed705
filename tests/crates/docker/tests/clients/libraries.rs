//! Libraries that know nothing of guards: testcontainers here, and the Python SDK in a child.

use docker::{IMAGE, TAG, text};
use testcontainers::core::{ExecCommand, WaitFor};
use testcontainers::runners::AsyncRunner as _;
use testcontainers::{ContainerRequest, GenericImage, ImageExt as _, TestcontainersError};

use crate::sdk::wait;

fn request() -> ContainerRequest<GenericImage> {
    GenericImage::new(IMAGE, TAG).with_wait_for(WaitFor::message_on_stdout("ready")).with_cmd([
        "sh",
        "-c",
        "echo ready; sleep 60",
    ])
}

/// A container that is described and not started.
pub fn unstarted() {
    let _ = request();
}

/// Starts a container, waits for its word, runs a program in it, and removes it when it is dropped.
pub fn testcontainer() -> Result<(), TestcontainersError> {
    wait(async {
        let container = request().start().await?;
        let mut ran = container.exec(ExecCommand::new(["echo", "from within"])).await?;
        assert_eq!(ran.stdout_to_vec().await?, b"from within\n");
        Ok(())
    })
}

/// Evaluates a call of the SDK's client.
pub fn python(call: &str) -> Result<(), String> {
    let script = format!("import docker; assert docker.from_env().{call}");
    text(docker::python().args(["-c", &script])).map(drop)
}
