//! The kept values that a request asks for.

use rustc_hash::{FxHashMap, FxHashSet};

use super::request::Request;
use crate::context::ValueContext;
use crate::values::period::Period;
use crate::values::store::RowView;
use crate::version::ServerVersion;

/// What to visit.
pub(super) struct Selection<'r> {
    request: &'r Request,
    org_units: Vec<&'r str>,
    data_elements: FxHashSet<&'r str>,
}

impl<'r> Selection<'r> {
    /// Resolves children, groups, the data sets' elements, and drops what is unknown.
    pub fn of(context: &ValueContext<'r>, request: &'r Request) -> Self {
        Self {
            request,
            org_units: org_units(context, request),
            data_elements: data_elements(context, request),
        }
    }

    /// Visits the values, at most as many as the limit says. 2.43 limits the values
    /// as ordered by key, the versions before it as they lie ("limit 2").
    pub fn visit(&self, context: &ValueContext<'_>, mut visitor: impl FnMut(RowView<'_>)) {
        let limit = self.request.limit.unwrap_or(usize::MAX);
        let offset = self.request.offset;
        if context.version < ServerVersion::V43 || (limit == usize::MAX && offset == 0) {
            return self.visit_as_they_lie(context, limit, visitor);
        }
        let mut keys = Vec::new();
        self.visit_as_they_lie(context, usize::MAX, |row| keys.push(key(&row)));
        keys.sort_unstable();
        keys.drain(..offset.min(keys.len()));
        keys.truncate(limit);
        self.visit_as_they_lie(context, usize::MAX, |row| {
            if keys.binary_search(&key(&row)).is_ok() {
                visitor(row);
            }
        });
    }

    fn visit_as_they_lie(
        &self,
        context: &ValueContext<'_>,
        limit: usize,
        mut visitor: impl FnMut(RowView<'_>),
    ) {
        let request = self.request;
        let mut left = limit;
        let mut readable = FxHashMap::default();
        let by_name: FxHashSet<&str> = request.periods.iter().map(|p| p.iso.as_str()).collect();
        let wanted_period = |period: &str| match request.dates {
            _ if !by_name.is_empty() => by_name.contains(period),
            Some((start, end)) => {
                Period::parse(period).is_some_and(|p| start <= p.start && p.end <= end)
            }
            None => true,
        };
        context
            .store
            .visit(self.org_units.iter().copied(), wanted_period, |row| {
                if left == 0 {
                    return false;
                }
                if self.wants(context, &row, &mut readable) {
                    left -= 1;
                    visitor(row);
                }
                true
            });
    }

    fn wants(
        &self,
        context: &ValueContext<'_>,
        row: &RowView<'_>,
        readable: &mut FxHashMap<String, bool>,
    ) -> bool {
        let request = self.request;
        let combo = row.attribute_option_combo();
        self.data_elements.contains(row.data_element())
            && (request.include_deleted || !row.deleted())
            && request
                .updated_since
                .is_none_or(|since| since <= row.last_updated())
            && (request.category_option_combos.is_empty()
                || request
                    .category_option_combos
                    .iter()
                    .any(|c| c == row.category_option_combo()))
            && (request.attribute_option_combos.is_empty()
                || request.attribute_option_combos.iter().any(|c| c == combo))
            && match readable.get(combo) {
                Some(&may) => may,
                None => {
                    let may = context.catalogue.may_read_options(context.user, combo);
                    *readable.entry(combo.to_owned()).or_insert(may)
                }
            }
    }
}

/// The org units: those named with all below them if so wanted, and those of groups. From
/// 2.43 a group gives others than superusers only what is their own org unit exactly.
fn org_units<'r>(context: &ValueContext<'r>, request: &'r Request) -> Vec<&'r str> {
    let units = context.catalogue.org_units();
    let named = request.org_units.iter().flat_map(|uid| {
        let below = units.with_descendants(uid);
        let wanted = if request.children {
            below.len()
        } else {
            below.len().min(1)
        };
        &below[..wanted]
    });
    let limited = context.version >= ServerVersion::V43 && !context.user.is_superuser();
    let of_groups = request
        .org_unit_groups
        .iter()
        .filter_map(|uid| context.catalogue.org_unit_group(uid))
        .flatten()
        .filter(|uid| !limited || context.user.organisation_units.contains(uid))
        .filter_map(|uid| units.get(uid));
    let mut seen = FxHashSet::default();
    named
        .chain(of_groups)
        .filter(|unit| request.level.is_none_or(|level| unit.level == level))
        .map(|unit| unit.uid.as_str())
        .filter(|uid| seen.insert(*uid))
        .collect()
}

/// The data elements: of the sets, of the groups, and those named; up to 2.42 where
/// groups are named they alone count.
fn data_elements<'r>(context: &ValueContext<'r>, request: &'r Request) -> FxHashSet<&'r str> {
    let catalogue = context.catalogue;
    let of_groups = request
        .data_element_groups
        .iter()
        .filter_map(|uid| catalogue.data_element_group(uid))
        .flatten()
        .map(String::as_str);
    if context.version < ServerVersion::V43 && !request.data_element_groups.is_empty() {
        return of_groups.collect();
    }
    let is_seen = |uid: &&String| {
        context.version >= ServerVersion::V43
            || catalogue
                .data_set(uid)
                .is_some_and(|set| set.sharing.may_read_metadata(context.user))
    };
    let of_sets = request
        .data_sets
        .iter()
        .filter(is_seen)
        .filter_map(|uid| catalogue.data_set(uid));
    of_sets
        .flat_map(|set| set.elements.keys())
        .chain(&request.data_elements)
        .map(String::as_str)
        .chain(of_groups)
        .collect()
}

/// The key by which 2.43 orders values: period, time of creation, data element; then
/// what tells the rest apart.
fn key(row: &RowView<'_>) -> impl Ord + use<> {
    let period = Period::parse(row.period());
    let rest = [
        row.data_element(),
        row.org_unit(),
        row.category_option_combo(),
        row.attribute_option_combo(),
    ];
    (
        period.map(|p| (p.start, p.end)),
        row.created(),
        rest.map(str::to_owned),
    )
}

/// What 2.43 takes out of the values and writes once: the period, org unit and
/// attribute option combo, if exactly one of it is asked for.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Hoisted<'r> {
    pub period: Option<&'r Period>,
    pub org_unit: Option<&'r str>,
    pub attribute_option_combo: Option<&'r str>,
}

impl<'r> Hoisted<'r> {
    /// Nothing before 2.43; no org unit when those below it are asked for too.
    pub fn of(version: ServerVersion, request: &'r Request) -> Self {
        if version < ServerVersion::V43 {
            return Self::default();
        }
        Self {
            period: request.single_period(),
            org_unit: request
                .single_org_unit()
                .filter(|_| !request.children && request.org_unit_groups.is_empty()),
            attribute_option_combo: request.single_attribute_option_combo(),
        }
    }
}
