use super::pen::{id_of, record_of};
use super::{Client, Pen, TestServer};
use domain::case::{Case, Step, Told};
use domain::entry::{CheckedEntry, Entry};
use domain::ids::{EntryId, RecordId};
use domain::record::Record;
use domain::wire::{EntryStatus, PullAnswer, RecordView};

/// Somebody with a session and a log.
pub(crate) struct Person {
    pub(crate) client: Client,
    pub(crate) pen: Pen,
}

impl Person {
    pub(crate) async fn arrives(server: &TestServer, account: &str) -> Self {
        Self {
            client: server.client(account).await,
            pen: Pen::new(account).on("fh-chaijia"),
        }
    }

    pub(crate) fn report(&mut self) -> Entry {
        self.pen.handed_up()
    }

    pub(crate) fn step(&mut self, case: RecordId, basis: EntryId, step: &Step) -> Entry {
        self.pen.basis = Some(basis);
        self.pen.step(case, step)
    }

    pub(crate) async fn sends(&self, entry: &Entry) -> EntryStatus {
        self.client.push(&[entry]).await.results[0].status
    }

    /// Sends steps, each of which knows the one before, after the entry `basis`.
    pub(crate) async fn takes(
        &mut self,
        case: RecordId,
        basis: EntryId,
        steps: &[Step],
    ) -> EntryId {
        let mut basis = basis;
        for step in steps {
            let entry = self.step(case, basis, step);
            assert_eq!(self.sends(&entry).await, EntryStatus::Accepted);
            basis = id_of(&entry);
        }
        basis
    }

    /// What the person's phone gets from its beginning.
    pub(crate) async fn pulls(&self) -> PullAnswer {
        self.client.get("/api/v1/sync/pull").await.json()
    }

    /// Whether it holds an entry.
    pub(crate) async fn hears_of(&self, entry: &Entry) -> bool {
        let rows = self.pulls().await.rows;
        rows.iter().any(|r| r.entry.as_ref() == Some(entry))
    }

    pub(crate) async fn sees(&self, case: RecordId) -> RecordView {
        self.client
            .get(&format!("/api/v1/records/{case}"))
            .await
            .json()
    }

    /// Whether a record is visible at all.
    pub(crate) async fn may_see(&self, entry: &Entry) -> bool {
        let path = format!("/api/v1/records/{}", record_of(entry));
        self.client.get(&path).await.status == 200
    }
}

/// The record and its case as a desk folds them.
pub(crate) fn folded(view: &RecordView) -> (Record, Case) {
    let counts = view.entries.iter().filter(|e| e.quarantine.is_none());
    let counts: Vec<_> = counts.collect();
    let checked: Vec<CheckedEntry> = counts
        .iter()
        .map(|e| e.entry.clone().check().unwrap())
        .collect();
    let told = checked.iter().zip(counts).map(|(entry, e)| Told {
        entry,
        verdict: e.verdict.as_ref(),
        received: Some(e.received_ms),
    });
    domain::case::fold(view.row.record_id, told).unwrap()
}
