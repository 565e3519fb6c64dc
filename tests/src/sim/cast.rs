//! Persons of the demonstration that a history is played with, and where each may report.

use crate::phone::Place;

/// One person.
#[derive(Debug, Clone, Copy)]
pub(super) struct Role {
    /// Account and person.
    pub(super) name: &'static str,
    /// The duties.
    pub(super) places: &'static [Place],
    /// Every reach of the posts: whose records come to the phone.
    pub(super) reaches: &'static [&'static str],
    /// The unit in whose name the person works on cases.
    pub(super) unit: Option<&'static str>,
    /// Whether the person decides on cases.
    pub(super) desk: bool,
}

const fn place(post: &'static str, reach: &'static str, division: &'static str) -> Place {
    Place {
        post,
        reach,
        division,
    }
}

/// The unit that cases are handed to.
pub(super) const UNIT: &str = "slj-yongji";

/// Two inspectors who share a water on the boundary of two counties, the desk that deals with
/// what they find, the unit's handler, and an inspector of the same county with other waters.
pub(super) const ROLES: [Role; 5] = [
    Role {
        name: "wgy2-yongji",
        places: &[
            place("yongji-wgy2", "yxq-qingtou", "yongji-101"),
            place("yongji-wgy2", "yxq-jiaojie", "yongji-101"),
        ],
        reaches: &["yxq-qingtou", "yxq-jiaojie"],
        unit: None,
        desk: false,
    },
    Role {
        name: "wgy2-yanhu",
        places: &[
            place("yanhu-wgy2", "yxq-daqu", "yanhu-007"),
            place("yanhu-wgy2", "yxq-jiaojie", "yanhu"),
        ],
        reaches: &["yxq-daqu", "yxq-jiaojie"],
        unit: None,
        desk: false,
    },
    Role {
        name: "hzb-yongji",
        places: &[],
        reaches: &[],
        unit: Some("hzb-yongji"),
        desk: true,
    },
    Role {
        name: "zrr-yongji",
        places: &[],
        reaches: &[],
        unit: Some(UNIT),
        desk: false,
    },
    Role {
        name: "wgy-yongji",
        places: &[
            place("yongji-wgy1", "ssh-chengbei", "yongji-002"),
            place("yongji-wgy1", "ssh-sushui", "yongji-002-002"),
        ],
        reaches: &["ssh-chengbei", "ssh-sushui", "wxh-dongwuxing"],
        unit: None,
        desk: false,
    },
];
