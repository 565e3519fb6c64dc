//! Opening a database: creating what is missing, and never waiting for another tab unseen.

use super::super::StoreError;
use super::super::schema::Schema;
use super::fault::fault;
use super::request::Pending;
use super::rows::KEY;
use gloo_timers::future::TimeoutFuture;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Event, IdbDatabase, IdbIndexParameters, IdbObjectStoreParameters, IdbOpenDbRequest};

type Tell = Rc<dyn Fn(bool)>;

thread_local! {
    static BLOCKED: RefCell<Option<Tell>> = const { RefCell::new(None) };
}

/// Whom to tell (`true`) that an upgrade waits for another tab to let go, and (`false`) that it
/// did: without a word the app would just seem to hang.
pub fn on_blocked(tell: impl Fn(bool) + 'static) {
    BLOCKED.set(Some(Rc::new(tell)));
}

fn blocked(yes: bool) {
    let tell = BLOCKED.with_borrow(Clone::clone);
    if let Some(tell) = tell {
        tell(yes);
    }
}

/// How long another tab may take to let go, milliseconds.
const PATIENCE_MS: u32 = 15_000;

/// Opens the database, creating or upgrading it. `closed` is told when the connection ends: for
/// another tab's upgrade, or because the browser lost it.
pub(super) async fn open(
    name: &str,
    schema: Schema,
    closed: impl Fn() + Clone + 'static,
) -> Result<IdbDatabase, StoreError> {
    let unavailable = |e: &JsValue| match fault(e) {
        StoreError::Full => StoreError::Full,
        other => StoreError::Unavailable(other.to_string()),
    };
    let factory = web_sys::window()
        .ok_or_else(|| StoreError::Unavailable("no window".to_owned()))?
        .indexed_db()
        .map_err(|e| unavailable(&e))?
        .ok_or_else(|| StoreError::Unavailable("no indexedDB".to_owned()))?;
    let request = factory
        .open_with_u32(name, schema.version)
        .map_err(|e| unavailable(&e))?;
    let was_blocked = Rc::new(Cell::new(false));
    let on_upgrade = upgrade(request.clone(), schema);
    let on_blocked: Closure<dyn FnMut(Event)> = Closure::new({
        let was_blocked = was_blocked.clone();
        move |_| {
            was_blocked.set(true);
            blocked(true);
        }
    });
    request.set_onupgradeneeded(Some(on_upgrade.as_ref().unchecked_ref()));
    request.set_onblocked(Some(on_blocked.as_ref().unchecked_ref()));
    let waiting = Pending::new(
        request.clone().into(),
        Box::new(|result| result.dyn_into::<IdbDatabase>().map(Some)),
    );
    let opened = patiently(waiting, &was_blocked).await;
    request.set_onupgradeneeded(None);
    request.set_onblocked(None);
    if was_blocked.get() {
        blocked(false);
    }
    let db = opened?;
    until_closed(&db, closed);
    Ok(db)
}

/// Waits for the database; not for ever once another tab stands in the way.
async fn patiently(
    waiting: Pending<IdbDatabase>,
    blocked: &Cell<bool>,
) -> Result<IdbDatabase, StoreError> {
    let mut answer = Box::pin(waiting.answer());
    loop {
        let patience = TimeoutFuture::new(PATIENCE_MS);
        match futures_util::future::select(answer, patience).await {
            futures_util::future::Either::Left((opened, _)) => return opened,
            futures_util::future::Either::Right(_) if blocked.get() => {
                return Err(StoreError::Blocked);
            }
            // Slow, not blocked: a full and busy device opens late but does open.
            futures_util::future::Either::Right(((), still)) => answer = still,
        }
    }
}

/// Creates what the schema names and the database lacks; nothing is ever dropped or rewritten.
fn upgrade(request: IdbOpenDbRequest, schema: Schema) -> Closure<dyn FnMut(Event)> {
    Closure::new(move |_| {
        let created = create(&request, schema);
        if let (Err(_), Some(transaction)) = (&created, request.transaction()) {
            // Half a schema must not stay: the open request then reports the error.
            drop(transaction.abort());
        }
    })
}

fn create(request: &IdbOpenDbRequest, schema: Schema) -> Result<(), JsValue> {
    let db: IdbDatabase = request.result()?.dyn_into()?;
    let existing = db.object_store_names();
    for def in schema.tables {
        let name = def.table.name();
        let store = if existing.contains(name) {
            let transaction = request.transaction().ok_or(JsValue::NULL)?;
            transaction.object_store(name)?
        } else {
            let parameters = IdbObjectStoreParameters::new();
            parameters.set_key_path(&KEY.into());
            db.create_object_store_with_optional_parameters(name, &parameters)?
        };
        for mark in def.marks {
            if !store.index_names().contains(mark.name()) {
                let parameters = IdbIndexParameters::new();
                store.create_index_with_str_and_optional_parameters(
                    mark.name(),
                    mark.name(),
                    &parameters,
                )?;
            }
        }
    }
    Ok(())
}

/// Lets go at once when another tab wants to upgrade, and notices when the browser lets go.
fn until_closed(db: &IdbDatabase, closed: impl Fn() + Clone + 'static) {
    let on_change = Closure::<dyn FnMut(Event)>::new({
        let (db, closed) = (db.clone(), closed.clone());
        move |_| {
            db.close();
            closed();
        }
    });
    db.set_onversionchange(Some(on_change.as_ref().unchecked_ref()));
    let on_close = Closure::<dyn FnMut(Event)>::new(move |_| closed());
    db.set_onclose(Some(on_close.as_ref().unchecked_ref()));
    // They live as long as the connection does, which only the browser ends.
    on_change.forget();
    on_close.forget();
}
