//! What only a real IndexedDB can get wrong: durability, lost connections, other versions.

use crate::phone::Phone;
use crate::sample::{NOW, draft, photo, remark, row, unsealed};
use domain::entry::{Kind, LogHead};
use domain::ids::LogId;
use domain::sync::Change;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;
use xunhe_app::store::{Durability, IdbDisk, LocalStore, StoreError};

fn run(script: &str) -> JsValue {
    js_sys::eval(script).unwrap()
}

async fn run_async(script: &str) -> JsValue {
    let promise = js_sys::Promise::from(run(script));
    wasm_bindgen_futures::JsFuture::from(promise).await.unwrap()
}

/// Everything but the text of a draft is flushed before it counts.
#[wasm_bindgen_test]
async fn every_write_that_matters_is_strict() {
    run(
        "globalThis.seen = []; globalThis.plain = IDBDatabase.prototype.transaction;
        IDBDatabase.prototype.transaction = function (stores, mode, options) {
            if (mode === 'readwrite')
                seen.push([...stores].join() + ':' + (options || {}).durability);
            return plain.call(this, stores, mode, options);
        };",
    );
    let tab = Phone::in_indexed_db("strict").tab().await;
    let one = photo(&tab, 1, b"bytes").await;
    let written = draft(1, &[one]);
    tab.save_draft(&written, NOW, Durability::Relaxed)
        .await
        .unwrap();
    tab.save_draft(&written, NOW, Durability::Strict)
        .await
        .unwrap();
    let saved = tab
        .submit(&unsealed(&tab, 1, &[one]), Some(written.id), NOW)
        .await
        .unwrap();
    let change = Change::Upload {
        key: saved.blobs[0].key,
        upload: None,
    };
    tab.apply(None, &[change], NOW).await.unwrap();
    run("IDBDatabase.prototype.transaction = plain");
    let seen = run("seen.join(' ')").as_string().unwrap();
    let (relaxed, strict): (Vec<_>, Vec<_>) =
        seen.split(' ').partition(|t| t.ends_with(":relaxed"));
    assert_eq!(relaxed, ["draft,outbox:relaxed"]);
    assert!(strict.len() >= 7, "{seen}");
    assert!(strict.iter().all(|t| t.ends_with(":strict")), "{seen}");
}

/// Browsers lose connections ("Connection to Indexed Database server lost").
#[wasm_bindgen_test]
async fn a_lost_connection_heals_once() {
    let tab = Phone::in_indexed_db("heals").tab().await;
    let breaking = |times: u32| {
        run(&format!(
            "globalThis.left = {times}; globalThis.plain = IDBDatabase.prototype.transaction;
            IDBDatabase.prototype.transaction = function (...all) {{
                if (left-- > 0) throw new DOMException('lost', 'InvalidStateError');
                return plain.apply(this, all);
            }};"
        ));
    };
    breaking(1);
    let saved = tab.submit(&unsealed(&tab, 1, &[]), None, NOW).await;
    run("IDBDatabase.prototype.transaction = plain");
    saved.unwrap();
    assert_eq!(tab.queue().await.unwrap().entries.len(), 1);

    breaking(100);
    let failed = tab.submit(&unsealed(&tab, 2, &[]), None, NOW).await;
    run("IDBDatabase.prototype.transaction = plain");
    assert!(matches!(failed, Err(StoreError::Lost(_))), "{failed:?}");
    assert_eq!(tab.queue().await.unwrap().entries.len(), 1);
    tab.submit(&unsealed(&tab, 2, &[]), None, NOW)
        .await
        .unwrap();
    assert_eq!(tab.log_head().await.unwrap().seq, 2);
}

/// A newer version of the app opens in another tab: this one must not stand in its way.
#[wasm_bindgen_test]
async fn an_upgrade_elsewhere_is_not_held_up() {
    let tab = Phone::in_indexed_db("upgrade").tab().await;
    let name = format!("xunhe-person-{}", tab.person());
    let upgraded = run_async(&format!(
        "new Promise((done, failed) => {{
            const request = indexedDB.open('{name}', 99);
            request.onblocked = () => failed('blocked');
            request.onerror = () => failed(request.error);
            request.onsuccess = () => {{ request.result.close(); done('upgraded'); }};
        }})"
    ))
    .await;
    assert_eq!(upgraded.as_string().as_deref(), Some("upgraded"));
    let older = tab.submit(&unsealed(&tab, 1, &[]), None, NOW).await;
    assert_eq!(older, Err(StoreError::Newer));
}

