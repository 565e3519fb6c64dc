use super::{
    Assignment, CountingRule, County, Department, Division, Grant, HolidayTable, Outfall,
    OutfallType, Person, Post, ProblemKind, Reach, Section, Unit, Water,
};
use crate::patrol::ValidityRule;
use serde::{Deserialize, Serialize};

/// All registers as plain lists: what an import reads and an export writes. Only
/// [`Registers::build`](super::Registers::build) says whether they fit together.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RegisterSet {
    /// 区划
    pub divisions: Vec<Division>,
    /// 河流/湖库
    pub waters: Vec<Water>,
    /// 河段
    pub reaches: Vec<Reach>,
    /// 断面
    pub sections: Vec<Section>,
    /// 单位
    pub units: Vec<Unit>,
    /// People.
    pub persons: Vec<Person>,
    /// 岗位
    pub posts: Vec<Post>,
    /// 任职
    pub assignments: Vec<Assignment>,
    /// Rights beyond those of posts.
    pub grants: Vec<Grant>,
    /// The problem catalogue, in the order in which it is offered.
    pub problems: Vec<ProblemKind>,
    /// 排污口
    pub outfalls: Vec<Outfall>,
    /// 有效巡河: what counts as a patrol.
    pub validity: Vec<ValidityRule>,
    /// How counties count the days of their cases.
    pub counting: Vec<CountingRule>,
    /// 放假调休, by year.
    pub holidays: Vec<HolidayTable>,
    /// Types of outfalls.
    pub outfall_types: Vec<OutfallType>,
    /// Departments with their duties for water.
    pub departments: Vec<Department>,
    /// What offices settled for their divisions.
    pub counties: Vec<County>,
}
