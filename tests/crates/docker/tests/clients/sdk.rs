//! bollard: its own constructors, and the guard's, which have the same names.

use bollard::Docker;
use bollard::container::LogOutput;
use bollard::errors::Error;
use bollard::exec::StartExecResults;
use bollard::models::ExecConfig;
use bollard::query_parameters::ListImagesOptions;
use docker::{IMAGE, TAG, container};
use futures_util::StreamExt as _;
use resource_guards::ViolationKind;
use tokio::io::AsyncWriteExt as _;

type Constructor = fn() -> Result<Docker, Error>;

/// Runs a future to its end.
pub fn wait<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap().block_on(future)
}

/// Finds the image in the daemon's list.
pub fn call(connect: Constructor) -> Result<(), Error> {
    let images = wait(async { connect()?.list_images(None::<ListImagesOptions>).await })?;
    let name = format!("{IMAGE}:{TAG}");
    assert!(images.iter().any(|image| image.repo_tags.contains(&name)), "{images:?}");
    Ok(())
}

/// Sends a text through `cat` in the container, over a connection that is hijacked.
pub fn exec(connect: Constructor) -> Result<(), Error> {
    let cat = ExecConfig {
        attach_stdin: Some(true),
        attach_stdout: Some(true),
        cmd: Some(vec!["cat".to_owned()]),
        ..ExecConfig::default()
    };
    wait(async {
        let docker = connect()?;
        let id = docker.create_exec(&container(), cat).await?.id;
        let StartExecResults::Attached { mut output, mut input } = docker.start_exec(&id, None).await? else {
            panic!("it was started detached")
        };
        input.write_all(b"to and fro").await?;
        input.shutdown().await?;
        let mut echoed = Vec::new();
        while let Some(part) = output.next().await {
            if let LogOutput::StdOut { message } = part? {
                echoed.extend_from_slice(&message);
            }
        }
        assert_eq!(echoed, b"to and fro");
        Ok(())
    })
}

/// Questions about the daemon itself are no use of it.
pub fn prepare(connect: Constructor) {
    wait(async {
        let docker = connect()?;
        docker.ping().await?;
        docker.version().await
    })
    .unwrap();
}

/// The error of a refused call, and what it tells.
pub fn refused() {
    let error = call(guard_docker::connect_with_local_defaults).unwrap_err();
    let violation = guard_docker::violation(&error).unwrap();
    assert_eq!(violation.kind(), ViolationKind::UndeclaredUse);
    assert_eq!(violation.resource(), Some("docker"));
    assert!(violation.to_string().contains("seen: GET /images/json (SDK hook"), "{violation}");
    assert!(error.to_string().contains("used `docker` without declaring it"), "{error}");

    // Any other error is none.
    let error = guard_docker::connect_with_unix("/nowhere", 1, bollard::API_DEFAULT_VERSION).unwrap_err();
    assert!(guard_docker::violation(&error).is_none());
}
