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
    /// Resolves children, the data sets' elements, and drops what is unknown.
    pub fn of(context: &ValueContext<'r>, request: &'r Request) -> Self {
        let units = context.catalogue.org_units();
        let mut seen = FxHashSet::default();
        let asked = request.org_units.iter().flat_map(|uid| {
            let below = units.with_descendants(uid);
            let wanted = if request.children {
                below.len()
            } else {
                below.len().min(1)
            };
            &below[..wanted]
        });
        let org_units = asked
            .map(|unit| unit.uid.as_str())
            .filter(|uid| seen.insert(*uid))
            .collect();
        let of_sets = request
            .data_sets
            .iter()
            .filter_map(|uid| context.catalogue.data_set(uid));
        let data_elements = of_sets
            .flat_map(|set| set.elements.keys())
            .chain(&request.data_elements)
            .map(String::as_str)
            .collect();
        Self {
            request,
            org_units,
            data_elements,
        }
    }

    /// Visits the values, at most as many as the limit says. 2.43 limits the values
    /// as ordered by key, the versions before it as they lie ("limit 2").
    pub fn visit(&self, context: &ValueContext<'_>, mut visitor: impl FnMut(RowView<'_>)) {
        let limit = self.request.limit.unwrap_or(usize::MAX);
        if context.version < ServerVersion::V43 || limit == usize::MAX {
            return self.visit_as_they_lie(context, limit, visitor);
        }
        let mut keys = Vec::new();
        self.visit_as_they_lie(context, usize::MAX, |row| keys.push(key(&row)));
        keys.sort_unstable();
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

/// The key by which values are ordered.
fn key(row: &RowView<'_>) -> [String; 5] {
    [
        row.period(),
        row.org_unit(),
        row.data_element(),
        row.category_option_combo(),
        row.attribute_option_combo(),
    ]
    .map(str::to_owned)
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
            org_unit: request.single_org_unit().filter(|_| !request.children),
            attribute_option_combo: request.single_attribute_option_combo(),
        }
    }
}
