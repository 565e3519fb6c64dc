use crate::support::TestServer;
use flate2::Compression;
use flate2::write::GzEncoder;
use reqwest::Method;
use std::io::Write as _;

const PUSH: &str = "/api/v1/sync/push";

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn a_body_is_read_strictly() {
    let server = TestServer::start().await;
    let phone = server.client("wgy-yongji").await;
    for (body, status, code) in [
        ("{\"entries\":[],\"entries\":[]}", 400, "json_duplicate_key"),
        (
            "{\"entries\":[{\"header\":\"\",\"header\":\"\"}]}",
            400,
            "json_duplicate_key",
        ),
        ("{\"entries\":", 400, "json_unreadable"),
        ("", 400, "json_unreadable"),
        ("{\"entries\":7}", 400, "json_wrong_form"),
        ("[]", 400, "json_wrong_form"),
    ] {
        let reply = phone.post_text(PUSH, body).await;
        assert_eq!(reply.said(), (status, code.to_owned()), "{body}");
    }
    let request = phone
        .request(Method::POST, PUSH)
        .header("content-type", "text/plain");
    assert_eq!(phone.send(request.body("{}")).await.status, 415);
}

#[tokio::test]
async fn a_gzipped_body_is_bounded_on_both_sides() {
    let server = TestServer::start().await;
    let phone = server.client("wgy-yongji").await;
    let send = |bytes: Vec<u8>, encoding: &'static str| {
        let request = phone
            .request(Method::POST, PUSH)
            .header("content-type", "application/json")
            .header("content-encoding", encoding);
        phone.send(request.body(bytes))
    };
    let fine = send(gzip(b"{\"entries\":[]}"), "gzip").await;
    assert_eq!(fine.status, 200, "{}", fine.text());

    let bomb = gzip(&vec![b' '; 200 * 1024 * 1024]);
    assert!(bomb.len() < 300_000, "small on the way: {}", bomb.len());
    assert_eq!(
        send(bomb, "gzip").await.said(),
        (413, "body_too_large".to_owned())
    );
    let large = vec![b' '; 3 * 1024 * 1024];
    assert_eq!(
        send(large, "identity").await.said(),
        (413, "body_too_large".to_owned())
    );
    let broken = b"\x1f\x8bnot gzip at all".to_vec();
    assert_eq!(
        send(broken, "gzip").await.said(),
        (400, "gzip_unreadable".to_owned())
    );
    let unknown = send(b"{}".to_vec(), "br").await;
    assert_eq!(unknown.said(), (415, "encoding_unknown".to_owned()));
}

#[tokio::test]
async fn other_sites_change_nothing() {
    let server = TestServer::start().await;
    let phone = server.client("wgy-yongji").await;
    let push = || {
        phone
            .request(Method::POST, PUSH)
            .json(&serde_json::json!({"entries": []}))
    };
    let host = server.running.address.to_string();
    for (name, value, status) in [
        ("sec-fetch-site", "same-origin".to_owned(), 200),
        ("sec-fetch-site", "cross-site".to_owned(), 403),
        ("origin", format!("http://{host}"), 200),
        ("origin", "http://evil.example".to_owned(), 403),
    ] {
        let reply = phone.send(push().header(name, &value)).await;
        assert_eq!(reply.status, status, "{name}: {value}");
    }
}

#[tokio::test]
async fn a_push_over_the_limits_is_refused_as_a_whole() {
    let server = TestServer::start().await;
    let phone = server.client("wgy-yongji").await;
    let entry = serde_json::json!({"header": "", "body": ""});
    let many = serde_json::json!({"entries": vec![entry; 201]});
    assert_eq!(
        phone.post(PUSH, &many).await.said(),
        (413, "push_too_large".to_owned())
    );
    let heavy = serde_json::json!({"entries": [{"header": "", "body": " ".repeat(600_000)}]});
    assert_eq!(
        phone.post(PUSH, &heavy).await.said(),
        (413, "push_too_large".to_owned())
    );
}
