use crate::support::client::digest;
use crate::support::pen::{id_of, jpeg, photo};
use crate::support::{Client, Pen, TestServer};
use domain::ids::EntryId;
use domain::wire::upload_header as name;
use reqwest::Method;

const CHUNK: usize = 200 * 1024;

/// A phone that has pushed an entry naming `bytes`.
async fn phone_with(server: &TestServer, bytes: &[u8]) -> (Client, EntryId) {
    let phone = server.client("wgy-yongji").await;
    let entry = Pen::new("wgy-yongji").cleanup(vec![photo(bytes)]);
    let answer = phone.push(&[&entry]).await;
    assert_eq!(answer.results[0].missing_blobs, [photo(bytes).sha256]);
    (phone, id_of(&entry))
}

#[tokio::test]
async fn a_small_photo_goes_in_one_request() {
    let server = TestServer::start().await;
    let bytes = jpeg(1, 90_000);
    let phone = server.client("wgy-yongji").await;
    let entry = Pen::new("wgy-yongji").cleanup(vec![photo(&bytes)]);
    phone.push(&[&entry]).await;
    let reply = phone.begin(id_of(&entry), &bytes, &bytes).await;
    phone.assert_held(&reply, &bytes).await;
    let again = phone.begin(id_of(&entry), &bytes, &bytes).await;
    assert_eq!(
        again.body, reply.body,
        "sent again it gets the same receipt"
    );
    let answer = phone.push(&[&entry]).await;
    assert!(answer.results[0].missing_blobs.is_empty());
    assert_eq!(
        phone.statement(&answer).await.blobs.len(),
        1,
        "the push says what is held"
    );
}

#[tokio::test]
async fn a_large_photo_resumes_where_it_stopped() {
    let server = TestServer::start().await;
    let bytes = jpeg(2, 700_000);
    let (phone, entry) = phone_with(&server, &bytes).await;
    let begun = phone.begin(entry, &bytes, &bytes[..CHUNK]).await;
    assert_eq!((begun.status, begun.offset()), (201, CHUNK as u64));
    let place = begun.header("location").unwrap().to_owned();
    let next = phone
        .chunk(&place, CHUNK as u64, &bytes[CHUNK..2 * CHUNK], false)
        .await;
    assert_eq!((next.status, next.offset()), (204, 2 * CHUNK as u64));

    // The answer was lost: the phone sends the chunk again and is told where to go on.
    let again = phone
        .chunk(&place, CHUNK as u64, &bytes[CHUNK..2 * CHUNK], false)
        .await;
    assert_eq!(again.said(), (409, "wrong_offset".to_owned()));
    assert_eq!(again.offset(), 2 * CHUNK as u64);

    // The server goes away and comes back.
    let server = server.restart().await;
    let phone = server.client("wgy-yongji").await;
    let state = phone.send(phone.request(Method::HEAD, &place)).await;
    assert_eq!((state.status, state.offset()), (204, 2 * CHUNK as u64));
    let reopened = phone.begin(entry, &bytes, &bytes[..CHUNK]).await;
    assert_eq!(
        reopened.offset(),
        2 * CHUNK as u64,
        "what is staged is not sent again"
    );
    assert_eq!(reopened.header("location"), Some(place.as_str()));
    let rest = phone
        .chunk(&place, 2 * CHUNK as u64, &bytes[2 * CHUNK..], true)
        .await;
    phone.assert_held(&rest, &bytes).await;
    let gone = phone.send(phone.request(Method::HEAD, &place)).await;
    assert_eq!(gone.status, 404, "a finished upload is forgotten");
}

