//! What can be chosen for an import: periods by the exchange's rule, org units that the
//! person may capture data for and that something is mapped to. And what stands in the
//! way, before the person has chosen anything.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use futures_util::join;
use indexmap::IndexSet;
use tributary_dhis2::metadata::OrgUnitScope;
use tributary_dhis2::system::SystemInfo;
use tributary_dhis2::{Client, Transport};
use tributary_engine::catalogue::{Catalogue, DataSet, UserRights};
use tributary_engine::period::calendar::{self, CalendarRefusal};
use tributary_engine::period::{self, Period, PeriodType};

use crate::problem::{Problem, ProblemSide};
use crate::question::Stage;
use crate::questions::exchanges::{OrgUnitNode, PeriodRule};
use crate::questions::import::{ImportChoices, PeriodChoice, PrepareImport};
use crate::questions::mapping::MappingPart;
use crate::service::catalogue::{self, Wanted};
use crate::service::mapping::{self, Choices};
use crate::service::{Service, Tell, exchanges, names, session, store};
use crate::stored::connection::StoredConnection;
use crate::stored::exchange::StoredExchange;
use crate::stored::{connection_key, exchange_key};

/// How many periods that are over are offered of each type.
const PERIODS_OFFERED: u32 = 24;

/// An exchange with all that its run needs to know.
#[derive(Debug)]
pub(in crate::service) struct Prepared {
    pub(super) exchange: StoredExchange,
    pub(super) connection: StoredConnection,
    pub(super) choices: Choices,
    /// The destination, as far as the exchange's data sets reach.
    pub(super) destination: Catalogue,
    /// The source, likewise, without org units.
    pub(super) source: Catalogue,
    pub(super) rights: UserRights,
    pub(super) today: NaiveDate,
    /// The source's names of those of its org units that share one here with others. Of all
    /// others the name here is told.
    pub(super) met_units: HashMap<String, String>,
    /// Source and destination data sets that are there and fit.
    pub(super) pairs: Vec<(String, String)>,
}

/// Answers [`PrepareImport`].
pub(in crate::service) async fn prepare<T: Transport + Clone>(
    service: &Service<T>,
    question: PrepareImport,
    tell: Tell<'_>,
) -> Result<ImportChoices, Problem> {
    let place = session::refresh(service).await?;
    let own = service.own().await?;
    let exchange: StoredExchange = store::load(&own, &exchange_key(&question.exchange)).await?;
    let connection: StoredConnection =
        store::load(&own, &connection_key(&exchange.connection)).await?;
    let keys = store::listing(&own).await?.mapping_keys;
    let choices = mapping::load(&own, &connection.id, &keys).await?.choices;
    let set_pairs: Vec<(String, String)> = exchange
        .data_sets
        .iter()
        .filter_map(|set| {
            let target = choices.part(MappingPart::DataSets).get(set)?.as_ref()?;
            Some((set.clone(), target.clone()))
        })
        .collect();
    let source_sets: Vec<String> = set_pairs.iter().map(|(source, _)| source.clone()).collect();
    let target_sets: Vec<String> = set_pairs.iter().map(|(_, target)| target.clone()).collect();
    let through = service.source(&connection.route).await?;
    let (destination, source) = join!(
        catalogue::read(
            &own,
            Wanted {
                data_sets: Some(&target_sets),
                org_units: Some(OrgUnitScope::Mine),
                assignments: true,
                lock_exceptions: !place.me.has_authority("F_EDIT_EXPIRED"),
                stage: Stage::DestinationMetadata,
            },
            tell,
        ),
        async {
            check_calendar(&place.system, &through).await?;
            let wanted = Wanted {
                data_sets: Some(&source_sets),
                org_units: None,
                assignments: false,
                lock_exceptions: false,
                stage: Stage::SourceMetadata,
            };
            let source = catalogue::read(&through, wanted, tell).await?;
            let met = mapping::org_units_that_meet(&choices);
            Ok::<_, Problem>((source, met_names(&through, &met).await))
        },
    );
    let (source, met_units) = source?;
    let me = &place.me;
    let mut prepared = Prepared {
        rights: UserRights {
            superuser: me.has_authority("ALL"),
            may_add_values: me.may_write_values(),
            may_edit_expired: me.has_authority("F_EDIT_EXPIRED"),
            capture_roots: me
                .organisation_units
                .iter()
                .map(|unit| unit.id.clone())
                .collect(),
        },
        today: place.today()?,
        exchange,
        connection,
        choices,
        destination: destination?,
        source,
        met_units,
        pairs: Vec::new(),
    };
    let mut obstacles = check_pairs(&mut prepared, set_pairs);
    if !prepared.rights.may_add_values {
        obstacles.push(Problem::of(
            ProblemSide::Destination,
            "noAuthorityToAddValues",
        ));
    }
    let org_units = tree(&prepared);
    if me.organisation_units.is_empty() {
        obstacles.push(Problem::of(ProblemSide::Destination, "noCaptureOrgUnits"));
    } else if org_units.is_empty() {
        obstacles.push(Problem::of(ProblemSide::Mapping, "noMappedOrgUnits"));
    }
    let sets = || {
        prepared
            .pairs
            .iter()
            .filter_map(|(_, set)| prepared.destination.data_sets.get(set))
    };
    let choices = ImportChoices {
        exchange_name: prepared.exchange.name.clone(),
        source_name: source_name(&prepared.connection),
        data_sets: sets().map(|set| set.name.clone()).collect(),
        periods: periods(
            sets(),
            &exchanges::rule(&prepared.exchange.period_rule),
            prepared.today,
        ),
        org_units,
        obstacles,
    };
    *service.prepared.borrow_mut() = Some(prepared);
    Ok(choices)
}

