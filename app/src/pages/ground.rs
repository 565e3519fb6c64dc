use crate::api;
use crate::model::App;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The name under which the store keeps it.
const KEPT: &str = "map-ground";

/// What lies below everything on a map: waters and boundaries. Kept in the person's store, so
/// that a map without a network has it, too.
pub(super) fn ground() -> Signal<String> {
    let ground = RwSignal::new(String::new());
    let store = App::here().store();
    spawn_local(async move {
        let kept = match &store {
            Some(store) => store.setting::<String>(KEPT).await.ok().flatten(),
            None => None,
        };
        let kept = kept.unwrap_or_default();
        let _ = ground.try_set(kept.clone());
        // Without a network what is kept must do.
        let Ok(fresh) = api::map_ground().await else {
            return;
        };
        if fresh == kept {
            return;
        }
        if let Some(store) = store {
            // A phone without room shows it all the same.
            let _ = store.save_setting(KEPT, &fresh).await;
        }
        let _ = ground.try_set(fresh);
    });
    ground.into()
}
