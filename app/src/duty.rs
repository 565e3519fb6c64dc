//! Under which post and for which reach the person at the screen works: most hold one post on one
//! reach; whoever holds several chooses, and the choice is kept until it is changed.

use domain::register::{DivisionId, PhoneRegisters, Post, PostId, Reach, ReachId, UnitId};

/// A post and one of its reaches. A post may have none: a clerk reports too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duty {
    /// The post acted under.
    pub post: PostId,
    /// Its division.
    pub division: DivisionId,
    /// The reach.
    pub reach: Option<ReachId>,
    /// What people call it.
    pub label: String,
}

impl Duty {
    fn new(post: &Post, reach: Option<&Reach>) -> Self {
        Self {
            post: post.id.clone(),
            division: post.division.clone(),
            reach: reach.map(|r| r.id.clone()),
            label: reach.map_or_else(|| post.name.clone(), |r| r.name.clone()),
        }
    }

    /// Names the choice in the settings of this phone.
    pub fn key(&self) -> String {
        let reach = self.reach.as_ref().map_or("", |r| r.as_str());
        format!("{}/{reach}", self.post)
    }
}

/// Everything that a person may choose from, in the order of the register.
pub fn duties(registers: &PhoneRegisters) -> Vec<Duty> {
    let of_post = |post: &Post| {
        let known = |id: &ReachId| registers.reaches.iter().find(|r| r.id == *id);
        let mut mine: Vec<_> = post
            .reaches
            .iter()
            .filter_map(known)
            .map(|reach| Duty::new(post, Some(reach)))
            .collect();
        if mine.is_empty() {
            mine.push(Duty::new(post, None));
        }
        mine
    };
    registers.posts.iter().flat_map(of_post).collect()
}

/// The post under which something is done in the name of a unit: one of that unit if there is
/// one, else the chosen one.
pub fn post_for(
    registers: &PhoneRegisters,
    chosen: Option<&Duty>,
    unit: Option<&UnitId>,
) -> Option<PostId> {
    let mut posts = registers.posts.iter();
    let of_unit = posts.find(|p| unit.is_some() && p.unit.as_ref() == unit);
    let of_unit = of_unit.map(|p| p.id.clone());
    of_unit.or_else(|| chosen.map(|d| d.post.clone()))
}

/// The kept choice if it is still one, else the first.
pub fn chosen(duties: Vec<Duty>, kept: Option<&str>) -> Option<Duty> {
    let place = duties.iter().position(|d| Some(d.key().as_str()) == kept);
    duties.into_iter().nth(place.unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn duty(post: &str, reach: Option<&str>) -> Duty {
        Duty {
            post: post.parse().unwrap(),
            division: "yj".parse().unwrap(),
            reach: reach.map(|r| r.parse().unwrap()),
            label: post.to_owned(),
        }
    }

    #[test]
    fn a_choice_holds_until_it_is_no_longer_offered() {
        let two = vec![duty("p1", Some("r1")), duty("p1", Some("r2"))];
        assert_eq!(chosen(two.clone(), Some("p1/r2")), Some(two[1].clone()));
        assert_eq!(chosen(two.clone(), Some("p9/r9")), Some(two[0].clone()));
        assert_eq!(chosen(two.clone(), None), Some(two[0].clone()));
        assert_eq!(chosen(Vec::new(), Some("p1/r1")), None);
    }
}