#[tokio::test]
async fn an_upload_that_lacks_only_its_end_is_finished_by_an_empty_chunk() {
    let server = TestServer::start().await;
    let bytes = jpeg(3, 300_000);
    let (phone, entry) = phone_with(&server, &bytes).await;
    let begun = phone.begin(entry, &bytes, &bytes[..CHUNK]).await;
    let place = begun.header("location").unwrap();
    let rest = &bytes[CHUNK..];
    let early = phone.chunk(place, CHUNK as u64, &rest[..10], true).await;
    assert_eq!(early.said(), (400, "length_mismatch".to_owned()));
    let done = phone.chunk(place, CHUNK as u64, rest, false).await;
    phone.assert_held(&done, &bytes).await;
}

#[tokio::test]
async fn a_changed_chunk_is_noticed_at_once_and_a_changed_whole_at_the_end() {
    let server = TestServer::start().await;
    let bytes = jpeg(4, 300_000);
    let (phone, entry) = phone_with(&server, &bytes).await;
    let place = phone.begin(entry, &bytes, &bytes[..CHUNK]).await;
    let place = place.header("location").unwrap().to_owned();
    let request = phone
        .request(Method::PATCH, &place)
        .header("content-type", name::PARTIAL)
        .header(name::OFFSET, CHUNK)
        .header(name::CONTENT_DIGEST, digest(b"other"))
        .body(bytes[CHUNK..].to_vec());
    let reply = phone.send(request).await;
    assert_eq!(reply.said(), (400, "digest_mismatch".to_owned()));
    let state = phone.send(phone.request(Method::HEAD, &place)).await;
    assert_eq!(
        state.offset(),
        CHUNK as u64,
        "a changed chunk is not counted"
    );

    let mut changed = bytes[CHUNK..].to_vec();
    changed[5] ^= 1;
    let reply = phone.chunk(&place, CHUNK as u64, &changed, true).await;
    assert_eq!(reply.said(), (422, "blob_hash_mismatch".to_owned()));
    // It starts over, and then succeeds.
    assert_eq!(
        phone.send(phone.request(Method::HEAD, &place)).await.status,
        404
    );
    let reply = phone.begin(entry, &bytes, &bytes).await;
    phone.assert_held(&reply, &bytes).await;
}

#[tokio::test]
async fn only_what_an_own_entry_names_is_taken() {
    let server = TestServer::start().await;
    let bytes = jpeg(5, 50_000);
    let (phone, entry) = phone_with(&server, &bytes).await;
    let other = server.client("wgy2-yongji").await;
    assert_eq!(other.begin(entry, &bytes, &bytes).await.status, 404);
    let unnamed = jpeg(6, 50_000);
    assert_eq!(phone.begin(entry, &unnamed, &unnamed).await.status, 404);
    let begun = phone.begin(entry, &bytes, &bytes[..1_000]).await;
    let place = begun.header("location").unwrap();
    let theirs = other.chunk(place, 1_000, &bytes[1_000..], true).await;
    let nothing = other
        .chunk(
            "/api/v1/blobs/00000000000000000000000000000000",
            0,
            b"",
            true,
        )
        .await;
    assert_eq!(
        (theirs.status, &theirs.body),
        (404, &nothing.body),
        "another's looks like none"
    );
}

#[tokio::test]
async fn a_held_hash_must_be_proven_by_each_person() {
    let server = TestServer::start().await;
    let bytes = jpeg(7, 50_000);
    let (phone, entry) = phone_with(&server, &bytes).await;
    phone.begin(entry, &bytes, &bytes).await;
    let other = server.client("wgy2-yongji").await;
    let theirs = Pen::new("wgy2-yongji").cleanup(vec![photo(&bytes)]);
    let answer = other.push(&[&theirs]).await;
    assert_eq!(answer.results[0].missing_blobs, [photo(&bytes).sha256]);
    let (record, id) = (id_of(&theirs).as_record(), id_of(&theirs));
    let path = format!("/api/v1/records/{record}/entries/{id}/blobs/0");
    assert_eq!(
        other.get(&path).await.status,
        404,
        "naming a hash opens nothing"
    );
    let reply = other.begin(id, &bytes, &bytes).await;
    other.assert_held(&reply, &bytes).await;
    assert_eq!(other.get(&path).await.body, bytes);
}

