//! The three quick records of the home screen: kind, photo, save.

use crate::page::Page;
use crate::photos::Photo;

/// What a report may cost, from the open form to 已存手机: kind, photo, save. The touches inside
/// the camera are the camera's own (5-experience, *On the bank*).
pub const TAPS_TO_REPORT: u32 = 3;

/// Which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quick {
    /// 垃圾清理
    Cleanup,
    /// 疑似排污
    Discharge,
    /// 其他问题
    Finding,
}

impl Quick {
    /// The three of them.
    pub const ALL: [Self; 3] = [Self::Cleanup, Self::Discharge, Self::Finding];

    /// What people call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cleanup => "垃圾清理",
            Self::Discharge => "疑似排污",
            Self::Finding => "其他问题",
        }
    }

    /// Its button on the home screen.
    pub const fn button(self) -> &'static str {
        match self {
            Self::Cleanup => "home-cleanup",
            Self::Discharge => "home-discharge",
            Self::Finding => "home-finding",
        }
    }

    const fn kind(self) -> &'static str {
        match self {
            Self::Cleanup => "kind-LJ-01",
            Self::Discharge => "kind-PW-01",
            Self::Finding => "kind-SL-03",
        }
    }

    /// Records it from the home or patrol screen with these photos. Checks what it cost: every
    /// photo after the first is one touch more.
    pub async fn record(self, page: &Page, before: &[&Photo], after: &[&Photo]) {
        page.tap(self.button()).await;
        let begun = page.taps();
        page.tap(self.kind()).await;
        for (field, photos) in [("photo-before", before), ("photo-after", after)] {
            for photo in photos {
                let tiles = page.count("photo-tile").await;
                page.choose(field, &photo.path).await;
                page.see_count("photo-tile", tiles + 1).await;
            }
        }
        page.tap("save").await;
        page.see_text("saved-confirmation", "已存手机").await;
        let more = u32::try_from(before.len() + after.len() - 1).unwrap();
        let taps = page.taps() - begun;
        assert!(taps <= TAPS_TO_REPORT + more, "{self:?} took {taps} taps");
    }
}
