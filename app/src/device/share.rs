//! Giving a file out of the app: the system's share sheet, or the downloads.

use js_sys::{Array, Function, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{File, Url};

/// Where the page can offer the file for download; as long as the page is open.
pub fn url(file: &File) -> Option<String> {
    Url::create_object_url_with_blob(file).ok()
}

/// Whether the share sheet takes such a file.
pub fn can(file: &File) -> bool {
    call("canShare", file).is_some_and(|yes| yes.is_truthy())
}

/// Opens the share sheet. What becomes of it is the person's and the system's.
pub fn share(file: &File) {
    let _ = call("share", file);
}

// web-sys counts both as unstable; browsers on phones have had them since 2019.
fn call(name: &str, file: &File) -> Option<JsValue> {
    let navigator = web_sys::window()?.navigator();
    let function = Reflect::get(&navigator, &name.into()).ok()?;
    let function: Function = function.dyn_into().ok()?;
    let data = Object::new();
    Reflect::set(&data, &"files".into(), &Array::of1(file)).ok()?;
    function.call1(&navigator, &data).ok()
}
