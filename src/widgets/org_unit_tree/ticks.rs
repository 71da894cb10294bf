//! What is ticked in a tree. A tick on a unit stands for everything below it, too; so a few
//! ids say what thousands of ticks show. Pure.

use super::units::UnitTree;
use std::collections::BTreeSet;

/// How a unit's box looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tick {
    /// It and all below.
    On,
    /// Nothing of it.
    Off,
    /// Some of what is below.
    Mixed,
}

/// The ticked units: none of them is below another one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ticks {
    nodes: BTreeSet<usize>,
}

impl Ticks {
    /// The ticks for these unit ids; ids that are not in the tree are left out.
    pub fn of(tree: &UnitTree, ids: &[String]) -> Self {
        let mut ticks = Self::default();
        for node in ids.iter().filter_map(|id| tree.find(id)) {
            if ticks.covering(tree, node).is_none() {
                ticks.cover(tree, node);
            }
        }
        ticks
    }

    /// The ids of the ticked units; each stands for everything below it.
    pub fn ids(&self, tree: &UnitTree) -> Vec<String> {
        self.nodes
            .iter()
            .filter_map(|node| Some(tree.unit(*node)?.id.clone()))
            .collect()
    }

    /// How many units the ticks stand for.
    pub fn covered(&self, tree: &UnitTree) -> usize {
        self.nodes.iter().map(|node| tree.end(*node) - node).sum()
    }

    /// How a unit's box looks.
    pub fn state(&self, tree: &UnitTree, node: usize) -> Tick {
        if self.covering(tree, node).is_some() {
            Tick::On
        } else if self.nodes.range(node..tree.end(node)).next().is_some() {
            Tick::Mixed
        } else {
            Tick::Off
        }
    }

    /// Ticks what is not, and unticks what is ticked. Unticking a unit below a ticked one leaves
    /// all the others there ticked; when the last unit below another is ticked, that one is.
    pub fn toggle(&mut self, tree: &UnitTree, node: usize) {
        match self.covering(tree, node) {
            Some(top) => {
                self.nodes.remove(&top);
                self.cover_around(tree, top, node);
            }
            None => {
                self.cover(tree, node);
                self.join_upwards(tree, node);
            }
        }
    }

    /// The ticked unit that this one is, or is below.
    fn covering(&self, tree: &UnitTree, node: usize) -> Option<usize> {
        let mut at = Some(node);
        while let Some(candidate) = at {
            if self.nodes.contains(&candidate) {
                return Some(candidate);
            }
            at = tree.parent(candidate);
        }
        None
    }

    fn cover(&mut self, tree: &UnitTree, node: usize) {
        let end = tree.end(node);
        self.nodes.retain(|ticked| !(node..end).contains(ticked));
        self.nodes.insert(node);
    }

    /// Ticks everything below `top` except `left_out` and what is above and below it.
    fn cover_around(&mut self, tree: &UnitTree, top: usize, left_out: usize) {
        let mut at = left_out;
        while at != top {
            let Some(parent) = tree.parent(at) else {
                return;
            };
            self.nodes.extend(
                tree.children(parent)
                    .into_iter()
                    .filter(|child| *child != at),
            );
            at = parent;
        }
    }

    fn join_upwards(&mut self, tree: &UnitTree, node: usize) {
        let Some(parent) = tree.parent(node) else {
            return;
        };
        if tree
            .children(parent)
            .iter()
            .all(|child| self.nodes.contains(child))
        {
            self.cover(tree, parent);
            self.join_upwards(tree, parent);
        }
    }
}
