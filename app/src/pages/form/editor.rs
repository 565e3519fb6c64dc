use crate::device::position::Watch;
use crate::device::{Stamp, TakenIn, clock, make_copies, storage, take_in};
use crate::model::App;
use crate::settings::{self, Language};
use crate::store::{Durability, LocalStore};
use crate::ui::when;
use crate::words::{Key, decimal, fill, t, whole};
use domain::entry::{CapturedVia, Place};
use domain::record::{Draft, DraftPhoto, PhotoSide};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::rc::Rc;
use web_sys::File;

/// A draft on the screen. Every change goes to the store; nothing waits for a button.
#[derive(Clone, Copy)]
pub(super) struct Editor {
    pub(super) app: App,
    pub(super) draft: RwSignal<Draft>,
    /// The last thing that went wrong, by its code.
    pub(super) trouble: RwSignal<Option<String>>,
    /// The last thing that a person should know of a photo, by its code.
    pub(super) remark: RwSignal<Option<String>>,
    /// Photos whose bytes are being stored.
    pub(super) taking: RwSignal<u32>,
    store: StoredValue<LocalStore, LocalStorage>,
    watch: StoredValue<Option<Rc<Watch>>, LocalStorage>,
}

impl Editor {
    /// Shows a draft and begins to look for the position, which takes a while.
    pub(super) fn open(app: App, store: LocalStore, draft: Draft) -> Self {
        let editor = Self {
            app,
            draft: RwSignal::new(draft),
            trouble: RwSignal::new(None),
            remark: RwSignal::new(None),
            taking: RwSignal::new(0),
            store: StoredValue::new_local(store),
            watch: StoredValue::new_local(None),
        };
        let watch = Watch::begin(move || editor.refresh_place());
        editor.watch.set_value(Some(Rc::new(watch)));
        editor
    }

    /// Stops looking for the position.
    pub(super) fn close(self) {
        let _ = self.watch.try_update_value(Option::take);
    }

    /// Changes the draft and keeps it.
    pub(super) fn change(self, change: impl FnOnce(&mut Draft)) {
        self.draft.update(change);
        self.keep(Durability::Relaxed);
    }

    /// Keeps the draft as it is now. Strict before the camera opens: a phone short of memory
    /// kills the page behind it.
    pub(super) fn keep(self, durability: Durability) {
        let (draft, store) = (self.draft.get_untracked(), self.store());
        spawn_local(async move {
            if let Err(error) = store.save_draft(&draft, clock::wall(), durability).await {
                let _ = self.trouble.try_set(Some(error.code().to_owned()));
            }
        });
    }

    pub(super) fn store(self) -> LocalStore {
        self.store.get_value()
    }

    /// The position of this moment into the draft; words that were chosen stay.
    pub(super) fn refresh_place(self) {
        let Some(Some(watch)) = self.watch.try_get_value() else {
            return;
        };
        let _ = self.draft.try_update(|draft| {
            let words = draft.place.words.take();
            draft.place = Place {
                words,
                ..watch.place()
            };
        });
    }

    /// Takes a photo in: original bytes first, then copies; then the draft, strictly.
    pub(super) async fn take(self, file: File, side: PhotoSide, via: CapturedVia) {
        self.taking.update(|n| *n += 1);
        self.trouble.set(None);
        self.remark.set(None);
        // The promise not to evict is asked for with the first thing worth keeping.
        let _ = storage::persist().await;
        clock::mark("photo-in-hand");
        match take_in(&self.store(), &file).await {
            Ok(taken) => {
                clock::measure("photo-stored", "photo-in-hand");
                self.add(&file, taken, side, via).await;
            }
            Err(error) => {
                let _ = self.trouble.try_set(Some(error.code().to_owned()));
            }
        }
        let _ = self.taking.try_update(|n| *n -= 1);
    }

    async fn add(self, file: &File, taken: TakenIn, side: PhotoSide, via: CapturedVia) {
        self.refresh_place();
        let fix = self.draft.with_untracked(|d| d.place.fix.clone());
        let photo = DraftPhoto {
            sha256: taken.photo.sha256,
            size: taken.photo.size,
            mime: taken.mime.to_owned(),
            side,
            captured_via: via,
            wall_ms: clock::wall(),
            fix,
            derived: Vec::new(),
        };
        let sha256 = photo.sha256;
        let stamp = self.stamp();
        // The evidence is in the draft before any copy is tried.
        self.draft.update(|d| d.photos.push(photo));
        self.keep(Durability::Strict);
        let copies = make_copies(&self.store(), file, &stamp).await;
        let warning = taken.warning.map(|w| w.code().to_owned());
        let _ = self.remark.try_set(warning);
        let _ = self.draft.try_update(|d| {
            let mine = d.photos.iter_mut().rev().find(|p| p.sha256 == sha256);
            if let Some(photo) = mine {
                photo.derived = copies;
            }
        });
        self.keep(Durability::Strict);
    }

    /// What is burned into the marked copy.
    fn stamp(self) -> Stamp {
        let draft = self.draft.get_untracked();
        let known = self
            .app
            .session
            .with_untracked(|s| s.as_ref().map(|s| s.known.name.clone()));
        let post = self.app.registers.with_untracked(|r| {
            let posts = r.iter().flat_map(|r| &r.posts);
            posts
                .clone()
                .find(|p| Some(&p.id) == draft.acting_post.as_ref())
                .map(|p| p.name.clone())
        });
        let place = match &draft.place.fix {
            Some(fix) => fill(
                Key::StampPlace,
                &[
                    ("lat", &decimal(fix.lat, 6)),
                    ("lon", &decimal(fix.lon, 6)),
                    ("m", &whole(fix.accuracy_m)),
                ],
            ),
            None => t(Key::StampNoPlace).to_owned(),
        };
        let best = clock::facts(draft.place.fix.as_ref().map(|f| f.at_ms)).best();
        let reach = draft.reach.as_ref().map(|id| self.app.reach_name(id));
        let who = [known, post]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" · ");
        let mark = if settings::language() == Language::English {
            "Xunhe"
        } else {
            "巡河"
        };
        let first = format!("{mark} {}", when::exact(best));
        let lines = [Some(first), Some(place), Some(who), reach];
        Stamp {
            lines: lines
                .into_iter()
                .flatten()
                .filter(|l| !l.is_empty())
                .collect(),
        }
    }
}
