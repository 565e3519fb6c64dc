//! Whether the registers fit together. Every error is named, not the first: an operator corrects
//! a whole import at once.

use super::{
    Assignment, DivisionId, DivisionTree, GrantScope, Manner, PersonId, PostId, Reach, ReachId,
    RegisterSet, SectionId, Term, TreeError, UnitId, WaterId,
};
use std::collections::BTreeSet;

/// What is wrong with a set of registers.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RegisterError {
    /// The divisions are no tree.
    #[error(transparent)]
    Tree(#[from] TreeError),
    /// Two of one register have one id or code.
    #[error("two in the register of {register} have the id {id}")]
    Duplicate {
        /// Which register.
        register: &'static str,
        /// Which id or code.
        id: String,
    },
    /// Something names what is not registered.
    #[error("{at} names the {register} {id}, which is not registered")]
    Unknown {
        /// Who names it: `reach ssh-kaizhang`.
        at: String,
        /// In which register it should be.
        register: &'static str,
        /// What it names.
        id: String,
    },
    /// A name is empty.
    #[error("{0} has no name")]
    Nameless(String),
    /// A reach touches no division: its records would enter no feed.
    #[error("reach {0} touches no division")]
    ReachNowhere(ReachId),
    /// A line has fewer than two points, or one that is not on Earth.
    #[error("the line of reach {0} is not a line on Earth")]
    BadLine(ReachId),
    /// A term ends before it begins.
    #[error("{0} ends before it begins")]
    Reversed(String),
    /// Two regular holders of one post on one day.
    #[error("{first} and {second} hold the post {post} regularly on the same day")]
    HeldTwice {
        /// The post.
        post: PostId,
        /// One of them.
        first: PersonId,
        /// The other.
        second: PersonId,
    },
    /// A chief's post without a level, or a level on another post.
    #[error("post {0} must name a level if, and only if, it is a chief's")]
    LevelMismatch(PostId),
    /// A grant that gives nothing: the role means nothing over such a scope.
    #[error("grant {0} gives nothing: its role does not fit its scope")]
    EmptyGrant(super::GrantId),
}

impl RegisterError {
    /// Stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Tree(TreeError::Duplicate(_)) | Self::Duplicate { .. } => "register_duplicate",
            Self::Tree(TreeError::UnknownParent { .. }) | Self::Unknown { .. } => {
                "register_unknown"
            }
            Self::Tree(TreeError::Cycle(_)) => "register_cycle",
            Self::Nameless(_) => "register_nameless",
            Self::ReachNowhere(_) => "register_reach_nowhere",
            Self::BadLine(_) => "register_bad_line",
            Self::Reversed(_) => "register_term_reversed",
            Self::HeldTwice { .. } => "register_post_held_twice",
            Self::LevelMismatch(_) => "register_level_mismatch",
            Self::EmptyGrant(_) => "register_empty_grant",
        }
    }
}

/// Checks everything; the tree of divisions if nothing is wrong.
pub(super) fn check(set: &RegisterSet) -> Result<DivisionTree, Vec<RegisterError>> {
    let tree = DivisionTree::build(set.divisions.clone());
    let mut known = Known::of(set);
    known.names(set);
    known.references(set);
    known.reaches(set);
    known.posts(set);
    known.terms(set);
    let mut errors = known.errors;
    match tree {
        Ok(tree) if errors.is_empty() => Ok(tree),
        Ok(_) => Err(errors),
        Err(tree) => {
            errors.splice(0..0, tree.into_iter().map(RegisterError::Tree));
            Err(errors)
        }
    }
}

/// The ids that exist, and what is wrong so far.
struct Known<'a> {
    divisions: BTreeSet<&'a DivisionId>,
    waters: BTreeSet<&'a WaterId>,
    reaches: BTreeSet<&'a ReachId>,
    sections: BTreeSet<&'a SectionId>,
    units: BTreeSet<&'a UnitId>,
    persons: BTreeSet<&'a PersonId>,
    posts: BTreeSet<&'a PostId>,
    errors: Vec<RegisterError>,
}

