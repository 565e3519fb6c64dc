use crate::support::pen::{id_of, jpeg, photo, record_of};
use crate::support::{Pen, TestServer};

#[tokio::test]
async fn a_restart_keeps_everything() {
    let server = TestServer::start().await;
    let phone = server.client("wgy-yongji").await;
    let bytes = jpeg(1, 40_000);
    let mut pen = Pen::new("wgy-yongji");
    let report = pen.cleanup(vec![photo(&bytes)]);
    let before = phone.push(&[&report]).await;
    phone.begin(id_of(&report), &bytes, &bytes).await;
    let hello = phone.hello().await;

    let server = server.restart().await;
    assert_eq!(server.running.demonstration, None, "loaded once");
    let phone = server.client("wgy-yongji").await;
    let again = phone.hello().await;
    assert_eq!(
        (again.server_id, again.epoch),
        (hello.server_id, hello.epoch)
    );
    assert_eq!(again.receipt_keys, hello.receipt_keys);
    before.receipt.unwrap().verify(&again.receipt_keys).unwrap();
    let (record, entry) = (record_of(&report), id_of(&report));
    let path = format!("/api/v1/records/{record}/entries/{entry}/blobs/0");
    assert_eq!(phone.get(&path).await.body, bytes);
    let after = phone.push(&[&report]).await;
    assert_eq!(phone.statement(&after).await.entries.len(), 1);
}

#[tokio::test]
async fn a_database_put_back_from_a_copy_asks_everybody_to_offer_again() {
    let server = TestServer::start().await;
    let phone = server.client("wgy-yongji").await;
    let mut pen = Pen::new("wgy-yongji");
    phone.push(&[&pen.cleanup(vec![])]).await;
    let epoch = phone.hello().await.epoch;
    let folder = server.folder.path().to_owned();
    server.running.stop().await;
    let database = folder.join("xunhe.sqlite");
    let copy = folder.join("copy");
    std::fs::copy(&database, &copy).unwrap();

    let server = TestServer {
        running: restart(&folder).await,
        folder: server.folder,
        database: None,
        password: server.password,
    };
    let phone = server.client("wgy-yongji").await;
    assert_eq!(
        phone.hello().await.epoch,
        epoch,
        "an ordinary restart changes nothing"
    );
    let lost = pen.cleanup(vec![]);
    phone.push(&[&lost]).await;
    server.running.stop().await;
    std::fs::rename(&copy, &database).unwrap();

    let server = TestServer {
        running: restart(&folder).await,
        folder: server.folder,
        database: None,
        password: server.password,
    };
    let phone = server.client("wgy-yongji").await;
    assert_eq!(phone.hello().await.epoch, epoch + 1);
    let answer = phone.push(&[&lost]).await;
    assert_eq!(phone.statement(&answer).await.entries[0].epoch, epoch + 1);
}

#[tokio::test]
async fn a_database_put_back_that_lacks_only_a_photo_is_noticed() {
    let server = TestServer::start().await;
    let phone = server.client("wgy-yongji").await;
    let bytes = jpeg(1, 40_000);
    let report = Pen::new("wgy-yongji").cleanup(vec![photo(&bytes)]);
    phone.push(&[&report]).await;
    let epoch = phone.hello().await.epoch;
    let folder = server.folder.path().to_owned();
    server.running.stop().await;
    let (database, copy) = (folder.join("xunhe.sqlite"), folder.join("copy"));
    std::fs::copy(&database, &copy).unwrap();

    let server = TestServer {
        running: restart(&folder).await,
        folder: server.folder,
        database: None,
        password: server.password,
    };
    let phone = server.client("wgy-yongji").await;
    assert_eq!(phone.hello().await.epoch, epoch);
    let reply = phone.begin(id_of(&report), &bytes, &bytes).await;
    phone.assert_held(&reply, &bytes).await;
    server.running.stop().await;
    std::fs::rename(&copy, &database).unwrap();

    let server = TestServer {
        running: restart(&folder).await,
        folder: server.folder,
        database: None,
        password: server.password,
    };
    let phone = server.client("wgy-yongji").await;
    assert_eq!(phone.hello().await.epoch, epoch + 1);
}

async fn restart(folder: &std::path::Path) -> xunhe_server::serve::Running {
    xunhe_server::serve::start(&crate::support::server::settings(folder))
        .await
        .unwrap()
}

#[tokio::test]
async fn two_servers_never_share_a_data_folder() {
    let server = TestServer::start().await;
    let settings = crate::support::server::settings(server.folder.path());
    let second = xunhe_server::serve::start(&settings);
    let error = second
        .await
        .err()
        .expect("the second server must not start")
        .to_string();
    assert!(error.contains("another server uses"), "{error}");
}
