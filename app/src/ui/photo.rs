use crate::model::App;
use crate::words::{Key, t};
use domain::hash::Sha256;
use domain::sync::LinkState;
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::{Blob, BlobPropertyBag, Url};

/// A picture from the phone's store. A photo that cannot be shown (HEIC, or no copy could be
/// made) says so in words: its bytes are kept all the same.
#[component]
pub fn StoredPhoto(
    /// The copies to show, the best first.
    show: Vec<Sha256>,
    /// Where the server shows it, for a picture that others took.
    #[prop(optional_no_strip)]
    remote: Option<String>,
    /// What is on it.
    #[prop(into)]
    alt: String,
    /// What stands below it.
    #[prop(into, optional)]
    caption: String,
    /// For tests.
    #[prop(into, optional)]
    testid: String,
) -> impl IntoView {
    let app = App::here();
    let address = RwSignal::new(None::<String>);
    if let Some(store) = app.store() {
        spawn_local(async move {
            let online = app.status.with_untracked(|s| s.link == LinkState::Up);
            for (place, sha256) in show.into_iter().enumerate() {
                // A smaller copy is for where the server cannot show the larger one.
                if place > 0 && online && remote.is_some() {
                    break;
                }
                if let Ok(Some(bytes)) = store.whole_photo(sha256).await {
                    address.try_set(object_url(&bytes));
                    return;
                }
            }
            address.try_set(remote);
        });
    }
    on_cleanup(move || {
        if let Some(Some(url)) = address.try_get_untracked() {
            let _ = Url::revoke_object_url(&url);
        }
    });
    let picture = move || match address.get() {
        Some(url) => view! { <img src=url alt=alt.clone() /> }.into_any(),
        None => view! { <span class="photo-blank">{t(Key::PhotoNoPreview)}</span> }.into_any(),
    };
    view! {
        <figure class="photo-tile" data-testid=testid>
            {picture}
            {(!caption.is_empty()).then(|| view! { <figcaption>{caption}</figcaption> })}
        </figure>
    }
}

fn object_url(bytes: &[u8]) -> Option<String> {
    let parts = js_sys::Array::of1(&js_sys::Uint8Array::from(bytes));
    let kind = BlobPropertyBag::new();
    kind.set_type("image/jpeg");
    let blob = Blob::new_with_u8_array_sequence_and_options(&parts, &kind).ok()?;
    Url::create_object_url_with_blob(&blob).ok()
}