#[tokio::test]
async fn a_page_in_the_clothes_of_a_photo_is_not_stored() {
    let server = TestServer::start().await;
    let page = b"<!doctype html><script>alert(1)</script>".repeat(10_000);
    let (phone, entry) = phone_with(&server, &page).await;
    let begun = phone.begin(entry, &page, &page[..CHUNK]).await;
    let place = begun.header("location").unwrap();
    let reply = phone.chunk(place, CHUNK as u64, &page[CHUNK..], true).await;
    assert_eq!(reply.said(), (415, "media_type_not_allowed".to_owned()));
}

#[tokio::test]
async fn a_cancelled_upload_is_gone() {
    let server = TestServer::start().await;
    let bytes = jpeg(8, 300_000);
    let (phone, entry) = phone_with(&server, &bytes).await;
    let begun = phone.begin(entry, &bytes, &bytes[..CHUNK]).await;
    let place = begun.header("location").unwrap();
    assert_eq!(
        phone
            .send(phone.request(Method::DELETE, place))
            .await
            .status,
        204
    );
    assert_eq!(
        phone.send(phone.request(Method::HEAD, place)).await.status,
        404
    );
    let staged = server.folder.path().join("blobs/staging");
    let left = walk(&staged);
    assert_eq!(left, 0, "its staging objects are deleted");
}

fn walk(folder: &std::path::Path) -> usize {
    let Ok(found) = std::fs::read_dir(folder) else {
        return 0;
    };
    found
        .map(|e| e.unwrap().path())
        .map(|path| if path.is_dir() { walk(&path) } else { 1 })
        .sum()
}

#[tokio::test]
async fn every_method_also_goes_through_as_post() {
    let server = TestServer::start().await;
    let bytes = jpeg(9, 300_000);
    let (phone, entry) = phone_with(&server, &bytes).await;
    let begun = phone.begin(entry, &bytes, &bytes[..CHUNK]).await;
    let place = begun.header("location").unwrap();
    let over = |method: &'static str| {
        phone
            .request(Method::POST, place)
            .header(name::METHOD_OVERRIDE, method)
    };
    let state = phone.send(over("HEAD")).await;
    assert_eq!((state.status, state.offset()), (204, CHUNK as u64));
    let rest = &bytes[CHUNK..];
    let patch = over("PATCH")
        .header("content-type", name::PARTIAL)
        .header(name::OFFSET, CHUNK)
        .header(name::CONTENT_DIGEST, digest(rest))
        .body(rest.to_vec());
    phone.assert_held(&phone.send(patch).await, &bytes).await;
    let sign_out = phone.request(Method::POST, "/api/v1/session");
    let reply = phone
        .send(sign_out.header(name::METHOD_OVERRIDE, "DELETE"))
        .await;
    assert_eq!(reply.status, 204);
}

#[tokio::test]
async fn an_upload_whose_chunks_are_gone_begins_anew() {
    let server = TestServer::start().await;
    let phone = server.client("wgy-yongji").await;
    let bytes = jpeg(9, 40_000);
    let report = Pen::new("wgy-yongji").cleanup(vec![photo(&bytes)]);
    phone.push(&[&report]).await;
    let id = id_of(&report);
    let begun = phone.begin(id, &bytes, &bytes[..20_000]).await;
    let place = begun.header("location").unwrap().to_owned();
    // As after a copy of the database was put back that is older than the end of the upload.
    let staged = server.folder.path().join("blobs").join("staging");
    std::fs::remove_dir_all(staged).unwrap();
    let last = phone.chunk(&place, 20_000, &bytes[20_000..], true).await;
    assert_eq!(last.status, 404, "{}", last.text());
    let again = phone.begin(id, &bytes, &bytes).await;
    phone.assert_held(&again, &bytes).await;
}
