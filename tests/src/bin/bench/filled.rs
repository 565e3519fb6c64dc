//! A browser's queue without hours of tapping: reports are made by the app's own rules into the
//! app's own store, over memory; then its rows are put into the browser's IndexedDB as they are.

use crate::words;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::header::ACCESS_CONTROL_ALLOW_ORIGIN;
use axum::response::IntoResponse as _;
use domain::entry::{CapturedVia, Fix, FixSource, Place};
use domain::ids::{BootId, DraftId, EntryId};
use domain::record::{Draft, DraftPhoto, Moment, Outcome, PhotoSide, ProblemCode, Subject};
use domain::time::{MonoMs, WallMs};
use domain::wire::Push;
use serde_json::json;
use std::sync::Arc;
use uuid::Builder;
use xunhe_app::store::LocalStore;
use xunhe_tests::dice::Dice;
use xunhe_tests::page::Page;
use xunhe_tests::phone::{DeviceClock, Phone, jpeg, truly};

/// Who has made them.
pub(crate) const ACCOUNT: &str = "wgy2-yongji";
const POST: (&str, &str, &str) = ("yongji-wgy2", "yxq-qingtou", "yongji-101");
const KINDS: [&str; 12] = [
    "LJ-01", "LJ-02", "LJ-03", "LJ-05", "SL-01", "SL-03", "SL-04", "NY-01", "NY-03", "NY-05",
    "PW-05", "PW-08",
];
/// What the page puts away in one transaction.
const PARCEL: usize = 8 * 1024 * 1024;
/// A place of an entry in the order of its making, apart from the next.
const APART_MS: i64 = 97_000;

/// What is to be made.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted {
    pub(crate) reports: u32,
    /// Of each.
    pub(crate) photos: u32,
    /// Bytes of one, without a pattern.
    pub(crate) photo: usize,
}

/// A store on its way into a browser.
pub(crate) struct Filled {
    /// As one plain push would say them all.
    pub(crate) texts: u64,
    /// Photos' bytes.
    pub(crate) photos: u64,
    pub(crate) reports: u32,
    parcels: Arc<Vec<Vec<u8>>>,
}

impl Filled {
    pub(crate) async fn make(wanted: Wanted, seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let phone = Phone::new(ACCOUNT, &mut dice);
        let store = phone.open().await;
        let now = truly();
        let begun = now.0 - i64::from(wanted.reports) * APART_MS;
        let boot = BootId::new(dice.bytes());
        let mut ids = Vec::new();
        for n in 0..wanted.reports {
            let clock = DeviceClock::new(begun + i64::from(n) * APART_MS - now.0, boot);
            let mono = MonoMs(u64::from(n) * 97_000 + dice.below(40_000));
            let clock = clock.facts(now, mono);
            let at = clock.wall_ms;
            let draft = draft(&store, &mut dice, at, wanted).await;
            let moment = Moment {
                author: store.person().clone(),
                clock,
                salt: dice.bytes(),
                app_version: xunhe_app::VERSION.into(),
            };
            let report = draft.finish(&moment).unwrap();
            let saved = store.submit(&report, None, at).await.unwrap();
            ids.push(saved.entry.entry_id);
        }
        let texts = texts(&store, &ids).await;
        drop(store);
        let mut parcels = vec![Vec::new()];
        phone.disk.each_row(|table, key, value, marks| {
            // What the browser has of its own stays: whose it is, and what the server told.
            if table == "meta" && !matches!(key, "head" | "arrivals") {
                return;
            }
            if parcels.last().is_none_or(|p: &Vec<u8>| p.len() > PARCEL) {
                parcels.push(Vec::new());
            }
            let marks: serde_json::Map<_, _> = marks
                .iter()
                .map(|(name, text)| ((*name).to_owned(), json!(text)))
                .collect();
            let head = json!({"t": table, "k": key, "m": marks}).to_string();
            let parcel = parcels.last_mut().unwrap();
            for len in [head.len(), value.len()] {
                parcel.extend(u32::try_from(len).unwrap().to_le_bytes());
            }
            parcel.extend(head.as_bytes());
            parcel.extend(value);
        });
        Self {
            texts,
            photos: u64::from(wanted.reports * wanted.photos) * wanted.photo as u64,
            reports: wanted.reports,
            parcels: Arc::new(parcels),
        }
    }

