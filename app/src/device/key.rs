//! The installation's own key: it vouches for what a person made here who is not signed in now.
//!
//! The private half is a `CryptoKey` of the browser that no script can read out. A browser
//! without `WebCrypto` (plain http that is not the machine itself) has no key: then whoever made
//! something must sign in to send it.

use crate::store::key_pair;
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use domain::entry::{DeviceKey, Entry};
use js_sys::{Array, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{CryptoKey, SubtleCrypto};

/// The public half, made with its private one where there is none yet.
pub async fn public() -> Option<DeviceKey> {
    let subtle = subtle()?;
    let pair = match key_pair(None).await.ok()? {
        Some(pair) => pair,
        None => key_pair(Some(&generate(&subtle).await?)).await.ok()??,
    };
    let exported = subtle.export_key("raw", &half(&pair, "publicKey")?);
    let raw = done(exported).await?;
    let raw: [u8; 65] = Uint8Array::new(&raw).to_vec().try_into().ok()?;
    DeviceKey::new(raw).ok()
}

/// Puts the device's signature under each header; `None` if this device has no key.
pub async fn sign(entries: &mut [Entry]) -> Option<()> {
    let subtle = subtle()?;
    let private = half(&key_pair(None).await.ok()??, "privateKey")?;
    let how = named("ECDSA")?;
    set(&how, "hash", "SHA-256")?;
    for entry in entries {
        let text = Uint8Array::from(entry.header.as_bytes());
        let signed = subtle.sign_with_object_and_buffer_source(&how, &private, &text);
        let signature = done(signed).await?;
        entry.sig = Some(BASE64.encode(Uint8Array::new(&signature).to_vec()));
    }
    Some(())
}

async fn generate(subtle: &SubtleCrypto) -> Option<JsValue> {
    let kind = named("ECDSA")?;
    set(&kind, "namedCurve", "P-256")?;
    let uses = Array::of2(&"sign".into(), &"verify".into());
    done(subtle.generate_key_with_object(&kind, false, &uses)).await
}

/// What a promise comes to.
async fn done(asked: Result<Promise, JsValue>) -> Option<JsValue> {
    JsFuture::from(asked.ok()?).await.ok()
}

/// `undefined` outside of secure contexts.
fn subtle() -> Option<SubtleCrypto> {
    let subtle: JsValue = web_sys::window()?.crypto().ok()?.subtle().into();
    subtle.is_object().then(|| subtle.unchecked_into())
}

fn named(algorithm: &str) -> Option<Object> {
    let object = Object::new();
    set(&object, "name", algorithm)?;
    Some(object)
}

fn set(object: &Object, name: &str, value: &str) -> Option<()> {
    let done = Reflect::set(object, &name.into(), &value.into());
    done.is_ok().then_some(())
}

fn half(pair: &JsValue, name: &str) -> Option<CryptoKey> {
    let key = Reflect::get(pair, &name.into()).ok()?;
    key.is_object().then(|| key.unchecked_into())
}
