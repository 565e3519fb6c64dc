use crate::ops::terminal::Terminal;
use crate::ops::{Said, said};
use crate::store::StoreError;
use serde::Serialize;

/// Problems that are told one by one; of the rest only the number.
const FIRST: usize = 10;

/// What one check found.
#[derive(Debug, Serialize)]
pub(crate) struct Check {
    /// A stable word.
    pub(crate) name: &'static str,
    title: Said,
    looked: u64,
    /// How many things are wrong.
    pub(crate) wrong: u64,
    /// The first of them.
    pub(crate) first: Vec<Said>,
    notes: Vec<Said>,
    /// What is wrong is derived, and can be made anew.
    pub(super) mended_by_rebuild: bool,
}

impl Check {
    /// One that has found nothing yet.
    pub(super) const fn new(name: &'static str, title: Said) -> Self {
        Self {
            name,
            title,
            looked: 0,
            wrong: 0,
            first: Vec::new(),
            notes: Vec::new(),
            mended_by_rebuild: false,
        }
    }

    /// One that could not be made because rows do not read.
    pub(super) fn unreadable(name: &'static str, error: &StoreError) -> Self {
        let mut check = Self::new(name, said!("读取 {name}", "reading of {name}"));
        check.wrong(said!("读不下去：{error}", "it does not read: {error}"));
        check
    }

    /// So many more things were looked at.
    pub(super) const fn looked(&mut self, things: u64) {
        self.looked += things;
    }

    /// Something is wrong.
    pub(super) fn wrong(&mut self, said: Said) {
        self.wrong += 1;
        if self.first.len() < FIRST {
            self.first.push(said);
        }
    }

    /// Something is worth knowing and not wrong.
    pub(super) fn note(&mut self, said: Said) {
        self.notes.push(said);
    }

    pub(super) fn print(&self, terminal: &Terminal) {
        let Said { zh, en } = &self.title;
        let (looked, wrong) = (self.looked, self.wrong);
        terminal.say(&if wrong == 0 {
            said!("✓ {zh}  {looked}", "✓ {en}  {looked}")
        } else {
            said!(
                "✗ {zh}  {looked}，{wrong} 处不对",
                "✗ {en}  {looked}, {wrong} wrong"
            )
        });
        for said in self.first.iter().chain(&self.notes) {
            let Said { zh, en } = said;
            terminal.say(&said!("    {zh}", "    {en}"));
        }
        let more = wrong.saturating_sub(self.first.len() as u64);
        if more > 0 {
            terminal.say(&said!("    另有 {more} 处", "    and {more} more"));
        }
    }
}
