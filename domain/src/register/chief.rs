use super::Division;
use crate::words::open_words;

open_words! {
    /// 四级河长: the level of a chief.
    ChiefLevel {
        /// 市级: a prefecture-level city.
        City = "city",
        /// 县级: a county, district, county-level city or a zone beside them.
        County = "county",
        /// 乡级: a town, township or street.
        Township = "township",
        /// 村级: a village or community.
        Village = "village",
    }
}

impl ChiefLevel {
    /// The level as printed, always with the division's name: 运城市级, 永济市级（县级）.
    /// A bare 市级 would not say whether 运城市 or 永济市 is meant.
    pub fn print(&self, division: &Division) -> String {
        let name = division.short_name();
        let (plain, rank) = match self {
            Self::City => ("市", "市级"),
            Self::County => ("县", "县级"),
            Self::Township => ("乡", "乡级"),
            Self::Village => ("村", "村级"),
            Self::Other(word) => return format!("{name}（{word}）"),
        };
        if name.ends_with(plain) {
            format!("{name}级")
        } else {
            format!("{name}级（{rank}）")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::register::DivisionLevel;

    #[test]
    fn a_level_is_never_ambiguous() {
        for (level, name, printed) in [
            (ChiefLevel::City, "运城市", "运城市级"),
            (ChiefLevel::County, "永济市", "永济市级（县级）"),
            (ChiefLevel::County, "盐湖区", "盐湖区级（县级）"),
            (ChiefLevel::County, "临猗县", "临猗县级"),
            (ChiefLevel::Township, "开张镇", "开张镇级（乡级）"),
            (ChiefLevel::Township, "席张乡", "席张乡级"),
            (ChiefLevel::Village, "小张村委会", "小张村级"),
            (ChiefLevel::Village, "康乐社区居委会", "康乐社区级（村级）"),
            (ChiefLevel::Other("组".into()), "小张村委会", "小张村（组）"),
        ] {
            let division = Division {
                id: "x".parse().unwrap(),
                parent: None,
                name: name.into(),
                level: DivisionLevel::County,
                codes: vec![],
                ordinal: 0,
            };
            assert_eq!(level.print(&division), printed);
        }
    }
}
