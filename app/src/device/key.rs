//! The installation's own key: it vouches for what a person made here who is not signed in now.
//!
//! The private half is a `CryptoKey` of the browser that no script can read out. A browser
//! without `WebCrypto` (plain http that is not the machine itself) has no key: then whoever made
//! something must sign in to send it.

use crate::store::{find_key_pair, keep_key_pair};
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use domain::entry::{DeviceKey, Entry};
use js_sys::{Array, Object, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{CryptoKey, SubtleCrypto};

/// The public half, made with its private one where there is none yet.
pub async fn public() -> Option<DeviceKey> {
    let pair = match find().await {
        Some(pair) => pair,
        None => keep_key_pair(&generate().await?).await.ok()?,
    };
    let exported = subtle()?.export_key("raw", &half(&pair, "publicKey")?);
    let raw = JsFuture::from(exported.ok()?).await.ok()?;
    let raw: [u8; 65] = Uint8Array::new(&raw).to_vec().try_into().ok()?;
    DeviceKey::new(raw).ok()
}

/// Puts the device's signature under each header; `None` if this device has no key.
pub async fn sign(entries: &mut [Entry]) -> Option<()> {
    let private = half(&find().await?, "privateKey")?;
    let how = named("ECDSA")?;
    set(&how, "hash", "SHA-256")?;
    for entry in entries {
        let text = Uint8Array::from(entry.header.as_bytes());
        let signed = subtle()?.sign_with_object_and_buffer_source(&how, &private, &text);
        let signature = JsFuture::from(signed.ok()?).await.ok()?;
        entry.sig = Some(BASE64.encode(Uint8Array::new(&signature).to_vec()));
    }
    Some(())
}

async fn find() -> Option<JsValue> {
    subtle()?;
    find_key_pair().await.ok().flatten()
}

async fn generate() -> Option<JsValue> {
    let kind = named("ECDSA")?;
    set(&kind, "namedCurve", "P-256")?;
    let uses = Array::of2(&"sign".into(), &"verify".into());
    let made = subtle()?.generate_key_with_object(&kind, false, &uses);
    JsFuture::from(made.ok()?).await.ok()
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
