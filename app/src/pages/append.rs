use crate::VERSION;
use crate::device::{clock, random};
use crate::model::App;
use domain::entry::{Body, Unsealed};
use domain::ids::{EntryId, RecordId};
use domain::record::Fields;
use leptos::prelude::*;

/// Adds a remark, a ruling or a step without photos to a record. It goes the same way as everything else:
/// saved in this browser's own log first, then sent by the engine, so that a broken connection
/// loses no words. `basis` is the last entry of the record that is on the screen.
pub(super) async fn append(
    app: App,
    record_id: RecordId,
    basis: Option<EntryId>,
    fields: Fields,
) -> Result<(), String> {
    let session = app.session.get_untracked().ok_or("not_signed_in")?;
    let unit = match &fields {
        Fields::Step(step) => step.unit(),
        _ => None,
    };
    let acting_post = untrack(|| app.acting_post(unit));
    let unsealed = Unsealed {
        entry_id: EntryId::new(random::draft_id().raw()),
        record_id,
        author: session.known.person.clone(),
        acting_post,
        on_behalf_of: None,
        kind: fields.kind(),
        blobs: Vec::new(),
        body: Body {
            salt: random::hex(),
            app_version: VERSION.to_owned(),
            clock: clock::facts(None),
            reach: None,
            division: None,
            place: None,
            participants: Vec::new(),
            basis,
            patrol: None,
            captures: Vec::new(),
            fields: fields.write().map_err(|_| "store_failed")?,
        },
    };
    let saved = session.store.submit(&unsealed, None, clock::wall()).await;
    session
        .runner
        .saved(saved.map_err(|e| e.code().to_owned())?);
    app.recorded.update(|n| *n += 1);
    Ok(())
}
