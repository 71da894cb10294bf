//! The units of a tree and which of them are to be seen. Pure.

use crate::widgets::fold;
use std::collections::{BTreeSet, HashMap};

/// A unit, as it is given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TreeUnit {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The id of the unit above; empty, or one that is not there, makes it a root.
    pub parent: String,
}

/// All units, in the order in which an open tree shows them.
#[derive(Clone, Debug, Default)]
pub struct UnitTree {
    nodes: Vec<Node>,
}

#[derive(Clone, Debug)]
struct Node {
    unit: TreeUnit,
    folded: String,
    parent: Option<usize>,
    /// How far below its root, which has 1.
    level: usize,
    /// The first node after everything below this one.
    end: usize,
    /// Its place among its siblings, from 1, and how many they are.
    place: (usize, usize),
}

/// A row of the tree on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TreeRow {
    /// Which node.
    pub node: usize,
    /// Whether it is open; nothing for a node with nothing below it.
    pub open: Option<bool>,
}

impl UnitTree {
    /// Builds the tree; siblings stand by name.
    pub fn new(units: Vec<TreeUnit>) -> Self {
        let known: HashMap<&str, usize> = units
            .iter()
            .enumerate()
            .map(|(at, unit)| (unit.id.as_str(), at))
            .collect();
        let mut roots = Vec::new();
        let mut below = vec![Vec::new(); units.len()];
        for (at, unit) in units.iter().enumerate() {
            match known
                .get(unit.parent.as_str())
                .filter(|parent| **parent != at)
            {
                Some(parent) => below
                    .get_mut(*parent)
                    .map_or((), |children| children.push(at)),
                None => roots.push(at),
            }
        }
        let folded: Vec<String> = units.iter().map(|unit| fold(&unit.name)).collect();
        let by_name = |list: &mut Vec<usize>| {
            list.sort_by(|one, other| folded.get(*one).cmp(&folded.get(*other)));
        };
        by_name(&mut roots);
        below.iter_mut().for_each(by_name);
        let mut tree = Self {
            nodes: Vec::with_capacity(units.len()),
        };
        for (place, root) in roots.iter().enumerate() {
            tree.add(
                &units,
                &folded,
                &below,
                *root,
                None,
                (place + 1, roots.len()),
            );
        }
        tree
    }

    fn add(
        &mut self,
        units: &[TreeUnit],
        folded: &[String],
        below: &[Vec<usize>],
        at: usize,
        parent: Option<usize>,
        place: (usize, usize),
    ) {
        let (Some(unit), Some(folded_name), Some(children)) =
            (units.get(at), folded.get(at), below.get(at))
        else {
            return;
        };
        let node = self.nodes.len();
        let level = parent
            .and_then(|parent| self.nodes.get(parent))
            .map_or(1, |parent| parent.level + 1);
        self.nodes.push(Node {
            unit: unit.clone(),
            folded: folded_name.clone(),
            parent,
            level,
            end: node + 1,
            place,
        });
        for (index, child) in children.iter().enumerate() {
            self.add(
                units,
                folded,
                below,
                *child,
                Some(node),
                (index + 1, children.len()),
            );
        }
        let end = self.nodes.len();
        if let Some(node) = self.nodes.get_mut(node) {
            node.end = end;
        }
    }

    /// How many units there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The unit of a node.
    pub fn unit(&self, node: usize) -> Option<&TreeUnit> {
        self.nodes.get(node).map(|node| &node.unit)
    }

    /// The node of a unit.
    pub fn find(&self, id: &str) -> Option<usize> {
        self.nodes.iter().position(|node| node.unit.id == id)
    }

    /// The node above.
    pub fn parent(&self, node: usize) -> Option<usize> {
        self.nodes.get(node)?.parent
    }

    /// How far below the root, which has 1.
    pub fn level(&self, node: usize) -> usize {
        self.nodes.get(node).map_or(1, |node| node.level)
    }

    /// The place among the siblings, from 1, and how many they are.
    pub fn place(&self, node: usize) -> (usize, usize) {
        self.nodes.get(node).map_or((1, 1), |node| node.place)
    }

    /// The first node after everything below this one; what is below is `node + 1..end(node)`.
    pub fn end(&self, node: usize) -> usize {
        self.nodes.get(node).map_or(node + 1, |found| found.end)
    }

    /// Whether anything is below.
    pub fn has_children(&self, node: usize) -> bool {
        self.end(node) > node + 1
    }

    /// The nodes directly below.
    pub fn children(&self, node: usize) -> Vec<usize> {
        let mut children = Vec::new();
        let mut at = node + 1;
        while at < self.end(node) {
            children.push(at);
            at = self.end(at);
        }
        children
    }

    /// The nodes that have nothing above them.
    pub fn roots(&self) -> Vec<usize> {
        let mut roots = Vec::new();
        let mut at = 0;
        while at < self.len() {
            roots.push(at);
            at = self.end(at);
        }
        roots
    }

    /// The rows to be seen when these nodes are open. With a search only what matches and what
    /// is above it is there, all of it open.
    pub fn rows(&self, open: &BTreeSet<usize>, search: &str) -> Vec<TreeRow> {
        let wanted = fold(search);
        if !wanted.is_empty() {
            return self.matching_rows(&wanted);
        }
        let mut rows = Vec::new();
        let mut at = 0;
        while at < self.len() {
            let is_open = self.has_children(at).then(|| open.contains(&at));
            rows.push(TreeRow {
                node: at,
                open: is_open,
            });
            at = if is_open == Some(true) {
                at + 1
            } else {
                self.end(at)
            };
        }
        rows
    }

    /// Whether a node's own name matches a search.
    pub fn matches(&self, node: usize, search: &str) -> bool {
        let wanted = fold(search);
        !wanted.is_empty()
            && self
                .nodes
                .get(node)
                .is_some_and(|node| node.folded.contains(&wanted))
    }

    fn matching_rows(&self, wanted: &str) -> Vec<TreeRow> {
        let mut shown = BTreeSet::new();
        for (at, node) in self.nodes.iter().enumerate() {
            let mut next = node.folded.contains(wanted).then_some(at);
            while let Some(found) = next {
                // Whatever is above a shown node is shown already.
                next = if shown.insert(found) {
                    self.parent(found)
                } else {
                    None
                };
            }
        }
        let is_open = |node: usize| shown.range(node + 1..self.end(node)).next().is_some();
        shown
            .iter()
            .map(|node| TreeRow {
                node: *node,
                open: is_open(*node).then_some(true),
            })
            .collect()
    }
}
