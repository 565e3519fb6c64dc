use crate::support::pen::{id_of, record_of};
use crate::support::{Pen, TestServer};
use domain::access::Action;
use domain::wire::EntryStatus;
use serde_json::Value;
use std::collections::BTreeSet;

#[tokio::test]
async fn every_operation_of_the_api_is_a_row_of_the_access_matrix() {
    let server = TestServer::start().await;
    let api: Value = server.stranger().get("/api/openapi.json").await.json();
    let paths = api["paths"].as_object().unwrap().values();
    let operations: BTreeSet<&str> = paths
        .flat_map(|path| path.as_object().unwrap().values())
        .map(|operation| operation["operationId"].as_str().unwrap())
        .collect();
    // Remarks, steps and rulings travel as entries, and files are no part of the API.
    let without_route = [
        Action::Comment,
        Action::CaseDecide,
        Action::CaseWork,
        Action::CaseWithdraw,
        Action::PatrolRule,
        Action::Static,
    ]
    .map(Action::as_str);
    let rows: BTreeSet<&str> = Action::ALL
        .iter()
        .map(|action| action.as_str())
        .filter(|word| !without_route.contains(word))
        .collect();
    assert_eq!(operations, rows);
}

#[tokio::test]
async fn strangers_get_nowhere() {
    let server = TestServer::start().await;
    let stranger = server.stranger();
    for path in [
        "/api/v1/session",
        "/api/v1/sync/pull",
        "/api/v1/registers",
        "/api/v1/records",
        "/api/v1/records/0192f0c1-2b3c-7def-8123-456789abcdef",
    ] {
        assert_eq!(
            stranger.get(path).await.said(),
            (401, "sign_in_required".to_owned()),
            "{path}"
        );
    }
    let push = serde_json::json!({"entries": []});
    assert_eq!(stranger.post("/api/v1/sync/push", &push).await.status, 401);
    for path in ["/healthz", "/api/v1/sync/hello", "/api/v1/receipt-keys"] {
        assert_eq!(stranger.get(path).await.status, 200, "{path}");
    }
}

#[tokio::test]
async fn a_hidden_record_looks_like_none() {
    let server = TestServer::start().await;
    let phone = server.client("wgy-yongji").await;
    let mut pen = Pen::new("wgy-yongji");
    let report = pen.cleanup(vec![]);
    phone.push(&[&report]).await;
    let (record, entry) = (record_of(&report), id_of(&report));
    let read = format!("/api/v1/records/{record}");
    let blob = format!("{read}/entries/{entry}/blobs/0");
    assert_eq!(phone.get(&read).await.status, 200);
    assert_eq!(
        server.client("hzb-yongji").await.get(&read).await.status,
        200
    );

    let none = "/api/v1/records/0192f0c1-2b3c-7def-8123-456789abcdef";
    for account in ["hzb-hejin", "wgy-hejin", "admin"] {
        let other = server.client(account).await;
        let nothing = other.get(none).await;
        assert_eq!(nothing.status, 404);
        for path in [&read, &blob] {
            let hidden = other.get(path).await;
            assert_eq!(
                (hidden.status, &hidden.body),
                (404, &nothing.body),
                "{account} {path}"
            );
        }
        let malformed = other.get("/api/v1/records/x").await;
        assert_eq!((malformed.status, &malformed.body), (404, &nothing.body));
    }
}

#[tokio::test]
async fn a_remark_on_a_hidden_record_is_kept_and_not_shown() {
    let server = TestServer::start().await;
    let phone = server.client("wgy-yongji").await;
    let mut pen = Pen::new("wgy-yongji");
    let report = pen.cleanup(vec![]);
    phone.push(&[&report]).await;
    let other = server.client("wgy-hejin").await;
    let remark = Pen::new("wgy-hejin").comment(record_of(&report), "我也看看");
    let answer = other.push(&[&remark]).await;
    assert_eq!(answer.results[0].status, EntryStatus::Quarantined);
    assert_eq!(answer.results[0].reason.as_deref(), Some("not_permitted"));
    let view: domain::wire::RecordView = phone
        .get(&format!("/api/v1/records/{}", record_of(&report)))
        .await
        .json();
    assert_eq!((view.row.comments, view.row.quarantined), (0, true));
}
