use crate::words::open_words;

open_words! {
    /// What a step does to its case. The server's word travels with the entry and is never
    /// computed again by a client. **\[wire\]**
    Verdict {
        /// It takes effect.
        Applied = "applied",
        /// It takes effect and came after its time; somebody sees it.
        Late = "late",
        /// What its author knew has not arrived yet; judged when it does.
        Waiting = "waiting",
        /// Its author did not know what had happened meanwhile: kept, shown, without effect.
        Stale = "stale",
    }
}

impl Verdict {
    /// Whether the step takes effect. A word from a newer server takes none here: its state
    /// comes with what else that server says.
    pub const fn counts(&self) -> bool {
        matches!(self, Self::Applied | Self::Late)
    }
}
