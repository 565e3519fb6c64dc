use super::kit::Kit;
use crate::support::Pen;
use crate::support::pen::{id_of, jpeg, now, photo};
use domain::ids::UploadId;
use domain::time::WallMs;
use xunhe_server::store::{Appended, Batch, Chunk, HeldBlobRow, Upload};

/// An upload of 1,000 bytes for an entry that names them.
async fn begin(kit: &Kit, id: u8) -> Upload {
    let bytes = jpeg(id, 1_000);
    let mut pen = Pen::new("wgy-yongji");
    let entry = pen.cleanup(vec![photo(&bytes)]);
    kit.take(&[&entry]).await;
    let upload = Upload {
        upload_id: UploadId::new([id; 16]),
        person: pen.person,
        entry_id: id_of(&entry),
        sha256: photo(&bytes).sha256,
        size: 1_000,
        held: 0,
        touched_ms: WallMs(1),
    };
    kit.store.open_upload(&upload).await.unwrap()
}

fn chunk(at: u64, size: u64) -> Chunk {
    Chunk {
        at,
        size,
        object: format!("staging/{at}"),
    }
}

pub(super) async fn an_upload_is_opened_once(kit: Kit) {
    let upload = begin(&kit, 1).await;
    let again = Upload {
        upload_id: UploadId::new([9; 16]),
        touched_ms: WallMs(5),
        ..upload.clone()
    };
    let opened = kit.store.open_upload(&again).await.unwrap();
    assert_eq!(
        (opened.upload_id, opened.touched_ms),
        (upload.upload_id, WallMs(5))
    );
    let stranger = "wgy2-yongji".parse().unwrap();
    assert_eq!(
        kit.store.upload(&stranger, upload.upload_id).await.unwrap(),
        None
    );
    let named = kit
        .store
        .named_blob(&upload.person, upload.entry_id, upload.sha256)
        .await
        .unwrap();
    assert_eq!(named.map(|n| (n.size, n.held_ms)), Some((1_000, None)));
    let named = kit
        .store
        .named_blob(&stranger, upload.entry_id, upload.sha256)
        .await
        .unwrap();
    assert_eq!(named, None);
}

pub(super) async fn only_the_right_offset_is_counted(kit: Kit) {
    let id = begin(&kit, 2).await.upload_id;
    let append = async |at, size| {
        kit.store
            .append_chunk(id, &chunk(at, size), WallMs(2))
            .await
            .unwrap()
    };
    assert_eq!(append(0, 400).await, Appended::Held(400));
    assert_eq!(append(0, 400).await, Appended::WrongOffset(400));
    assert_eq!(append(500, 100).await, Appended::WrongOffset(400));
    assert_eq!(append(400, 600).await, Appended::Held(1_000));
    assert_eq!(
        kit.store.chunks(id).await.unwrap(),
        [chunk(0, 400), chunk(400, 600)]
    );
    let other = UploadId::new([8; 16]);
    let gone = kit
        .store
        .append_chunk(other, &chunk(0, 1), WallMs(2))
        .await
        .unwrap();
    assert_eq!(gone, Appended::Gone);
}

pub(super) async fn a_finished_upload_is_forgotten_with_its_chunks(kit: Kit) {
    let upload = begin(&kit, 3).await;
    let id = upload.upload_id;
    kit.store
        .append_chunk(id, &chunk(0, 1_000), WallMs(2))
        .await
        .unwrap();
    let row = HeldBlobRow {
        sha256: upload.sha256,
        person: upload.person.clone(),
        size: 1_000,
        media_type: "image/jpeg".to_owned(),
        erasures: 0,
        upload: Some(id),
    };
    let batch = Batch {
        blobs: vec![row],
        now: now(),
        ..Batch::default()
    };
    kit.store.ingest(&batch, &kit.rules).await.unwrap();
    assert_eq!(kit.store.upload(&upload.person, id).await.unwrap(), None);
    assert_eq!(kit.store.chunks(id).await.unwrap(), []);
    let named = kit
        .store
        .named_blob(&upload.person, upload.entry_id, upload.sha256)
        .await
        .unwrap();
    assert!(named.unwrap().held_ms.is_some());
}

pub(super) async fn stale_uploads_are_found(kit: Kit) {
    let (old, fresh) = (begin(&kit, 4).await, begin(&kit, 5).await);
    kit.store
        .append_chunk(fresh.upload_id, &chunk(0, 10), WallMs(900))
        .await
        .unwrap();
    assert_eq!(
        kit.store.stale_uploads(WallMs(500)).await.unwrap(),
        [old.upload_id]
    );
    kit.store.drop_upload(old.upload_id).await.unwrap();
    assert_eq!(kit.store.stale_uploads(WallMs(500)).await.unwrap(), []);
}
