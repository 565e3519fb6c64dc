//! One transaction, and how it ended.

use super::super::StoreError;
use super::super::disk::{Durability, Write};
use super::super::schema::Table;
use super::fault::fault;
use super::rows;
use futures_channel::oneshot;
use js_sys::{Array, Object, Reflect};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::{Closure, wasm_bindgen};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Event, IdbDatabase, IdbObjectStore, IdbTransaction};

#[wasm_bindgen]
extern "C" {
    // web-sys counts the third argument as unstable; browsers have had it since 2020–2024, and
    // older ones ignore it.
    #[wasm_bindgen(extends = IdbDatabase)]
    type Durable;
    #[wasm_bindgen(method, catch)]
    fn transaction(
        this: &Durable,
        tables: &Array,
        mode: &str,
        options: &Object,
    ) -> Result<IdbTransaction, JsValue>;
}

/// A transaction under way. Dropped before it was committed, it is rolled back.
pub(super) struct Transaction {
    inner: IdbTransaction,
    end: oneshot::Receiver<Result<(), StoreError>>,
    committed: bool,
    _handlers: [Closure<dyn FnMut(Event)>; 2],
}

impl Transaction {
    /// Opens one that only reads (`None`), or that writes.
    pub(super) fn open(
        db: &IdbDatabase,
        tables: &[Table],
        writes: Option<Durability>,
    ) -> Result<Self, JsValue> {
        let names: Array = tables
            .iter()
            .map(|table| JsValue::from_str(table.name()))
            .collect();
        let options = Object::new();
        let mode = match writes {
            None => "readonly",
            Some(_) => "readwrite",
        };
        let durability = match writes {
            Some(Durability::Strict) => "strict",
            Some(Durability::Relaxed) | None => "relaxed",
        };
        Reflect::set(&options, &"durability".into(), &durability.into())?;
        let inner = db
            .unchecked_ref::<Durable>()
            .transaction(&names, mode, &options)?;
        Ok(Self::listening(inner))
    }

    fn listening(inner: IdbTransaction) -> Self {
        let (sender, end) = oneshot::channel();
        let sender = Rc::new(RefCell::new(Some(sender)));
        let settle = move |outcome: Result<(), StoreError>| {
            if let Some(sender) = sender.borrow_mut().take() {
                drop(sender.send(outcome));
            }
        };
        let settle_abort = settle.clone();
        let complete: Closure<dyn FnMut(Event)> = Closure::new(move |_| settle(Ok(())));
        let of = inner.clone();
        // A disk that is full at commit aborts without any request having failed: only the
        // transaction's own error says why.
        let abort: Closure<dyn FnMut(Event)> = Closure::new(move |_| {
            let why = of.error().map_or(JsValue::NULL, Into::into);
            settle_abort(Err(if why.is_null() {
                StoreError::Lost("the transaction was aborted".to_owned())
            } else {
                fault(&why)
            }));
        });
        inner.set_oncomplete(Some(complete.as_ref().unchecked_ref()));
        inner.set_onabort(Some(abort.as_ref().unchecked_ref()));
        Self {
            inner,
            end,
            committed: false,
            _handlers: [complete, abort],
        }
    }

    pub(super) fn store(&self, table: Table) -> Result<IdbObjectStore, JsValue> {
        self.inner.object_store(table.name())
    }

    /// Issues all writes; their errors show in the transaction's end.
    pub(super) fn write(&self, writes: &[Write]) -> Result<(), JsValue> {
        for write in writes {
            let store = self.store(write.table())?;
            match write {
                Write::Put(_, row) => store.put(&rows::to_object(row)?)?,
                Write::Delete(_, key) => store.delete(&key.into())?,
                Write::DeleteStarting(_, prefix) => store.delete(&rows::starting(prefix)?)?,
            };
        }
        Ok(())
    }

    /// Waits until everything is on the medium (as far as the durability promises).
    pub(super) async fn commit(mut self) -> Result<(), StoreError> {
        self.committed = true;
        // It commits by itself: nothing is pending after the writes.
        (&mut self.end)
            .await
            .unwrap_or_else(|_| Err(StoreError::Lost("the transaction was forgotten".to_owned())))
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        self.inner.set_oncomplete(None);
        self.inner.set_onabort(None);
        if !self.committed {
            // Already over: then there is nothing to roll back.
            drop(self.inner.abort());
        }
    }
}
