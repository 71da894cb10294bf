//! The org-unit tree, numbered so that "lies below" is a comparison and "all
//! below" a slice.

use chrono::NaiveDate;
use rustc_hash::FxHashMap;

use super::objects::AttributeValues;
use crate::context::CurrentUser;

/// An org unit.
#[derive(Debug)]
pub struct OrgUnit {
    /// Uid.
    pub uid: String,
    /// Code, if any.
    pub code: Option<String>,
    /// Name.
    pub name: String,
    /// Uid of the parent; none at the root.
    pub parent: Option<String>,
    /// First day on which it works.
    pub opening: Option<NaiveDate>,
    /// Last day on which it works, if it has closed.
    pub closed: Option<NaiveDate>,
    /// 1 at the root.
    pub level: usize,
    /// Uids from the root down to itself, as DHIS2's `path` without the slashes.
    pub path: Vec<String>,
    pub(super) attributes: AttributeValues,
    /// One past the position of the last unit below it.
    end: usize,
}

/// All org units, each before those below it.
#[derive(Debug, Default)]
pub struct OrgUnitTree {
    units: Vec<OrgUnit>,
    positions: FxHashMap<String, usize>,
}

/// An org unit before the tree is known.
#[derive(Debug)]
pub(super) struct LooseOrgUnit {
    pub(super) uid: String,
    pub(super) code: Option<String>,
    pub(super) name: String,
    pub(super) parent: Option<String>,
    pub(super) opening: Option<NaiveDate>,
    pub(super) closed: Option<NaiveDate>,
    pub(super) attributes: AttributeValues,
}

impl OrgUnitTree {
    /// Builds the tree; units whose parent is unknown become roots.
    pub(super) fn build(loose: Vec<LooseOrgUnit>) -> Self {
        let mut known: FxHashMap<String, LooseOrgUnit> = FxHashMap::default();
        let order: Vec<(String, Option<String>)> = loose
            .iter()
            .map(|u| (u.uid.clone(), u.parent.clone()))
            .collect();
        known.extend(loose.into_iter().map(|u| (u.uid.clone(), u)));
        let mut children: FxHashMap<Option<String>, Vec<String>> = FxHashMap::default();
        for (uid, parent) in order {
            children
                .entry(parent.filter(|p| known.contains_key(p)))
                .or_default()
                .push(uid);
        }
        let mut tree = Self::default();
        let mut path = Vec::new();
        tree.add_below(None, &mut path, &children, &mut known);
        tree
    }

    fn add_below(
        &mut self,
        parent: Option<&str>,
        path: &mut Vec<String>,
        children: &FxHashMap<Option<String>, Vec<String>>,
        known: &mut FxHashMap<String, LooseOrgUnit>,
    ) {
        for uid in children
            .get(&parent.map(str::to_owned))
            .into_iter()
            .flatten()
        {
            let Some(unit) = known.remove(uid) else {
                continue;
            };
            path.push(unit.uid.clone());
            let at = self.units.len();
            self.positions.insert(unit.uid.clone(), at);
            self.units.push(OrgUnit {
                uid: unit.uid,
                code: unit.code,
                name: unit.name,
                parent: unit.parent,
                opening: unit.opening,
                closed: unit.closed,
                level: path.len(),
                path: path.clone(),
                attributes: unit.attributes,
                end: at,
            });
            self.add_below(Some(uid), path, children, known);
            self.units[at].end = self.units.len();
            path.pop();
        }
    }

    /// The org unit of this uid.
    pub fn get(&self, uid: &str) -> Option<&OrgUnit> {
        self.units.get(*self.positions.get(uid)?)
    }

    /// All org units, each before those below it.
    pub fn all(&self) -> &[OrgUnit] {
        &self.units
    }

    /// The org unit and all below it.
    pub fn with_descendants(&self, uid: &str) -> &[OrgUnit] {
        self.positions
            .get(uid)
            .map_or(&[], |&at| &self.units[at..self.units[at].end])
    }

    /// Whether an org unit is the other or lies below it.
    pub fn is_within(&self, uid: &str, ancestor: &str) -> bool {
        match (self.positions.get(uid), self.positions.get(ancestor)) {
            (Some(&at), Some(&above)) => above <= at && at < self.units[above].end,
            _ => false,
        }
    }

    /// Whether the user may enter data there.
    pub fn may_enter(&self, user: &CurrentUser, uid: &str) -> bool {
        user.organisation_units
            .iter()
            .any(|own| self.is_within(uid, own))
    }

    /// Whether the user may see data of there: within the data-view org units,
    /// or, for a user without any, within the own org units.
    pub fn may_view(&self, user: &CurrentUser, uid: &str) -> bool {
        let view = match user.data_view_organisation_units.as_slice() {
            [] => &user.organisation_units,
            view => view,
        };
        view.iter().any(|own| self.is_within(uid, own))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree() -> OrgUnitTree {
        let unit = |uid: &str, parent: Option<&str>| LooseOrgUnit {
            uid: uid.into(),
            code: None,
            name: uid.into(),
            parent: parent.map(Into::into),
            opening: None,
            closed: None,
            attributes: AttributeValues::default(),
        };
        // Children may come before their parents.
        OrgUnitTree::build(vec![
            unit("facility", Some("district")),
            unit("root", None),
            unit("district", Some("root")),
            unit("other", Some("root")),
        ])
    }

    #[test]
    fn paths_and_levels_follow_from_the_parents() {
        let tree = tree();
        let facility = tree.get("facility").unwrap();
        assert_eq!(
            (facility.level, facility.path.join("/")),
            (3, "root/district/facility".into())
        );
    }

    #[test]
    fn below_is_below() {
        let tree = tree();
        assert!(tree.is_within("facility", "root") && tree.is_within("root", "root"));
        assert!(!tree.is_within("other", "district") && !tree.is_within("nowhere", "nowhere"));
        let below: Vec<_> = tree
            .with_descendants("district")
            .iter()
            .map(|u| u.uid.as_str())
            .collect();
        assert_eq!(below, ["district", "facility"]);
    }
}
