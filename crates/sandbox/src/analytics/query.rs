//! What an analytics query asks for: data items, periods and org units, each as a
//! dimension (told apart in the answer) or as a filter (added up).

use chrono::NaiveDate;

use super::{refuse, relative};
use crate::answer::Answer;
use crate::context::CurrentUser;
use crate::request::Request;
use crate::state::Snapshot;
use crate::values::{Catalogue, Period};

/// One data item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// A data element with all of its option combos.
    Element(String),
    /// A data element and one of its option combos.
    Operand(String, String),
    /// An indicator.
    Indicator(String),
}

impl Item {
    /// As it is written in `dx`.
    pub fn id(&self) -> String {
        match self {
            Self::Element(uid) | Self::Indicator(uid) => uid.clone(),
            Self::Operand(element, combo) => format!("{element}.{combo}"),
        }
    }
}

/// What is added up and not told apart.
#[derive(Clone, Debug, Default)]
pub struct Filters {
    /// Periods of `filter=pe:…`.
    pub periods: Option<Vec<Period>>,
    /// Org units of `filter=ou:…`.
    pub org_units: Option<Vec<String>>,
}

/// A query.
#[derive(Clone, Debug)]
pub struct Query {
    /// The data items.
    pub items: Vec<Item>,
    /// The periods, be they a dimension or a filter.
    pub periods: Option<Vec<Period>>,
    /// The org units that the answer tells apart.
    pub org_units: Option<Vec<String>>,
    /// What is a filter.
    pub filters: Filters,
}

impl Query {
    /// Reads `dimension` and `filter`. A dimension without any item that exists is
    /// refused ("unknown dx").
    pub fn parse(
        request: &Request,
        user: &CurrentUser,
        metadata: &Snapshot,
        catalogue: &Catalogue,
        today: NaiveDate,
    ) -> Result<Self, Answer> {
        let mut query = Self {
            items: Vec::new(),
            periods: None,
            org_units: None,
            filters: Filters::default(),
        };
        let dimensions = request.parameters("dimension").map(|d| (d, false));
        let filters = request.parameters("filter").map(|d| (d, true));
        let mut any = false;
        for (text, is_filter) in dimensions.chain(filters) {
            let (name, items) = text.split_once(':').unwrap_or((text, ""));
            let items: Vec<&str> = items.split(';').filter(|i| !i.is_empty()).collect();
            any |= !is_filter;
            let found = match name {
                "dx" => {
                    query
                        .items
                        .extend(items.iter().filter_map(|i| item(metadata, catalogue, i)));
                    !query.items.is_empty()
                }
                "pe" => {
                    let periods: Vec<Period> =
                        items.iter().flat_map(|i| periods(i, today)).collect();
                    let found = !periods.is_empty();
                    if is_filter {
                        query.filters.periods = Some(periods.clone());
                    }
                    query.periods = Some(periods);
                    found
                }
                "ou" => {
                    let units = org_units(&items, user, metadata, catalogue);
                    let found = !units.is_empty();
                    if is_filter {
                        query.filters.org_units = Some(units);
                    } else {
                        query.org_units = Some(units);
                    }
                    found
                }
                // The option combos of data elements are always told apart.
                "co" => true,
                other => {
                    let message =
                        format!("Dimension identifier does not reference any dimension: `{other}`");
                    return Err(refuse("E7125", &message));
                }
            };
            if !found {
                let message = format!(
                    "Dimension is present in query without any valid dimension options: `{name}`"
                );
                return Err(refuse("E7124", &message));
            }
        }
        if !any {
            return Err(refuse("E7101", "At least one dimension must be specified"));
        }
        if query.items.is_empty() {
            let message = "At least one data dimension item or data element group set dimension item must be specified";
            return Err(refuse("E7102", message));
        }
        Ok(query)
    }

    /// All org units, be they a dimension or a filter.
    pub fn org_units(&self) -> impl Iterator<Item = &str> {
        let all = self.org_units.iter().chain(&self.filters.org_units);
        all.flatten().map(String::as_str)
    }
}

fn item(metadata: &Snapshot, catalogue: &Catalogue, text: &str) -> Option<Item> {
    let mut parts = text.split('.');
    let uid = parts.next()?;
    let indicators = metadata.collections.get("indicators");
    match (catalogue.data_element(uid), parts.next()) {
        (Some(_), None | Some("*")) => Some(Item::Element(uid.to_owned())),
        (Some(_), Some(combo)) => {
            catalogue.option_combo(combo)?;
            Some(Item::Operand(uid.to_owned(), combo.to_owned()))
        }
        (None, None) => {
            indicators?.get(uid)?;
            Some(Item::Indicator(uid.to_owned()))
        }
        (None, Some(_)) => None,
    }
}

fn periods(text: &str, today: NaiveDate) -> Vec<Period> {
    Period::parse(text).map_or_else(|| relative::periods(text, today), |period| vec![period])
}

/// Org units by uid, group, level and by what is the user's own. A level stands for
/// what lies at it below the units that are named beside it ("level").
fn org_units(
    items: &[&str],
    user: &CurrentUser,
    metadata: &Snapshot,
    catalogue: &Catalogue,
) -> Vec<String> {
    let tree = catalogue.org_units();
    let mut named: Vec<String> = Vec::new();
    let mut levels = Vec::new();
    let mut groups = Vec::new();
    let below = |units: &[String]| -> Vec<String> {
        let children = units
            .iter()
            .filter_map(|unit| metadata.index.places.get(unit));
        children.flat_map(|place| place.children.clone()).collect()
    };
    for item in items {
        if let Some(level) = item.strip_prefix("LEVEL-") {
            levels.push(level.parse::<usize>().ok().or_else(|| {
                let object = metadata
                    .collections
                    .get("organisationUnitLevels")?
                    .get(level)?;
                usize::try_from(object["level"].as_u64()?).ok()
            }));
        } else if let Some(group) = item.strip_prefix("OU_GROUP-") {
            groups.push(group);
        } else {
            let own = &user.organisation_units;
            match *item {
                "USER_ORGUNIT" => named.extend(own.clone()),
                "USER_ORGUNIT_CHILDREN" => named.extend(below(own)),
                "USER_ORGUNIT_GRANDCHILDREN" => named.extend(below(&below(own))),
                uid if tree.get(uid).is_some() => named.push(uid.to_owned()),
                _ => {}
            }
        }
    }
    let members: Vec<String> = groups
        .iter()
        .filter_map(|g| metadata.collections.get("organisationUnitGroups")?.get(*g))
        .filter_map(|g| g["organisationUnits"].as_array())
        .flatten()
        .filter_map(|u| u["id"].as_str().map(str::to_owned))
        .collect();
    let mut found = named;
    if !levels.is_empty() || !groups.is_empty() {
        let roots = if found.is_empty() {
            metadata.index.roots()
        } else {
            found
        };
        let inside = |uid: &str| roots.iter().any(|root| tree.is_within(uid, root));
        found = tree
            .all()
            .iter()
            .filter(|unit| inside(&unit.uid))
            .filter(|unit| {
                (levels.is_empty() || levels.contains(&Some(unit.level)))
                    && (groups.is_empty() || members.contains(&unit.uid))
            })
            .map(|unit| unit.uid.clone())
            .collect();
    }
    let mut seen = rustc_hash::FxHashSet::default();
    found.retain(|uid| seen.insert(uid.clone()));
    found
}
