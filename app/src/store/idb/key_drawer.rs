//! Where the installation's key pair lies: a database of its own, because a `CryptoKey` that
//! cannot be exported is no bytes, and only the browser can put it away.

use super::super::StoreError;
use super::super::disk::Durability;
use super::super::schema::{Table, current};
use super::fault::fault;
use super::open::open;
use super::request::Pending;
use super::rows::KEY;
use super::transaction::Transaction;
use js_sys::{Object, Reflect};
use wasm_bindgen::JsValue;

const NAME: &str = "xunhe-key";
const DEVICE: &str = "device";
const PAIR: &str = "pair";

/// The pair that counts: the one that lies there, or `fresh`, which is put there if there is none.
/// In one transaction: of two tabs the slower one gets the pair of the faster.
pub async fn key_pair(fresh: Option<&JsValue>) -> Result<Option<JsValue>, StoreError> {
    let db = open(NAME, current::KEY, || {}).await?;
    let writes = fresh.map(|_| Durability::Strict);
    let transaction = Transaction::open(&db, &[Table::Key], writes).map_err(|e| fault(&e))?;
    let store = transaction.store(Table::Key).map_err(|e| fault(&e))?;
    let request = store.get(&DEVICE.into()).map_err(|e| fault(&e))?;
    let found = Pending::new(request, Box::new(|row| Ok(Some(row))));
    let row = found.answer().await?;
    if let (true, Some(fresh)) = (row.is_undefined(), fresh) {
        let row = Object::new();
        let set = |name: &str, value: &JsValue| Reflect::set(&row, &name.into(), value);
        set(KEY, &DEVICE.into()).map_err(|e| fault(&e))?;
        set(PAIR, fresh).map_err(|e| fault(&e))?;
        store.put(&row).map_err(|e| fault(&e))?;
    }
    transaction.commit().await?;
    db.close();
    if row.is_undefined() {
        return Ok(fresh.cloned());
    }
    Reflect::get(&row, &PAIR.into())
        .map(Some)
        .map_err(|e| fault(&e))
}
