use crate::device::clock;
use crate::model::App;
use crate::store::Durability;
use crate::way::Way;
use domain::record::Draft;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Begins to record: the draft is in the store before its screen opens.
pub(super) fn begin(app: App, way: Way, draft: Draft) {
    let Some(store) = app.store() else { return };
    spawn_local(async move {
        let kept = store.save_draft(&draft, clock::wall(), Durability::Relaxed);
        match kept.await {
            Ok(()) => way.go(&format!("/record/{}", draft.id)),
            Err(error) => app.trouble.set(Some(error.code().to_owned())),
        }
    });
}