/// Nothing is brought in from a source with another calendar: its periods have other days
/// under the same ids. The destination's own calendar was looked at when the session began.
async fn check_calendar<T: Transport>(
    ours: &SystemInfo,
    source: &Client<T>,
) -> Result<(), Problem> {
    let theirs = source.system_info().await?.calendar;
    calendar::agree(&ours.calendar, &theirs).map_err(|refusal| match refusal {
        CalendarRefusal::Destination => {
            Problem::of(ProblemSide::Destination, "otherCalendar").with_message(&ours.calendar)
        }
        CalendarRefusal::Source => {
            Problem::of(ProblemSide::Source, "otherCalendar").with_message(theirs)
        }
    })
}

/// The names of org units of the source. They only help to tell the parts of a value apart: where
/// they cannot be read, the uids have to do.
async fn met_names<T: Transport>(source: &Client<T>, units: &[String]) -> HashMap<String, String> {
    if units.is_empty() {
        return HashMap::new();
    }
    let found = source.org_unit_names(units).await.unwrap_or_default();
    let named = found.into_iter().map(|unit| {
        let name = names::shown(&unit.display_name, &unit.name);
        (unit.id, name)
    });
    named.collect()
}

/// How people know the source: as its administrators call it, else by the connection.
pub(super) fn source_name(connection: &StoredConnection) -> String {
    let name = &connection.source_name;
    if name.is_empty() {
        connection.name.clone()
    } else {
        name.clone()
    }
}

/// Keeps the pairs of data sets that can be run, and says what is wrong with the others.
fn check_pairs(prepared: &mut Prepared, pairs: Vec<(String, String)>) -> Vec<Problem> {
    let mut obstacles = Vec::new();
    if pairs.len() < prepared.exchange.data_sets.len() {
        obstacles.push(Problem::of(ProblemSide::Mapping, "dataSetNotMapped"));
    }
    for (source, target) in pairs {
        let of = |side, kind, name: &str| Problem::of(side, kind).with_message(name);
        let Some(ours) = prepared.destination.data_sets.get(&target) else {
            obstacles.push(of(ProblemSide::Destination, "dataSetGone", &target));
            continue;
        };
        let Some(theirs) = prepared.source.data_sets.get(&source) else {
            obstacles.push(of(ProblemSide::Source, "dataSetGone", &ours.name));
            continue;
        };
        if theirs.period_type != ours.period_type {
            obstacles.push(of(ProblemSide::Mapping, "periodTypesDiffer", &ours.name));
            continue;
        }
        if !ours.data_write {
            obstacles.push(of(
                ProblemSide::Destination,
                "noDataWriteAccess",
                &ours.name,
            ));
        }
        prepared.pairs.push((source, target));
    }
    obstacles
}

