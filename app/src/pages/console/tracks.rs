use crate::api;
use crate::atlas;
use domain::entry::BlobRole;
use domain::patrol::read_track;
use domain::wire::RecordView;
use serde_json::Value;

/// The tracks of a patrol that have arrived, as a layer of the map. A part that does not read
/// is left out: what it says is on the page beside it.
pub(super) async fn of(view: &RecordView) -> Value {
    let mut fixes = Vec::new();
    for entry in &view.entries {
        let Ok(checked) = entry.entry.clone().check_kept() else {
            continue;
        };
        let tracks = (0..).zip(&entry.blobs);
        let held =
            |b: &domain::wire::BlobView| b.blob.role == BlobRole::Track && b.held_ms.is_some();
        for (index, _) in tracks.filter(|(_, b)| held(b)) {
            let id = checked.header().entry_id;
            if let Ok(bytes) = api::picture(view.row.record_id, id, index).await {
                fixes.extend(read_track(&bytes).unwrap_or_default());
            }
        }
    }
    fixes.sort_by_key(|fix| fix.at_ms);
    if fixes.is_empty() {
        return Value::Null;
    }
    atlas::tracks(&fixes)
}
