use super::{Division, DivisionId, DivisionPath};
use std::collections::{BTreeMap, BTreeSet};

/// The divisions as a tree (or several), built from a list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DivisionTree {
    nodes: BTreeMap<DivisionId, Node>,
    roots: Vec<DivisionId>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Node {
    division: Division,
    path: DivisionPath,
    children: Vec<DivisionId>,
}

/// Why a list of divisions is no tree.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TreeError {
    /// Two divisions with one id.
    #[error("two divisions have the id {0}")]
    Duplicate(DivisionId),
    /// A parent that is not in the list.
    #[error("division {id} hangs under {parent}, which does not exist")]
    UnknownParent {
        /// The division.
        id: DivisionId,
        /// What it names as parent.
        parent: DivisionId,
    },
    /// Climbing from it never reaches a root.
    #[error("division {0} lies on a cycle")]
    Cycle(DivisionId),
}

impl DivisionTree {
    /// Builds the tree, or names everything that is wrong.
    pub fn build(divisions: Vec<Division>) -> Result<Self, Vec<TreeError>> {
        let mut errors = Vec::new();
        let mut by_id: BTreeMap<DivisionId, Division> = BTreeMap::new();
        for division in divisions {
            if by_id.contains_key(&division.id) {
                errors.push(TreeError::Duplicate(division.id));
            } else {
                by_id.insert(division.id.clone(), division);
            }
        }
        let mut below: BTreeMap<Option<DivisionId>, Vec<DivisionId>> = BTreeMap::new();
        for (id, division) in &by_id {
            if let Some(parent) = division.parent.as_ref().filter(|p| !by_id.contains_key(p)) {
                errors.push(TreeError::UnknownParent {
                    id: id.clone(),
                    parent: parent.clone(),
                });
            }
            below
                .entry(division.parent.clone())
                .or_default()
                .push(id.clone());
        }
        for siblings in below.values_mut() {
            siblings.sort_by_key(|id| (by_id[id].ordinal, id.clone()));
        }
        errors.extend(cycles(&by_id));
        if !errors.is_empty() {
            return Err(errors);
        }

        let roots = below.remove(&None).unwrap_or_default();
        let mut nodes = BTreeMap::new();
        let mut todo: Vec<(DivisionId, DivisionPath)> = roots
            .iter()
            .map(|id| (id.clone(), DivisionPath::root(id)))
            .collect();
        while let Some((id, path)) = todo.pop() {
            let children = below.remove(&Some(id.clone())).unwrap_or_default();
            todo.extend(
                children
                    .iter()
                    .map(|child| (child.clone(), path.child(child))),
            );
            if let Some(division) = by_id.remove(&id) {
                let node = Node {
                    division,
                    path,
                    children,
                };
                nodes.insert(id, node);
            }
        }
        Ok(Self { nodes, roots })
    }

    /// The division, if it exists.
    pub fn get(&self, id: &DivisionId) -> Option<&Division> {
        self.nodes.get(id).map(|n| &n.division)
    }

    /// Its materialised path.
    pub fn path(&self, id: &DivisionId) -> Option<&DivisionPath> {
        self.nodes.get(id).map(|n| &n.path)
    }

    /// Divisions directly below, in their order; none for an unknown id.
    pub fn children(&self, id: &DivisionId) -> impl Iterator<Item = &Division> {
        let ids = self.nodes.get(id).map_or(&[][..], |n| &n.children);
        ids.iter().filter_map(|id| self.get(id))
    }

    /// The roots, in their order.
    pub fn roots(&self) -> impl Iterator<Item = &Division> {
        self.roots.iter().filter_map(|id| self.get(id))
    }

    /// The division and everything above it, nearest first; none for an unknown id.
    pub fn lineage(&self, id: &DivisionId) -> impl Iterator<Item = &Division> {
        std::iter::successors(self.get(id), |d| self.get(d.parent.as_ref()?))
    }

    /// The division and everything below it, each before its children; none for an unknown id.
    pub fn subtree(&self, id: &DivisionId) -> Vec<&Division> {
        let mut found = Vec::new();
        let mut todo: Vec<&Division> = self.get(id).into_iter().collect();
        while let Some(division) = todo.pop() {
            found.push(division);
            let mut children: Vec<_> = self.children(&division.id).collect();
            children.reverse();
            todo.extend(children);
        }
        found
    }

    /// Whether `id` is `ancestor` or lies below it; `false` if either is unknown.
    pub fn is_within(&self, id: &DivisionId, ancestor: &DivisionId) -> bool {
        match (self.path(id), self.path(ancestor)) {
            (Some(path), Some(ancestor)) => path.is_within(ancestor),
            _ => false,
        }
    }

    /// All divisions, by id.
    pub fn iter(&self) -> impl Iterator<Item = &Division> {
        self.nodes.values().map(|n| &n.division)
    }

    /// The shard whose feed carries records of this division: its county-level node, which is
    /// the topmost node below the cities. A zone beside counties is one; a city or province keeps
    /// its own records.
    pub fn shard_of(&self, id: &DivisionId) -> Option<&DivisionId> {
        let mut lineage: Vec<&Division> = self.lineage(id).collect();
        lineage.reverse();
        let county = lineage.iter().find(|d| !d.level.is_above_county());
        county.or(lineage.last()).map(|d| &d.id)
    }
}

/// Every division from which climbing comes back to where it has been.
fn cycles(by_id: &BTreeMap<DivisionId, Division>) -> Vec<TreeError> {
    let mut grounded: BTreeSet<&DivisionId> = BTreeSet::new();
    let mut lost: BTreeSet<&DivisionId> = BTreeSet::new();
    for start in by_id.keys() {
        let mut trail = Vec::new();
        let mut here = Some(start);
        let cyclic = loop {
            match here {
                Some(id) if lost.contains(id) || trail.contains(&id) => break true,
                Some(id) if !grounded.contains(id) => {
                    trail.push(id);
                    here = by_id.get(id).and_then(|d| d.parent.as_ref());
                }
                _ => break false,
            }
        };
        if cyclic {
            lost.extend(trail);
        } else {
            grounded.extend(trail);
        }
    }
    lost.into_iter()
        .filter(|id| by_id.contains_key(*id))
        .map(|id| TreeError::Cycle(id.clone()))
        .collect()
}
