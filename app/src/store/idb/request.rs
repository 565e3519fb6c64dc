//! Requests as futures. A request's handlers run inside its transaction, and so does what awaits
//! them: wasm-bindgen's executor continues in a microtask of the same event.

use super::super::StoreError;
use super::fault::fault;
use futures_channel::oneshot;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Event, IdbRequest};

type Handler = Closure<dyn FnMut(Event)>;

/// A request under way; dropped, it no longer listens.
pub(super) struct Pending<T> {
    request: IdbRequest,
    answer: oneshot::Receiver<Result<T, StoreError>>,
    _handlers: [Handler; 2],
}

/// What a success handler makes of the request's result: `None` to be called again (cursors).
type Step<T> = dyn FnMut(JsValue) -> Result<Option<T>, JsValue>;

impl<T: 'static> Pending<T> {
    /// Listens to a request; `step` is called with every result.
    pub(super) fn new(request: IdbRequest, mut step: Box<Step<T>>) -> Self {
        let (sender, answer) = oneshot::channel();
        let sender = Rc::new(RefCell::new(Some(sender)));
        let settle = move |outcome: Result<T, StoreError>| {
            if let Some(sender) = sender.borrow_mut().take() {
                // Nobody waits any more: then nobody needs the answer.
                drop(sender.send(outcome));
            }
        };
        let settle_error = settle.clone();
        let of = request.clone();
        let success: Handler = Closure::new(move |_| match of.result().and_then(&mut step) {
            Ok(None) => {}
            Ok(Some(value)) => settle(Ok(value)),
            Err(error) => settle(Err(fault(&error))),
        });
        let of = request.clone();
        let error: Handler = Closure::new(move |_| {
            let why = of.error().ok().flatten().map_or(JsValue::NULL, Into::into);
            settle_error(Err(fault(&why)));
        });
        request.set_onsuccess(Some(success.as_ref().unchecked_ref()));
        request.set_onerror(Some(error.as_ref().unchecked_ref()));
        Self {
            request,
            answer,
            _handlers: [success, error],
        }
    }

    /// Waits for the answer.
    pub(super) async fn answer(mut self) -> Result<T, StoreError> {
        (&mut self.answer)
            .await
            .unwrap_or_else(|_| Err(StoreError::Lost("the request was forgotten".to_owned())))
    }
}

impl<T> Drop for Pending<T> {
    fn drop(&mut self) {
        self.request.set_onsuccess(None);
        self.request.set_onerror(None);
    }
}
