//! Rows as the objects that IndexedDB keeps: `{k, v, <mark>…}`.

use super::super::disk::{Read, Row, Rows};
use super::super::schema::{Mark, Table};
use super::request::Pending;
use js_sys::{Array, Object, Reflect, Uint8Array};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    IdbCursorDirection, IdbCursorWithValue, IdbIndex, IdbKeyRange, IdbObjectStore, IdbRequest,
};

/// The property that holds the key.
pub(super) const KEY: &str = "k";
const VALUE: &str = "v";

/// A row as an object.
pub(super) fn to_object(row: &Row) -> Result<JsValue, JsValue> {
    let object = Object::new();
    let set = |name: &str, value: &JsValue| Reflect::set(&object, &name.into(), value).map(drop);
    set(KEY, &row.key.as_str().into())?;
    // Bytes, never a Blob: browsers have lost and emptied those.
    set(VALUE, &Uint8Array::from(row.value.as_slice()))?;
    for (mark, text) in &row.marks {
        set(mark.name(), &text.as_str().into())?;
    }
    Ok(object.into())
}

fn from_object(object: &JsValue, table: Table) -> Result<Row, JsValue> {
    let get = |name: &str| Reflect::get(object, &name.into());
    let marks = super::super::schema::current::marks(table)
        .iter()
        .filter_map(|mark: &Mark| Some((*mark, get(mark.name()).ok()?.as_string()?)))
        .collect();
    Ok(Row {
        key: get(KEY)?.as_string().unwrap_or_default(),
        value: get(VALUE)?.dyn_into::<Uint8Array>()?.to_vec(),
        marks,
    })
}

/// Asks; the answer comes within the transaction.
pub(super) fn ask(store: &IdbObjectStore, read: &Read) -> Result<Pending<Rows>, JsValue> {
    let table = read.table;
    let range = range(read)?;
    let source = match read.by {
        Some(mark) => Source::Index(store.index(mark.name())?),
        None => Source::Store(store.clone()),
    };
    if read.count_only {
        let request = source.count(&range)?;
        return Ok(Pending::new(
            request,
            Box::new(|result| {
                // Counts come as floating-point numbers; no store holds more than 2³² rows.
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "saturates"
                )]
                let count = result.as_f64().unwrap_or(0.0) as u32;
                Ok(Some(Rows {
                    rows: Vec::new(),
                    count,
                }))
            }),
        ));
    }
    if read.newest_first {
        return backwards(&source, &range, read);
    }
    let request = source.get_all(&range, read.limit)?;
    Ok(Pending::new(
        request,
        Box::new(move |result| {
            let all: Array = result.dyn_into()?;
            let rows: Result<_, _> = all.iter().map(|o| from_object(&o, table)).collect();
            Ok(Some(Rows {
                rows: rows?,
                count: 0,
            }))
        }),
    ))
}

/// `getAll` knows no direction, so the last rows come one by one.
fn backwards(source: &Source, range: &JsValue, read: &Read) -> Result<Pending<Rows>, JsValue> {
    let limit = usize::try_from(read.limit).unwrap_or(usize::MAX);
    let table = read.table;
    let rows = Rc::new(RefCell::new(Vec::new()));
    let request = source.open_backwards(range)?;
    Ok(Pending::new(
        request,
        Box::new(move |result| {
            let cursor = result.dyn_into::<IdbCursorWithValue>().ok();
            if let Some(cursor) = cursor
                && rows.borrow().len() < limit
            {
                rows.borrow_mut()
                    .push(from_object(&cursor.value()?, table)?);
                cursor.continue_()?;
                return Ok(None);
            }
            Ok(Some(Rows {
                rows: rows.take(),
                count: 0,
            }))
        }),
    ))
}

fn range(read: &Read) -> Result<JsValue, JsValue> {
    let from = JsValue::from_str(&read.from);
    Ok(match &read.to {
        Some(to) => {
            IdbKeyRange::bound_with_lower_open_and_upper_open(&from, &to.into(), false, true)?
                .into()
        }
        None => IdbKeyRange::lower_bound(&from)?.into(),
    })
}

/// All keys that begin with a prefix.
pub(super) fn starting(prefix: &str) -> Result<JsValue, JsValue> {
    range(&Read::all(Table::Meta).starting(prefix))
}

enum Source {
    Store(IdbObjectStore),
    Index(IdbIndex),
}

impl Source {
    fn count(&self, range: &JsValue) -> Result<IdbRequest, JsValue> {
        match self {
            Self::Store(store) => store.count_with_key(range),
            Self::Index(index) => index.count_with_key(range),
        }
    }

    fn get_all(&self, range: &JsValue, limit: u32) -> Result<IdbRequest, JsValue> {
        match self {
            Self::Store(store) => store.get_all_with_key_and_limit(range, limit),
            Self::Index(index) => index.get_all_with_key_and_limit(range, limit),
        }
    }

    fn open_backwards(&self, range: &JsValue) -> Result<IdbRequest, JsValue> {
        let direction = IdbCursorDirection::Prev;
        match self {
            Self::Store(store) => store.open_cursor_with_range_and_direction(range, direction),
            Self::Index(index) => index.open_cursor_with_range_and_direction(range, direction),
        }
    }
}
