//! That something changed, for desks that look on. What changed they ask for themselves, with
//! their own rights.

use crate::app::Shared;
use crate::store::FeedHead;
use domain::register::DivisionId;
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::sync::{Notify, watch};

/// How often the feeds are looked at while somebody listens: other servers on the same database
/// write, too.
const LOOK: Duration = Duration::from_secs(1);
/// News of this long go together.
const TOGETHER: Duration = Duration::from_millis(200);

/// How far things are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Tidings {
    /// The last number of every shard.
    pub(crate) shards: BTreeMap<DivisionId, u64>,
    /// Grows when photos arrive; no feed says so.
    pub(crate) photos: u64,
    /// The server stops: listeners go.
    pub(crate) over: bool,
}

/// Where news are heard.
#[derive(Debug, Default)]
pub struct News {
    told: watch::Sender<Tidings>,
    stirred: Notify,
}

impl News {
    /// Something was committed here.
    pub(crate) fn stir(&self, photos: bool) {
        if photos {
            self.told.send_modify(|t| t.photos += 1);
        }
        self.stirred.notify_one();
    }

    /// Somebody signed out: listeners see for themselves whether it was they.
    pub(crate) fn look_up(&self) {
        self.told.send_modify(|_| ());
    }

    /// Waits for a commit here, or for when it is time to look again.
    async fn next(&self) {
        tokio::select! {
            () = self.stirred.notified() => tokio::time::sleep(TOGETHER).await,
            () = tokio::time::sleep(LOOK) => {}
        }
    }

    /// Hears every change from now on.
    pub(crate) fn listen(&self) -> watch::Receiver<Tidings> {
        let mut listener = self.told.subscribe();
        listener.mark_unchanged();
        // Nobody may have looked for a while.
        self.stirred.notify_one();
        listener
    }
}

/// Looks at the feeds while somebody listens, until the server stops.
pub(crate) async fn watch(app: Shared, mut stopped: watch::Receiver<bool>) {
    loop {
        let last = tokio::select! {
            _ = stopped.wait_for(|stop| *stop) => true,
            () = app.news.next() => false,
        };
        if last {
            break;
        }
        if app.news.told.receiver_count() == 0 {
            continue;
        }
        match app.store.feed_heads().await {
            Ok(heads) => tell(&app.news, heads),
            Err(error) => tracing::error!(%error, "the feeds could not be looked at for news"),
        }
    }
    app.news.told.send_modify(|t| t.over = true);
}

fn tell(news: &News, heads: Vec<FeedHead>) {
    let shards: BTreeMap<_, _> = heads.into_iter().map(|h| (h.shard, h.seq)).collect();
    news.told.send_if_modified(|t| {
        let new = t.shards != shards;
        t.shards = shards;
        new
    });
}