/// The org units of the person with something mapped at or below them, parents first.
fn tree(prepared: &Prepared) -> Vec<OrgUnitNode> {
    let units = &prepared.destination.org_units;
    let scope: HashSet<&str> = prepared
        .exchange
        .org_units
        .iter()
        .map(String::as_str)
        .collect();
    let in_scope =
        |path: &str| scope.is_empty() || path.split('/').any(|step| scope.contains(step));
    let mut mapped: indexmap::IndexMap<&str, u32> = indexmap::IndexMap::new();
    let targets: HashSet<&str> = prepared
        .choices
        .part(MappingPart::OrgUnits)
        .values()
        .filter_map(|target| target.as_deref())
        .collect();
    for unit in units
        .values()
        .filter(|unit| targets.contains(unit.uid.as_str()) && in_scope(&unit.path))
    {
        for step in unit
            .path
            .split('/')
            .filter(|step| units.contains_key(*step))
        {
            *mapped.entry(step).or_default() += 1;
        }
    }
    let mut shown: Vec<_> = units
        .values()
        .filter(|unit| mapped.contains_key(unit.uid.as_str()))
        .collect();
    shown.sort_by(|a, b| a.level.cmp(&b.level).then_with(|| a.name.cmp(&b.name)));
    let place: indexmap::IndexMap<&str, u32> = shown
        .iter()
        .zip(0u32..)
        .map(|(unit, place)| (unit.uid.as_str(), place))
        .collect();
    shown
        .iter()
        .map(|unit| OrgUnitNode {
            id: unit.uid.clone(),
            name: unit.name.clone(),
            parent: unit
                .parent
                .as_deref()
                .and_then(|parent| place.get(parent).copied()),
            mapped: mapped.get(unit.uid.as_str()).copied().unwrap_or(0),
        })
        .collect()
}

/// The periods on offer, newest first, for each type that the data sets have.
fn periods<'a>(
    sets: impl Iterator<Item = &'a DataSet>,
    rule: &PeriodRule,
    today: NaiveDate,
) -> Vec<PeriodChoice> {
    // How far ahead each type is open: the furthest of its data sets.
    let mut types: indexmap::IndexMap<PeriodType, u32> = indexmap::IndexMap::new();
    for set in sets {
        let ahead = types.entry(set.period_type).or_default();
        *ahead = (*ahead).max(set.open_future_periods);
    }
    let mut offered = Vec::new();
    for (kind, ahead) in types {
        let chosen: IndexSet<Period> = match rule {
            PeriodRule::Last(count) => period::last(*count, today, kind).into_iter().collect(),
            PeriodRule::ThisYear => period::this_year(today, kind).into_iter().collect(),
            PeriodRule::Chosen => IndexSet::new(),
        };
        let over = period::last(PERIODS_OFFERED, today, kind);
        let open = (0..ahead).scan(Period::containing(today, kind), |next, _| {
            let period = *next;
            *next = next.next();
            Some(period)
        });
        let mut all: Vec<Period> = over
            .into_iter()
            .chain(open)
            .chain(chosen.iter().copied())
            .collect();
        all.sort();
        all.dedup();
        offered.extend(all.into_iter().rev().map(|period| PeriodChoice {
            id: period.id(),
            period_type: kind.name().to_owned(),
            start: period.start().to_string(),
            end: period.end().to_string(),
            chosen: chosen.contains(&period),
        }));
    }
    offered
}
