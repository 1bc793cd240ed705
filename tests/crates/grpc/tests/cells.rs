//! Each kind of call in four cells.

resource_guards::install!(&grpc::RPC, &grpc::WEB);

mod declared {
    use grpc::{Client, Server};
    use resource_guards::uses;

    #[uses(rpc)]
    #[tokio::test]
    async fn unary() {
        Client::of(&Server::start()).unary().await.unwrap();
    }

    #[uses(rpc)]
    #[tokio::test]
    async fn server_streaming() {
        Client::of(&Server::start()).server_streaming().await.unwrap();
    }

    #[uses(rpc)]
    #[tokio::test]
    async fn bidirectional() {
        Client::of(&Server::start()).bidirectional().await.unwrap();
    }

    #[uses(web("127.0.0.1"))]
    #[tokio::test]
    async fn http() {
        Client::of(&Server::start()).http().await.unwrap();
    }
}

mod undeclared {
    use grpc::{Client, Server};
    use resource_guards::uses;

    #[tokio::test]
    async fn unary() {
        Client::of(&Server::start()).unary().await.unwrap();
    }

    #[tokio::test]
    async fn server_streaming() {
        Client::of(&Server::start()).server_streaming().await.unwrap();
    }

    #[tokio::test]
    async fn bidirectional() {
        Client::of(&Server::start()).bidirectional().await.unwrap();
    }

    #[tokio::test]
    async fn http() {
        Client::of(&Server::start()).http().await.unwrap();
    }

    #[uses(rpc("grpc.health.v1.Health/Check"))]
    #[tokio::test]
    async fn a_method_beside_the_declared_one() {
        let client = Client::of(&Server::start());
        client.unary().await.unwrap();
        client.server_streaming().await.unwrap();
    }
}

mod swallowed {
    use std::error::Error;

    use grpc::{Client, Server};
    use resource_guards::uses;

    /// What is left of a refusal that nobody lets the test fail with.
    fn say(refused: &(dyn Error + 'static), server: &Server) {
        let violation = guard_tower::violation(refused).expect("a violation is in the chain");
        println!("{:?} of {:?}, {} requests arrived", violation.kind(), violation.resource(), server.requests());
    }

    #[uses()]
    #[tokio::test]
    async fn unary() {
        let server = Server::start();
        say(&Client::of(&server).unary().await.unwrap_err(), &server);
    }

    #[uses()]
    #[tokio::test]
    async fn server_streaming() {
        let server = Server::start();
        say(&Client::of(&server).server_streaming().await.unwrap_err(), &server);
    }

    #[uses()]
    #[tokio::test]
    async fn bidirectional() {
        let server = Server::start();
        say(&Client::of(&server).bidirectional().await.unwrap_err(), &server);
    }

    #[uses()]
    #[tokio::test]
    async fn http() {
        let server = Server::start();
        say(&*Client::of(&server).http().await.unwrap_err(), &server);
    }

    #[tokio::test]
    async fn unary_in_a_plain_test() {
        let _ = Client::of(&Server::start()).unary().await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn unary_in_a_task_of_a_plain_test() {
        let client = Client::of(&Server::start());
        let _ = tokio::spawn(async move { client.unary().await }).await;
    }
}

mod unused {
    use grpc::{Client, Server};
    use resource_guards::uses;

    #[uses(rpc)]
    #[tokio::test]
    async fn a_client_that_makes_no_call() {
        let _ = Client::of(&Server::start());
    }

    #[uses(rpc)]
    #[tokio::test]
    async fn a_channel_that_only_connects() {
        let endpoint = tonic::transport::Endpoint::from_shared(format!("http://{}", Server::start().address));
        endpoint.unwrap().connect().await.unwrap();
    }

    #[uses(rpc, web)]
    #[tokio::test]
    async fn http_of_two_resources() {
        Client::of(&Server::start()).unary().await.unwrap();
    }

    #[uses(rpc("grpc.health.v1.Health/Check", "grpc.health.v1.Health/Watch"))]
    #[tokio::test]
    async fn server_streaming_of_two_methods() {
        Client::of(&Server::start()).unary().await.unwrap();
    }

    #[uses(rpc("grpc.health.*", "grpc.reflection.*"))]
    #[tokio::test]
    async fn bidirectional_of_two_services() {
        Client::of(&Server::start()).unary().await.unwrap();
    }
}
