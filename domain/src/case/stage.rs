use crate::words::open_words;

open_words! {
    /// Where a case stands. Follows from its steps; on the wire only in lists.
    Stage {
        /// 立行立改 or still with the reporter: no case.
        OnSpot = "on_spot",
        /// 待受理
        Registered = "registered",
        /// 不予受理
        Rejected = "rejected",
        /// 待交办: accepted, or given back by the unit.
        Accepted = "accepted",
        /// 待签收
        HandedOver = "handed_over",
        /// 整改中
        InHand = "in_hand",
        /// 待复核: the unit says that it is done.
        ClosureApplied = "closure_applied",
        /// 已销号
        Closed = "closed",
        /// 已撤回
        Withdrawn = "withdrawn",
    }
}

impl Stage {
    /// Whether somebody still has to do something.
    pub const fn is_open(&self) -> bool {
        matches!(
            self,
            Self::Registered
                | Self::Accepted
                | Self::HandedOver
                | Self::InHand
                | Self::ClosureApplied
        )
    }

    /// Whether it is with units now.
    pub const fn is_with_units(&self) -> bool {
        matches!(self, Self::HandedOver | Self::InHand | Self::ClosureApplied)
    }
}
