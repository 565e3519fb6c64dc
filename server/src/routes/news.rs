use crate::app::Shared;
use crate::auth::TokenHash;
use crate::clock;
use crate::http::{Caller, Failure};
use crate::news::Tidings;
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use domain::access::{Object, Scope};
use futures_util::Stream;
use futures_util::stream::unfold;
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::watch;

/// How often it is looked whether the listener is still signed in, and how often a quiet line
/// says that it lives (proxies cut one off after 30 to 60 s).
const EVERY: Duration = Duration::from_secs(15);

/// Says `news` whenever something may have changed that the caller sees. The stream ends with
/// the session and with the server; a listener comes back by itself.
#[utoipa::path(get, path = "/news", tag = "desk",
    responses((status = 200, description = "text/event-stream of `news` events without content")))]
pub(super) async fn news(
    caller: Caller,
    State(app): State<Shared>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Failure> {
    caller.may(&Object::Nothing)?;
    let listener = Listener {
        heard: app.news.listen(),
        known: None,
        token: caller.signed_in()?.token,
        scope: Scope::of(&caller.actor),
        app,
    };
    let stream = unfold(listener, |mut listener| async move {
        let event = listener.next().await?;
        Some((Ok(event), listener))
    });
    Ok(Sse::new(stream).keep_alive(KeepAlive::new().interval(EVERY)))
}

struct Listener {
    heard: watch::Receiver<Tidings>,
    /// What was known at the last news; nothing before the first.
    known: Option<Tidings>,
    token: TokenHash,
    scope: Scope,
    app: Shared,
}

impl Listener {
    /// Waits for what concerns the listener. The first is there at once: whatever happened
    /// before the line stood is asked for then.
    async fn next(&mut self) -> Option<Event> {
        loop {
            let new = self.heard.borrow_and_update().clone();
            if new.over || !self.is_signed_in().await {
                return None;
            }
            let concerns = self.known.as_ref().is_none_or(|k| self.concerns(k, &new));
            self.known = Some(new);
            if concerns {
                return Some(Event::default().event("news").data("1"));
            }
            tokio::select! {
                changed = self.heard.changed() => changed.ok()?,
                () = tokio::time::sleep(EVERY) => {}
            }
        }
    }

    fn concerns(&self, known: &Tidings, new: &Tidings) -> bool {
        let registers = self.app.registry.current();
        let tree = registers.tree();
        let seen = |shard| tree.path(shard).is_none_or(|p| self.scope.touches(p));
        new.photos != known.photos
            || new
                .shards
                .iter()
                .any(|(shard, seq)| known.shards.get(shard) != Some(seq) && seen(shard))
    }

    async fn is_signed_in(&self) -> bool {
        match self.app.store.session(&self.token).await {
            Ok(session) => session.is_some_and(|s| !s.is_over(clock::now())),
            Err(error) => {
                tracing::error!(%error, "a listener's session could not be read; it is let go");
                false
            }
        }
    }
}