    /// Puts everything into the store of the person who is signed in on the page.
    pub(crate) async fn put_into(&self, page: &Page) {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let parcels = Arc::clone(&self.parcels);
        let app = Router::new()
            .route("/{n}", axum::routing::get(parcel))
            .with_state(parcels);
        let serving = tokio::spawn(async move { axum::serve(listener, app).await });
        // The page's own rules let it speak to its server only.
        page.cdp("Page.setBypassCSP", json!({"enabled": true}))
            .await;
        page.reload().await;
        page.see("status-line").await;
        for n in 0..self.parcels.len() {
            let script = PUT.replace("URL", &format!("{url}/{n}"));
            assert_eq!(page.run_async(&script).await, json!("put"));
        }
        serving.abort();
    }
}

async fn parcel(
    State(parcels): State<Arc<Vec<Vec<u8>>>>,
    Path(n): Path<usize>,
) -> axum::response::Response {
    ([(ACCESS_CONTROL_ALLOW_ORIGIN, "*")], parcels[n].clone()).into_response()
}

async fn draft(store: &LocalStore, dice: &mut Dice, at: WallMs, wanted: Wanted) -> Draft {
    let millis = u64::try_from(at.0).unwrap();
    let id = Builder::from_unix_timestamp_millis(millis, &dice.bytes()).into_uuid();
    let mut draft = Draft::new(DraftId::new(EntryId::new(id).raw()), Subject::Finding, at);
    draft.acting_post = Some(POST.0.parse().unwrap());
    draft.reach = Some(POST.1.parse().unwrap());
    draft.division = Some(POST.2.parse().unwrap());
    draft.problem = Some(ProblemCode((*dice.pick(&KINDS)).into()));
    draft.outcome = Some(Outcome::HandedUp);
    draft.note = words::note(dice);
    let fix = Fix {
        lat: 34.80 + metre(dice) / 1e6,
        lon: 110.35 + metre(dice) / 1e6,
        accuracy_m: metre(dice) / 1e4,
        at_ms: WallMs(at.0 - 1_700),
        age_ms: dice.below(9_000),
        source: FixSource::Device,
    };
    draft.place = Place {
        fix: Some(fix),
        no_fix: None,
        words: Some(words::place(dice)),
    };
    if wanted.photos == 0 {
        draft.no_photo_reason = Some("天黑".into());
    }
    for _ in 0..wanted.photos {
        let bytes = jpeg(dice, wanted.photo);
        let stored = store.put_photo(dice.bytes(), at, &bytes).await.unwrap();
        draft.photos.push(DraftPhoto {
            sha256: stored.sha256,
            size: stored.size,
            mime: "image/jpeg".into(),
            side: PhotoSide::Before,
            captured_via: CapturedVia::Camera,
            wall_ms: at,
            fix: draft.place.fix.clone(),
            // The peers sent none either.
            derived: Vec::new(),
        });
    }
    draft
}

/// Seven digits, as a receiver gives them.
fn metre(dice: &mut Dice) -> f64 {
    f64::from(u32::try_from(dice.below(130_000)).unwrap())
        + f64::from(u8::try_from(dice.below(10)).unwrap()) / 10.0
}

async fn texts(store: &LocalStore, ids: &[EntryId]) -> u64 {
    let entries = store.entries(ids).await.unwrap().unwrap();
    serde_json::to_vec(&Push { entries }).unwrap().len() as u64
}

const PUT: &str = "(async () => {
    for (const { name } of await indexedDB.databases()) {
        const db = await new Promise((ok, no) => {
            const r = indexedDB.open(name);
            r.onsuccess = () => ok(r.result);
            r.onerror = () => no(r.error);
        });
        if (!db.objectStoreNames.contains('chunk')) { db.close(); continue; }
        const bytes = await (await fetch('URL')).arrayBuffer();
        const view = new DataView(bytes);
        const words = new TextDecoder();
        const t = db.transaction([...db.objectStoreNames], 'readwrite', { durability: 'strict' });
        for (let at = 0; at < bytes.byteLength;) {
            const head = view.getUint32(at, true), len = view.getUint32(at + 4, true);
            const row = JSON.parse(words.decode(new Uint8Array(bytes, at + 8, head)));
            const from = at + 8 + head;
            t.objectStore(row.t).put({ k: row.k, v: new Uint8Array(bytes.slice(from, from + len)), ...row.m });
            at = from + len;
        }
        await new Promise((ok, no) => { t.oncomplete = ok; t.onabort = () => no(t.error); });
        db.close();
        return done('put');
    }
    done('no store');
})().catch(why => done(String(why)))";
