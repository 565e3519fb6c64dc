//! A device that vouches: what one person made on it is sent while another is signed in.

use crate::support::pen::{Pen, record_of};
use crate::support::{Client, Reply, TestServer};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::entry::Entry;
use domain::wire::{AS_PERSON, EntryStatus, Hello, Push, PushAnswer};
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use reqwest::Method;
use reqwest::header::SET_COOKIE;
use serde_json::json;

const AUTHOR: &str = "wgy-yongji";
const GUEST: &str = "wgy2-yongji";

fn pair(seed: u8) -> SigningKey {
    SigningKey::from_slice(&[seed; 32]).unwrap()
}

fn signed(entry: &Entry, key: &SigningKey) -> Entry {
    let signature: Signature = key.sign(entry.header.as_bytes());
    Entry {
        sig: Some(STANDARD.encode(signature.to_bytes())),
        ..entry.clone()
    }
}

async fn signs_in(server: &TestServer, client: &Client, account: &str, key: &SigningKey) {
    let point = key.verifying_key().to_sec1_point(false);
    let words = json!({
        "account": account, "password": server.password, "device_id": client.device,
        "device_key": STANDARD.encode(point.as_bytes()),
    });
    let reply = client.post("/api/v1/session", &words).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    client.takes_cookie(reply.header(SET_COOKIE.as_str()));
}

/// A call in the name of the author, whoever is signed in.
async fn as_author(client: &Client, method: Method, path: &str, body: Option<&Push>) -> Reply {
    let mut request = client.request(method, path).header(AS_PERSON, AUTHOR);
    if let Some(body) = body {
        request = request.json(body);
    }
    client.send(request).await
}

async fn pushes(client: &Client, entries: Vec<Entry>) -> Reply {
    let push = Push { entries };
    as_author(client, Method::POST, "/api/v1/sync/push", Some(&push)).await
}

#[tokio::test]
async fn a_device_sends_for_an_absent_author_and_tells_nothing() {
    let server = TestServer::start().await;
    let client = server.stranger();
    let key = pair(7);
    signs_in(&server, &client, AUTHOR, &key).await;
    let mut pen = Pen::new(AUTHOR);
    let (made, unsigned, forged) = (
        pen.cleanup(vec![]),
        pen.cleanup(vec![]),
        pen.cleanup(vec![]),
    );
    signs_in(&server, &client, GUEST, &key).await;

    let hello = as_author(&client, Method::GET, "/api/v1/sync/hello", None).await;
    let hello: Hello = hello.json();
    assert!(hello.signed_in && hello.submit_only);
    let reply = pushes(
        &client,
        vec![signed(&made, &key), signed(&forged, &pair(8))],
    )
    .await;
    let answer: PushAnswer = reply.json();
    let results: Vec<_> = answer.results.iter().map(|r| r.status).collect();
    assert_eq!(results, [EntryStatus::Accepted, EntryStatus::Refused]);
    assert_eq!(answer.results[1].reason.as_deref(), Some("signature_wrong"));
    assert_eq!(client.statement(&answer).await.entries[0].hash, made.hash());
    // Unsigned, it is the session that does not serve, and nothing is refused for good.
    let said = pushes(&client, vec![unsigned.clone()]).await.said();
    assert_eq!(said, (401, "sign_in_required".to_owned()));
    // What the guest made is not the author's to send either.
    let guests = signed(&Pen::new(GUEST).cleanup(vec![]), &key);
    let answer: PushAnswer = pushes(&client, vec![guests]).await.json();
    assert_eq!(answer.results[0].status, EntryStatus::Refused);

    let record = format!("/api/v1/records/{}", record_of(&made));
    for path in ["/api/v1/sync/pull", "/api/v1/sync/digest", &record] {
        let status = as_author(&client, Method::GET, path, None).await.status;
        assert!([403, 404].contains(&status), "{path}: {status}");
    }
    signs_in(&server, &client, AUTHOR, &key).await;
    let answer = client.push(&[&unsigned]).await;
    assert_eq!(answer.results[0].status, EntryStatus::Accepted);
}

#[tokio::test]
async fn no_session_is_lent_without_a_key_that_both_have_shown() {
    let server = TestServer::start().await;
    let client = server.stranger();
    signs_in(&server, &client, AUTHOR, &pair(7)).await;
    let made = signed(&Pen::new(AUTHOR).cleanup(vec![]), &pair(7));
    // Another key, as after the browser's data were cleared; and another device with the same.
    signs_in(&server, &client, GUEST, &pair(9)).await;
    let said = pushes(&client, vec![made.clone()]).await.said();
    assert_eq!(said, (401, "sign_in_required".to_owned()));
    let elsewhere = server.stranger();
    signs_in(&server, &elsewhere, GUEST, &pair(7)).await;
    let said = pushes(&elsewhere, vec![made]).await.said();
    assert_eq!(said, (401, "sign_in_required".to_owned()));
    let hello = as_author(&elsewhere, Method::GET, "/api/v1/sync/hello", None).await;
    let hello: Hello = hello.json();
    assert!(!hello.signed_in && !hello.submit_only);
}