impl<'a> Known<'a> {
    fn of(set: &'a RegisterSet) -> Self {
        let mut errors = Vec::new();
        let e = &mut errors;
        distinct(e, "counties", set.counties.iter().map(|c| &c.division));
        distinct(e, "grants", set.grants.iter().map(|g| &g.id));
        distinct(e, "outfalls", set.outfalls.iter().map(|o| &o.id));
        distinct(e, "validity rules", set.validity.iter().map(|v| &v.id));
        distinct(e, "holiday tables", set.holidays.iter().map(|t| &t.year));
        distinct(e, "problems", set.problems.iter().map(|p| &p.code.0));
        distinct(
            e,
            "outfall types",
            set.outfall_types.iter().map(|t| &t.code),
        );
        Self {
            // Duplicates among divisions are the tree's to report.
            divisions: set.divisions.iter().map(|d| &d.id).collect(),
            waters: distinct(e, "waters", set.waters.iter().map(|w| &w.id)),
            reaches: distinct(e, "reaches", set.reaches.iter().map(|r| &r.id)),
            sections: distinct(e, "sections", set.sections.iter().map(|s| &s.id)),
            units: distinct(e, "units", set.units.iter().map(|u| &u.id)),
            persons: distinct(e, "persons", set.persons.iter().map(|p| &p.id)),
            posts: distinct(e, "posts", set.posts.iter().map(|p| &p.id)),
            errors,
        }
    }

    fn names(&mut self, set: &RegisterSet) {
        let named = (set
            .divisions
            .iter()
            .map(|d| (format!("division {}", d.id), &d.name)))
        .chain(
            set.waters
                .iter()
                .map(|w| (format!("water {}", w.id), &w.name)),
        )
        .chain(
            set.reaches
                .iter()
                .map(|r| (format!("reach {}", r.id), &r.name)),
        )
        .chain(
            set.sections
                .iter()
                .map(|s| (format!("section {}", s.id), &s.name)),
        )
        .chain(
            set.units
                .iter()
                .map(|u| (format!("unit {}", u.id), &u.name)),
        )
        .chain(
            set.persons
                .iter()
                .map(|p| (format!("person {}", p.id), &p.name)),
        )
        .chain(
            set.posts
                .iter()
                .map(|p| (format!("post {}", p.id), &p.name)),
        )
        .chain(
            set.problems
                .iter()
                .map(|p| (format!("problem {}", p.code.0), &p.name)),
        );
        let nameless = named.filter(|(_, name)| name.trim().is_empty());
        let nameless: Vec<_> = nameless
            .map(|(at, _)| RegisterError::Nameless(at))
            .collect();
        self.errors.extend(nameless);
    }

    fn references(&mut self, set: &'a RegisterSet) {
        let mut missing = Vec::new();
        for r in &set.reaches {
            let at = || format!("reach {}", r.id);
            refer(&mut missing, "water", &self.waters, [&r.water], at);
            refer(&mut missing, "division", &self.divisions, &r.divisions, at);
        }
        for s in &set.sections {
            let at = || format!("section {}", s.id);
            let divisions = s.division.iter().chain(&s.responsible);
            refer(&mut missing, "water", &self.waters, &s.water, at);
            refer(&mut missing, "division", &self.divisions, divisions, at);
        }
        for u in &set.units {
            let at = || format!("unit {}", u.id);
            refer(&mut missing, "division", &self.divisions, [&u.division], at);
        }
        for p in &set.persons {
            let at = || format!("person {}", p.id);
            refer(&mut missing, "unit", &self.units, &p.unit, at);
        }
        for p in &set.posts {
            let at = || format!("post {}", p.id);
            refer(&mut missing, "division", &self.divisions, [&p.division], at);
            refer(&mut missing, "reach", &self.reaches, &p.reaches, at);
            refer(&mut missing, "unit", &self.units, &p.unit, at);
        }
        for a in &set.assignments {
            let at = || assignment(a);
            refer(&mut missing, "post", &self.posts, [&a.post], at);
            refer(&mut missing, "person", &self.persons, [&a.person], at);
        }
        for o in &set.outfalls {
            let at = || format!("outfall {}", o.id);
            let units = o.charges.iter().map(|c| &c.unit);
            let persons = o.charges.iter().filter_map(|c| c.person.as_ref());
            refer(&mut missing, "division", &self.divisions, [&o.division], at);
            refer(&mut missing, "reach", &self.reaches, [&o.reach], at);
            refer(&mut missing, "unit", &self.units, units, at);
            refer(&mut missing, "person", &self.persons, persons, at);
        }
        for c in &set.counting {
            let at = || format!("the counting rule of {}", c.division);
            refer(&mut missing, "division", &self.divisions, [&c.division], at);
        }
        for v in &set.validity {
            let at = || format!("validity rule {}", v.id);
            refer(&mut missing, "division", &self.divisions, [&v.division], at);
        }
        for c in &set.counties {
            let at = || format!("the county {}", c.division);
            refer(&mut missing, "division", &self.divisions, [&c.division], at);
        }
        for g in &set.grants {
            let at = || format!("grant {}", g.id);
            refer(&mut missing, "person", &self.persons, [&g.person], at);
            match &g.scope {
                GrantScope::Division(id) => {
                    refer(&mut missing, "division", &self.divisions, [id], at);
                }
                GrantScope::Unit(id) => refer(&mut missing, "unit", &self.units, [id], at),
                GrantScope::Water(id) => refer(&mut missing, "water", &self.waters, [id], at),
                GrantScope::Section(id) => {
                    refer(&mut missing, "section", &self.sections, [id], at);
                }
            }
            if !g.role.fits(&g.scope) {
                missing.push(RegisterError::EmptyGrant(g.id.clone()));
            }
        }
        self.errors.append(&mut missing);
    }

