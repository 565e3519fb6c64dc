use crate::model::App;
use crate::store::RecordEntries;
use domain::ids::EntryId;
use domain::register::{DivisionId, PersonId};
use domain::wire::RecordView;
use leptos::prelude::*;
use std::collections::BTreeMap;

/// What people call things in a case. Phone and desk know it from different places.
#[derive(Clone)]
pub(in crate::pages) struct Names {
    /// Of units.
    pub(in crate::pages) unit: fn(&str) -> String,
    /// Of divisions.
    pub(in crate::pages) division: fn(&DivisionId) -> String,
    persons: BTreeMap<PersonId, String>,
    posts: BTreeMap<EntryId, String>,
}

impl Names {
    /// From what this phone holds of a record.
    pub(in crate::pages) fn on_phone(app: App, record: &RecordEntries) -> Self {
        let me = app
            .session
            .with_untracked(|s| s.as_ref().map(|s| s.known.clone()));
        let mut names = Self {
            unit: |id| App::here().unit_name(id),
            division: |id| App::here().division_name(id),
            persons: me.into_iter().map(|k| (k.person, k.name)).collect(),
            posts: BTreeMap::new(),
        };
        for entry in &record.entries {
            let header = entry.entry.header();
            // Of one's own post the phone knows the name before anything was sent.
            let own = header.acting_post.as_ref();
            let own = own.and_then(|p| untrack(|| app.post_name(p)));
            let told = entry.feed.as_ref();
            let post = told.and_then(|f| f.post_name.clone()).or(own);
            names.posts.extend(post.map(|post| (header.entry_id, post)));
            if let Some(feed) = told {
                let author = feed.author_name.clone();
                names
                    .persons
                    .extend(author.map(|name| (header.author.clone(), name)));
                names.persons.extend(feed.names.clone());
            }
        }
        names
    }

    /// From what the server said of a record to a desk.
    pub(in crate::pages) fn at_desk(
        view: &RecordView,
        unit: fn(&str) -> String,
        division: fn(&DivisionId) -> String,
    ) -> Self {
        let mut names = Self {
            unit,
            division,
            persons: BTreeMap::new(),
            posts: BTreeMap::new(),
        };
        for entry in &view.entries {
            names.persons.extend(entry.names.clone());
            if let Ok(checked) = entry.entry.clone().check_kept() {
                let header = checked.header();
                let author = (header.author.clone(), entry.author_name.clone());
                names.persons.extend([author]);
                let post = entry.post_name.clone();
                names.posts.extend(post.map(|post| (header.entry_id, post)));
            }
        }
        names
    }

    /// A person's name; the id of one whom nobody named.
    pub(in crate::pages) fn person(&self, id: &PersonId) -> String {
        let known = self.persons.get(id).cloned();
        known.unwrap_or_else(|| id.to_string())
    }

    /// Who made an entry, and under which post: 任建平 · 柴家镇人民政府责任人.
    pub(in crate::pages) fn author(&self, person: &PersonId, entry: EntryId) -> String {
        let name = self.person(person);
        match self.posts.get(&entry) {
            Some(post) => format!("{name} · {post}"),
            None => name,
        }
    }
}
