use crate::support::{Client, Pen, TestServer};
use reqwest::{Method, Response};
use std::time::Duration;

/// Longer than any of these may take; a listener that hears nothing says so by it.
const LONG: Duration = Duration::from_secs(10);

struct Listener(Response);

impl Listener {
    async fn open(client: &Client) -> Self {
        let request = client.request(Method::GET, "/api/v1/news");
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["content-type"], "text/event-stream");
        let mut listener = Self(answer);
        // The first says that the line stands.
        assert_eq!(listener.hears().await, Some("news"));
        listener
    }

    /// The next event; `None` once the line was ended in order.
    async fn hears(&mut self) -> Option<&'static str> {
        loop {
            let read = tokio::time::timeout(LONG, self.0.chunk()).await;
            let chunk = read.expect("neither news nor an end").unwrap()?;
            if chunk.starts_with(b"event: news") {
                return Some("news");
            }
        }
    }
}

#[tokio::test]
async fn a_desk_hears_of_what_lies_in_its_scope_and_of_nothing_else() {
    let server = TestServer::start().await;
    let (yongji, hejin) = (
        server.client("hzb-yongji").await,
        server.client("hzb-hejin").await,
    );
    let mut near = Listener::open(&yongji).await;
    let mut far = Listener::open(&hejin).await;
    let phone = server.client("wgy-yongji").await;
    phone.push(&[&Pen::new("wgy-yongji").cleanup(vec![])]).await;
    assert_eq!(near.hears().await, Some("news"));
    // What is done in 河津 is the first that its desk hears of: nothing of 永济 was before it.
    let there = server.client("wgy-hejin").await;
    let report = Pen::new("wgy-hejin").on("fh-chaijia").cleanup(vec![]);
    there.push(&[&report]).await;
    assert_eq!(far.hears().await, Some("news"));
    let stop = tokio::spawn(server.running.stop());
    assert_eq!(far.hears().await, None, "one report, one piece of news");
    stop.await.unwrap();
}

#[tokio::test]
async fn the_line_ends_with_the_session_and_with_the_server() {
    let server = TestServer::start().await;
    let stranger = server.stranger().get("/api/v1/news").await;
    assert_eq!(stranger.said(), (401, "sign_in_required".to_owned()));
    let leaves = server.client("hzb-yongji").await;
    let stays = server.client("hzb-hejin").await;
    let mut left = Listener::open(&leaves).await;
    let mut stayed = Listener::open(&stays).await;
    let sign_out = leaves.request(Method::DELETE, "/api/v1/session");
    assert_eq!(leaves.send(sign_out).await.status, 204);
    assert_eq!(left.hears().await, None);
    let stop = tokio::spawn(server.running.stop());
    assert_eq!(stayed.hears().await, None);
    tokio::time::timeout(LONG, stop).await.unwrap().unwrap();
}
