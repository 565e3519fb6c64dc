//! Small settings of this phone: language, type size, light. Never records.

use crate::store::LocalStore;
use domain::ids::LogId;
use serde::{Deserialize, Serialize};
use std::cell::Cell;

/// The language of the screens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// 简体中文
    #[default]
    Chinese,
    /// English
    English,
}

/// How the screens look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Looks {
    /// 大字版: 24 px instead of 18.
    pub large: bool,
    /// 强光模式: contrast of at least 7:1, for the sun.
    pub sunlight: bool,
}

thread_local! {
    static LANGUAGE: Cell<Language> = const { Cell::new(Language::Chinese) };
}

/// The language in force.
pub fn language() -> Language {
    LANGUAGE.get()
}

/// Puts a language in force; the caller loads the page anew to show it.
pub fn set_language(language: Language) {
    LANGUAGE.set(language);
}

/// What is known of a person's store outside of it, so that one that was emptied is noticed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoreMark {
    /// Its log: a new store begins another.
    log: LogId,
    /// How many records waited when it was last seen.
    unsent: u32,
}

impl StoreMark {
    /// Of an open store.
    pub fn of(store: &LocalStore, unsent: u32) -> Self {
        Self {
            log: store.log_id(),
            unsent,
        }
    }

    /// How many records waited in the store that is gone; `None` if this is still the same.
    pub fn lost(&self, store: &LocalStore) -> Option<u32> {
        (self.log != store.log_id()).then_some(self.unsent)
    }
}

mod kept {
    use super::{Language, Looks, StoreMark, set_language};
    use domain::register::PersonId;
    use gloo_storage::{LocalStorage, Storage};

    const LANGUAGE: &str = "xunhe.language";
    const LARGE: &str = "xunhe.large";
    const SUNLIGHT: &str = "xunhe.sunlight";
    const DUTY: &str = "xunhe.duty";
    const STORE: &str = "xunhe.store";

    /// Reads the settings and applies them to the page. A browser without the small storage
    /// shows the defaults.
    pub fn apply() -> Looks {
        let english = LocalStorage::get::<String>(LANGUAGE).is_ok_and(|l| l == "en");
        set_language(if english {
            Language::English
        } else {
            Language::Chinese
        });
        let looks = Looks {
            large: LocalStorage::get(LARGE).unwrap_or_default(),
            sunlight: LocalStorage::get(SUNLIGHT).unwrap_or_default(),
        };
        show(looks);
        looks
    }

    /// Keeps and shows how the screens look.
    pub fn keep(looks: Looks) {
        // Private windows refuse: then it holds until the page closes.
        let _ = LocalStorage::set(LARGE, looks.large);
        let _ = LocalStorage::set(SUNLIGHT, looks.sunlight);
        show(looks);
    }

    /// The post and reach that a person chose last.
    pub fn duty(person: &PersonId) -> Option<String> {
        LocalStorage::get(format!("{DUTY}.{person}")).ok()
    }

    /// Keeps a person's choice of post and reach.
    pub fn keep_duty(person: &PersonId, key: &str) {
        let _ = LocalStorage::set(format!("{DUTY}.{person}"), key);
    }

    /// What was known of a person's store.
    pub fn store_mark(person: &PersonId) -> Option<StoreMark> {
        LocalStorage::get(format!("{STORE}.{person}")).ok()
    }

    /// Keeps what is known of a person's store.
    pub fn keep_store_mark(person: &PersonId, mark: &StoreMark) {
        let _ = LocalStorage::set(format!("{STORE}.{person}"), mark);
    }

    /// Keeps the language; the page must be loaded anew.
    pub fn keep_language(language: Language) {
        let word = if language == Language::English {
            "en"
        } else {
            "zh"
        };
        let _ = LocalStorage::set(LANGUAGE, word);
    }

    fn show(looks: Looks) {
        let page = web_sys::window()
            .and_then(|w| w.document())
            .and_then(|d| d.document_element());
        let Some(page) = page else { return };
        for (name, on) in [
            ("data-large", looks.large),
            ("data-sunlight", looks.sunlight),
        ] {
            let _ = if on {
                page.set_attribute(name, "")
            } else {
                page.remove_attribute(name)
            };
        }
        let lang = if super::language() == Language::English {
            "en"
        } else {
            "zh-CN"
        };
        let _ = page.set_attribute("lang", lang);
    }
}
pub use kept::{apply, duty, keep, keep_duty, keep_language, keep_store_mark, store_mark};
