//! Closing the parts of a track, and the end of the patrol.

use super::{Ending, Patrol, entries};
use crate::device::{clock, random};
use crate::store::{OpenFixes, Saved, StoreError};
use domain::ids::RecordId;
use domain::patrol::{PART_MS, write_track};
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;

/// How often the end of a patrol looks whether a part is still being written, milliseconds.
const LOOK_MS: u32 = 20;

/// Which parts are closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Parts {
    /// Those that can grow no more.
    Full,
    /// What is left, too: nothing comes any more.
    All,
}

impl Patrol {
    /// After a fix of this time was kept.
    pub(super) async fn close_full_parts(&self, at_ms: i64) {
        let began = self.0.part_began.get();
        let full = began.is_some_and(|began| at_ms - began >= PART_MS);
        if full && !self.0.closing.get() {
            // What cannot be written now is tried again with the next fix.
            let _ = self.close(Parts::Full).await;
        }
    }

    async fn close(&self, which: Parts) -> Result<(), StoreError> {
        self.0.closing.set(true);
        let outcome = self.write(which).await;
        self.0.closing.set(false);
        outcome
    }

    async fn write(&self, which: Parts) -> Result<(), StoreError> {
        loop {
            let open = self.0.store.open_fixes().await?;
            let due = match which {
                Parts::Full => open.is_full(),
                Parts::All => !open.fixes.is_empty(),
            };
            if !due {
                self.0.part_began.set(open.fixes.first().map(|f| f.at_ms));
                return Ok(());
            }
            self.write_part(&open.next_part()).await?;
        }
    }

    async fn write_part(&self, part: &OpenFixes) -> Result<(), StoreError> {
        let store = &self.0.store;
        let (Some(first), Some(last)) = (part.fixes.first(), part.fixes.last()) else {
            return Ok(());
        };
        let bytes = write_track(&part.fixes);
        let kept = store
            .put_photo(random::bytes(), clock::wall(), &bytes)
            .await?;
        let mut active = self.0.active.borrow().clone();
        active.parts.push(kept.sha256);
        let written = entries::part(store, &active, &part.fixes, first, last, kept)
            .map_err(|code| StoreError::BadEntry(code.to_owned()))?;
        let saved = store
            .close_part(&written, &active, part, clock::wall())
            .await?;
        *self.0.active.borrow_mut() = active;
        self.tell_engine(saved);
        Ok(())
    }

    /// 结束巡河: saved however short it was.
    pub async fn finish(&self, ending: Ending) -> Result<RecordId, String> {
        // A fix that came after the last part would belong to no patrol, or to the next one.
        self.stop();
        while self.0.closing.get() {
            TimeoutFuture::new(LOOK_MS).await;
        }
        match self.write_end(ending).await {
            Ok(saved) => {
                self.tell_engine(saved);
                self.0.app.patrol.set(None);
                Ok(self.record())
            }
            Err(error) => {
                self.walk();
                Err(error.code().to_owned())
            }
        }
    }

    async fn write_end(&self, ending: Ending) -> Result<Saved, StoreError> {
        self.close(Parts::All).await?;
        let (store, active) = (&self.0.store, self.0.active.borrow().clone());
        let written = entries::finish(store, &active, &self.walked(), ending)
            .map_err(|code| StoreError::BadEntry(code.to_owned()))?;
        store.finish_patrol(&written, clock::wall()).await
    }
}
