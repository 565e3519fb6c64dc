use crate::support::pen::{id_of, jpeg, photo, record_of};
use crate::support::{Pen, TestServer};
use domain::wire::{RecordPage, RecordView};

#[tokio::test]
async fn a_supervisor_sees_what_was_recorded_with_its_photos_and_receipts() {
    let server = TestServer::start().await;
    let (phone, desk) = (
        server.client("wgy-yongji").await,
        server.client("hzb-yongji").await,
    );
    let bytes = jpeg(1, 40_000);
    let mut pen = Pen::new("wgy-yongji");
    let report = pen.cleanup(vec![photo(&bytes)]);
    phone.push(&[&report]).await;

    let page: RecordPage = desk.get("/api/v1/records?complete=false").await.json();
    assert_eq!(
        (
            page.total,
            page.rows[0].blobs_held,
            page.rows[0].blobs_named
        ),
        (1, 0, 1)
    );
    phone.begin(id_of(&report), &bytes, &bytes).await;
    let page: RecordPage = desk
        .get("/api/v1/records?complete=true&kind=cleanup")
        .await
        .json();
    let row = &page.rows[0];
    assert_eq!((page.total, row.record_id), (1, record_of(&report)));
    assert!(row.author_name.ends_with("（演示）"), "{}", row.author_name);
    assert!(row.number.ends_with("-000001"), "{}", row.number);

    let remark = Pen::new("hzb-yongji").comment(record_of(&report), "收到");
    desk.push(&[&remark]).await;
    let path = format!("/api/v1/records/{}", record_of(&report));
    let view: RecordView = desk.get(&path).await.json();
    assert_eq!((view.row.comments, view.row.versions), (1, 1));
    assert_eq!(
        view.entries.iter().map(|e| &e.entry).collect::<Vec<_>>(),
        [&report, &remark]
    );
    let keys = desk.keys().await;
    for entry in &view.entries {
        let statement = entry.receipt.verify(&keys).unwrap();
        assert_eq!(statement.entries[0].hash, entry.hash);
    }

    let path = format!("{path}/entries/{}/blobs/0", id_of(&report));
    let original = desk.get(&path).await;
    assert_eq!(original.body, bytes, "bit for bit");
    assert!(
        original
            .header("content-disposition")
            .unwrap()
            .starts_with("attachment")
    );
    assert_eq!(
        original.header("content-security-policy"),
        Some("default-src 'none'; sandbox")
    );
    assert_eq!(original.header("x-content-type-options"), Some("nosniff"));
    let shown = desk.get(&format!("{path}?inline=1")).await;
    assert_eq!(shown.header("content-type"), Some("image/jpeg"));
    assert_eq!(
        shown.header("content-security-policy"),
        Some("default-src 'none'; sandbox")
    );
}

#[tokio::test]
async fn pages_follow_each_other_without_gap_or_repetition() {
    let server = TestServer::start().await;
    let (phone, desk) = (
        server.client("wgy-yongji").await,
        server.client("hzb-yongji").await,
    );
    let mut pen = Pen::new("wgy-yongji");
    let reports: Vec<_> = (0..7).map(|_| pen.cleanup(vec![])).collect();
    phone.push(&reports.iter().collect::<Vec<_>>()).await;
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let page: RecordPage = desk
            .get(&format!("/api/v1/records?limit=3{after}"))
            .await
            .json();
        assert_eq!(page.total, 7);
        seen.extend(page.rows.into_iter().map(|r| r.record_id));
        match page.next {
            Some(mark) => after = format!("&after={mark}"),
            None => break,
        }
    }
    let mut wanted: Vec<_> = reports.iter().map(record_of).collect();
    wanted.sort();
    seen.sort();
    assert_eq!(seen, wanted);
    let bad = desk.get("/api/v1/records?after=x").await;
    assert_eq!(bad.said(), (400, "bad_page_mark".to_owned()));
}