    fn reaches(&mut self, set: &RegisterSet) {
        for reach in &set.reaches {
            if reach.divisions.is_empty() {
                self.errors
                    .push(RegisterError::ReachNowhere(reach.id.clone()));
            }
            if !line_is_good(reach) {
                self.errors.push(RegisterError::BadLine(reach.id.clone()));
            }
        }
    }

    fn posts(&mut self, set: &RegisterSet) {
        for post in &set.posts {
            if post.kind.is_chief() != post.level.is_some() {
                self.errors
                    .push(RegisterError::LevelMismatch(post.id.clone()));
            }
        }
        let mut regular: Vec<_> = set
            .assignments
            .iter()
            .filter(|a| a.manner == Manner::Regular)
            .collect();
        regular.sort_by_key(|a| (&a.post, a.term.from));
        for pair in regular.windows(2) {
            if let [first, second] = pair
                && first.post == second.post
                && first.term.overlaps(&second.term)
            {
                self.errors.push(RegisterError::HeldTwice {
                    post: first.post.clone(),
                    first: first.person.clone(),
                    second: second.person.clone(),
                });
            }
        }
    }

    fn terms(&mut self, set: &RegisterSet) {
        let assignments = set.assignments.iter().map(|a| (a.term, assignment(a)));
        let grants = set
            .grants
            .iter()
            .map(|g| (g.term, format!("grant {}", g.id)));
        let counting = set.counting.iter();
        let counting = counting.map(|c| (c.term, format!("the counting rule of {}", c.division)));
        let tables = set.holidays.iter().flat_map(|t| &t.off);
        let holidays = tables.map(|h| {
            let to = Some(h.to);
            (Term { from: h.from, to }, format!("the holiday {}", h.name))
        });
        for (term, at) in assignments.chain(grants).chain(counting).chain(holidays) {
            if term.is_reversed() {
                self.errors.push(RegisterError::Reversed(at));
            }
        }
    }
}

fn assignment(a: &Assignment) -> String {
    format!("the assignment of {} to {}", a.person, a.post)
}

fn line_is_good(reach: &Reach) -> bool {
    let on_earth =
        |[lon, lat]: &[f64; 2]| (-180.0..=180.0).contains(lon) && (-90.0..=90.0).contains(lat);
    reach
        .line
        .as_ref()
        .is_none_or(|l| l.coordinates.len() >= 2 && l.coordinates.iter().all(on_earth))
}

fn distinct<'a, T: Ord + ToString>(
    errors: &mut Vec<RegisterError>,
    register: &'static str,
    ids: impl Iterator<Item = &'a T>,
) -> BTreeSet<&'a T> {
    let mut known = BTreeSet::new();
    for id in ids {
        if !known.insert(id) {
            errors.push(RegisterError::Duplicate {
                register,
                id: id.to_string(),
            });
        }
    }
    known
}

fn refer<'a, T: Ord + ToString + 'a>(
    errors: &mut Vec<RegisterError>,
    register: &'static str,
    known: &BTreeSet<&T>,
    named: impl IntoIterator<Item = &'a T>,
    at: impl Fn() -> String,
) {
    for id in named {
        if !known.contains(id) {
            errors.push(RegisterError::Unknown {
                at: at(),
                register,
                id: id.to_string(),
            });
        }
    }
}