/// An error inside the plan rolls the transaction back, and so does a write that fails.
#[wasm_bindgen_test]
async fn a_failed_write_leaves_nothing_behind() {
    let tab = Phone::in_indexed_db("rollback").tab().await;
    run("globalThis.plain = IDBObjectStore.prototype.put;
        IDBObjectStore.prototype.put = function (value) {
            if (this.name === 'outbox') throw new DOMException('full', 'QuotaExceededError');
            return plain.call(this, value);
        };");
    let full = tab.submit(&unsealed(&tab, 1, &[]), None, NOW).await;
    run("IDBObjectStore.prototype.put = plain");
    assert_eq!(full, Err(StoreError::Full));
    let other = Phone::in_indexed_db("rollback").tab().await;
    assert_eq!(other.log_head().await.unwrap().seq, 0);
    assert_eq!(other.records(None, 10).await.unwrap().total, 0);
}

/// On a full phone the room that was set aside goes, and the text still fits.
#[wasm_bindgen_test]
async fn the_last_text_fits_where_room_was_set_aside() {
    let tab = Phone::in_indexed_db("reserve").tab().await;
    tab.keep_reserve(|piece| piece.fill(7)).await.unwrap();
    // Full, until something is deleted.
    run(
        "globalThis.freed = false;
        globalThis.plain = [IDBObjectStore.prototype.put, IDBObjectStore.prototype.delete];
        IDBObjectStore.prototype.put = function (value) {
            if (this.name === 'outbox' && !freed) throw new DOMException('full', 'QuotaExceededError');
            return plain[0].call(this, value);
        };
        IDBObjectStore.prototype.delete = function (key) {
            freed = true;
            return plain[1].call(this, key);
        };",
    );
    let saved = tab.submit(&unsealed(&tab, 1, &[]), None, NOW).await;
    let again = run("freed = false; freed");
    let full = tab.submit(&unsealed(&tab, 2, &[]), None, NOW).await;
    run("[IDBObjectStore.prototype.put, IDBObjectStore.prototype.delete] = plain;");
    assert!(saved.is_ok() && !again.is_truthy(), "{saved:?}");
    assert_eq!(
        full,
        Err(StoreError::Full),
        "there is nothing more to give up"
    );
    assert_eq!(tab.queue().await.unwrap().entries.len(), 1);
}

/// Two connections of one tab, asked at once, open the database once.
#[wasm_bindgen_test]
async fn a_new_store_has_one_log_whoever_opens_it_first() {
    let person: domain::register::PersonId = "p-first".parse().unwrap();
    let open = |n: u8| {
        let disk = std::rc::Rc::new(IdbDisk::person(&person));
        LocalStore::open(disk, person.clone(), LogId::new([n; 16]))
    };
    let (one, two) = futures_util::future::join(open(1), open(2)).await;
    assert_eq!(one.unwrap().log_id(), two.unwrap().log_id());
}

/// A list of ten thousand opens as fast as one of ten.
#[wasm_bindgen_test]
async fn a_list_of_ten_thousand_opens_at_once() {
    const ALL: u32 = 10_000;
    let tab = Phone::in_indexed_db("many").tab().await;
    for batch in 0..ALL / 1_000 {
        let rows = (0..1_000).map(|n| {
            let n = batch * 1_000 + n;
            let log = LogHead::empty(LogId::new([0xDD; 16]));
            let entry = unsealed(&tab, n, &[]).seal(&log).unwrap().0;
            let id = unsealed(&tab, n, &[]).record_id;
            row(n.into(), id, Some(entry))
        });
        let pulled = Change::Pulled {
            after: (batch > 0).then(|| "c".into()),
            rows: rows.collect(),
            cursor: "c".into(),
            reset: false,
        };
        assert!(tab.apply(None, &[pulled], NOW).await.unwrap());
    }
    // One record in the middle has a remark; it must not move in the list.
    let on = unsealed(&tab, 9_999, &[]).entry_id;
    let said = vec![remark(20_000, on, Kind::Comment)];
    let pulled = Change::Pulled {
        after: Some("c".into()),
        rows: said,
        cursor: "d".into(),
        reset: false,
    };
    assert!(tab.apply(None, &[pulled], NOW).await.unwrap());

    let begun = js_sys::Date::now();
    let page = tab.records(None, 50).await.unwrap();
    let took = js_sys::Date::now() - begun;
    assert_eq!((page.records.len(), page.total), (50, ALL));
    assert_eq!(page.records[0].entries.len(), 2);
    web_sys::console::log_1(&format!("first page of {ALL}: {took} ms, unoptimised").into());
    // Unoptimised wasm on a busy machine; the goal of 100 ms is measured on the release build.
    assert!(took < 1_000.0, "{took} ms");
}
