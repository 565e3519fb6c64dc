use crate::support::TestServer;
use domain::wire::{AS_PERSON, Hello, Me};
use std::time::{Duration, Instant};
use xunhe_server::auth::{SessionClass, Token};
use xunhe_server::store::NewSession;

const SESSION: &str = "/api/v1/session";

#[tokio::test]
async fn a_person_signs_in_and_out() {
    let server = TestServer::start().await;
    let phone = server.stranger();
    assert_eq!(
        phone.get(SESSION).await.said(),
        (401, "sign_in_required".to_owned())
    );
    let reply = phone.sign_in("wgy-yongji", &server.password).await;
    let cookie = reply.header("set-cookie").unwrap();
    assert!(
        cookie.starts_with("sid=") && cookie.contains("HttpOnly; SameSite=Lax"),
        "{cookie}"
    );
    let me: Me = phone.get(SESSION).await.json();
    assert_eq!((me.account.as_str(), me.desk), ("wgy-yongji", false));
    assert!(phone.hello().await.signed_in);
    assert_eq!(
        phone
            .send(phone.request(reqwest::Method::DELETE, SESSION))
            .await
            .status,
        204
    );
    assert_eq!(phone.get(SESSION).await.status, 401);
    let hello = phone.hello().await;
    assert_eq!((hello.signed_in, hello.scope_version), (false, 0));
}

#[tokio::test]
async fn a_call_made_for_another_person_counts_as_signed_out() {
    let server = TestServer::start().await;
    let tab = server.client("wgy-yongji").await;
    let ask = async |path: &str, person: &str| {
        let request = tab.request(reqwest::Method::GET, path);
        tab.send(request.header(AS_PERSON, person)).await
    };
    let hello = "/api/v1/sync/hello";
    assert!(ask(hello, "wgy-yongji").await.json::<Hello>().signed_in);
    assert!(!ask(hello, "wgy2-yongji").await.json::<Hello>().signed_in);
    for path in ["/api/v1/registers", "/api/v1/sync/pull"] {
        assert_eq!(ask(path, "wgy-yongji").await.status, 200, "{path}");
        let said = ask(path, "wgy2-yongji").await.said();
        assert_eq!(said, (401, "sign_in_required".to_owned()), "{path}");
    }
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_account_look_the_same() {
    let server = TestServer::start().await;
    let phone = server.stranger();
    let wrong = phone.sign_in("wgy-yongji", "wrong").await;
    let unknown = phone.sign_in("nobody", "wrong").await;
    assert_eq!(wrong.said(), (401, "wrong_credentials".to_owned()));
    assert_eq!((unknown.status, &unknown.body), (wrong.status, &wrong.body));
}

#[tokio::test]
async fn guessing_is_slowed_down() {
    let server = TestServer::start().await;
    let phone = server.stranger();
    for _ in 0..6 {
        assert_eq!(phone.sign_in("wgy-yongji", "wrong").await.status, 401);
    }
    let reply = phone.sign_in("wgy-yongji", &server.password).await;
    assert_eq!(reply.said(), (429, "too_many_tries".to_owned()));
    assert!(reply.header("retry-after").is_some());
    assert_eq!(
        phone.sign_in("wgy2-yongji", &server.password).await.status,
        200
    );
    // The pause after six failures is one second; it ends by itself.
    let begun = Instant::now();
    while phone.sign_in("wgy-yongji", &server.password).await.status != 200 {
        assert!(
            begun.elapsed() < Duration::from_secs(20),
            "the account stays locked"
        );
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test]
async fn an_expired_session_asks_to_sign_in_and_nothing_else() {
    let server = TestServer::start().await;
    let store = &server.running.app.store;
    let now = xunhe_server::clock::now();
    for (class, age_ms, status) in [
        (SessionClass::Desk, 13 * 3_600_000, 401),
        (SessionClass::Desk, 11 * 3_600_000, 200),
        (SessionClass::Field, 100 * 24 * 3_600_000, 200),
        (SessionClass::Admin, 3_600_000, 401),
    ] {
        let token = Token::draw();
        let session = NewSession {
            token: token.hash(),
            person: "hzb-yongji".parse().unwrap(),
            device: domain::ids::DeviceId::new([1; 16]),
            class,
            opened_ms: domain::time::WallMs(now.0 - age_ms),
        };
        store.open_session(&session).await.unwrap();
        let client = server.stranger();
        let request = client.request(reqwest::Method::GET, SESSION);
        let request = request.header("cookie", format!("sid={}", token.as_str()));
        assert_eq!(
            client.send(request).await.status,
            status,
            "{class} {age_ms}"
        );
    }
}

#[tokio::test]
async fn disabling_a_person_ends_every_session() {
    let server = TestServer::start().await;
    let (one, two) = (
        server.client("wgy-yongji").await,
        server.client("wgy-yongji").await,
    );
    let person = "wgy-yongji".parse().unwrap();
    let now = xunhe_server::clock::now();
    server
        .running
        .app
        .store
        .disable(&person, now)
        .await
        .unwrap();
    assert_eq!(one.get(SESSION).await.status, 401);
    assert_eq!(two.get(SESSION).await.status, 401);
    let reply = server
        .stranger()
        .sign_in("wgy-yongji", &server.password)
        .await;
    assert_eq!(reply.said(), (401, "wrong_credentials".to_owned()));
}
