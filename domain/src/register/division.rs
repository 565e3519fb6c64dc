use super::{Day, DivisionId};
use crate::words::open_words;
use serde::{Deserialize, Serialize};

/// 区划: a node of the operator's own tree. **\[wire\]**
///
/// Official codes are attributes: 运城开发区 is a peer of counties although its statistical code
/// lies under 盐湖区, and a re-coded county keeps its id, its records and its people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Division {
    /// Its id; never changes.
    pub id: DivisionId,
    /// Where it hangs; absent for a root.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<DivisionId>,
    /// Official name: 永济市, 小张村委会.
    pub name: String,
    /// What it is.
    pub level: DivisionLevel,
    /// Official codes, with the time in which each was valid.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub codes: Vec<OfficialCode>,
    /// Place among its siblings.
    #[serde(default)]
    pub ordinal: u32,
}

impl Division {
    /// The name as people say it: 小张村 for 小张村委会, 康乐社区 for 康乐社区居委会.
    pub fn short_name(&self) -> &str {
        let name = self.name.as_str();
        let village = name.strip_suffix("委会").filter(|n| n.ends_with('村'));
        let committee = ["村民委员会", "居民委员会", "居委会"];
        let said = match village {
            // 曲渠村村委会 is 曲渠村, not 曲渠村村.
            Some(n) => n
                .strip_suffix('村')
                .filter(|n| n.ends_with('村'))
                .unwrap_or(n),
            None => committee
                .iter()
                .find_map(|c| name.strip_suffix(c))
                .unwrap_or(name),
        };
        if said.is_empty() || said == "村" {
            name
        } else {
            said
        }
    }
}

open_words! {
    /// What a division is.
    DivisionLevel {
        /// 省
        Province = "province",
        /// 地级市
        City = "city",
        /// 县, 区, 县级市
        County = "county",
        /// 乡, 镇, 街道
        Township = "township",
        /// 村, 社区
        Village = "village",
        /// 开发区, 高新区: ranks as what it hangs beside.
        Zone = "zone",
    }
}

impl DivisionLevel {
    /// Whether records of this level are kept in a shard above the counties.
    pub const fn is_above_county(&self) -> bool {
        matches!(self, Self::Province | Self::City)
    }
}

/// An official code and when it was valid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfficialCode {
    /// Whose code.
    pub scheme: CodeScheme,
    /// The digits as published.
    pub code: String,
    /// First day; unknown if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<Day>,
    /// Last day; still valid if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<Day>,
}

open_words! {
    /// Whose code a code is.
    CodeScheme {
        /// GB/T 2260, six digits, down to the county.
        Gb2260 = "gb2260",
        /// 统计用区划代码 of the bureau of statistics, without trailing zeros.
        Nbs = "nbs",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn villages_are_called_as_people_call_them() {
        for (official, said) in [
            ("小张村委会", "小张村"),
            ("康乐社区居委会", "康乐社区"),
            ("曲渠村村委会", "曲渠村"),
            ("涑水社区居民委员会", "涑水社区"),
            ("村委会", "村委会"),
            ("居委会", "居委会"),
            ("卿头镇", "卿头镇"),
        ] {
            let division = Division {
                id: "x".parse().unwrap(),
                parent: None,
                name: official.into(),
                level: DivisionLevel::Village,
                codes: vec![],
                ordinal: 0,
            };
            assert_eq!(division.short_name(), said);
        }
    }
}
