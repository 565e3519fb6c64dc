use crate::words::open_words;

open_words! {
    /// What became of it on the spot.
    Outcome {
        /// 当场处理完: in the ledger as 立行立改, no case.
        FixedOnSpot = "fixed_on_spot",
        /// 待整改后照片: the after-photo follows as a version.
        ToFollow = "to_follow",
        /// 处理不了，上报: opens a case.
        HandedUp = "handed_up",
    }
}
