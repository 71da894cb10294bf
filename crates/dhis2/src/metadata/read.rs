//! The requests for metadata. Lists come whole (`paging=false`), except org units, which
//! come in pages so that progress can be shown.

use super::model::{
    CategoryCombo, CategoryOption, DataElement, DataSet, OptionSet, OrganisationUnit,
    OrganisationUnitLevel,
};
use crate::client::{Client, Door, Reading, segment};
use crate::differences::RouteQuery;
use crate::failure::{Failure, FailureKind};
use crate::me::Named;
use crate::query::{MAX_REQUEST_LINE, Query, split_by_length};
use crate::transport::Transport;
use crate::wire::ids_of;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::HashSet;

/// How many org units a page holds: about 1 MB of JSON, a second or two on slow servers.
pub const ORG_UNIT_PAGE_SIZE: u32 = 5_000;

/// How far a reading in pages has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Objects read.
    pub done: usize,
    /// Objects in all, as the server counts them.
    pub total: usize,
}

/// Which org units to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrgUnitScope {
    /// All that there are.
    All,
    /// Those that the person enters data for, and what is below them.
    Mine,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Lists {
    pager: Option<Pager>,
    organisation_units: Option<Vec<OrganisationUnit>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Pager {
    total: usize,
    page_count: u32,
}

impl<T: Transport> Client<T> {
    /// All data sets that the person sees.
    ///
    /// # Errors
    /// Every [`Failure`].
    pub async fn data_sets(&self) -> Result<Vec<DataSet>, Failure> {
        let fields = "id,code,name,displayName,periodType,expiryDays,openFuturePeriods,\
                      openPeriodsAfterCoEndDate,\
                      categoryCombo[id],dataSetElements[dataElement[id],categoryCombo[id]],\
                      dataInputPeriods[period[id],openingDate,closingDate],workflow[id],\
                      access[data[read,write]],version";
        self.list("dataSets", fields, Query::new()).await
    }

    /// The uids of the org units that a data set is assigned to.
    ///
    /// # Errors
    /// Every [`Failure`].
    pub async fn data_set_org_units(&self, data_set: &str) -> Result<Vec<String>, Failure> {
        #[derive(Default, Deserialize)]
        #[serde(rename_all = "camelCase", default)]
        struct Assigned {
            #[serde(deserialize_with = "ids_of")]
            organisation_units: Vec<String>,
        }
        let query = Query::new().with("fields", "id,organisationUnits[id]");
        let path = format!("dataSets/{}", segment(data_set));
        let assigned: Assigned = self.get_json(&path, &query, Reading::Large).await?;
        Ok(assigned.organisation_units)
    }

    /// The data elements of the aggregate domain: all, or those of the given uids.
    ///
    /// # Errors
    /// Every [`Failure`].
    pub async fn data_elements(&self, ids: Option<&[String]>) -> Result<Vec<DataElement>, Failure> {
        let fields = "id,code,name,displayName,shortName,valueType,aggregationType,\
                      zeroIsSignificant,categoryCombo[id],optionSet[id]";
        let aggregate = Query::new().with("filter", "domainType:eq:AGGREGATE");
        self.list_of("dataElements", fields, aggregate, ids).await
    }

    /// Category combos with their combinations: all, or those of the given uids.
    ///
    /// # Errors
    /// Every [`Failure`].
    pub async fn category_combos(
        &self,
        ids: Option<&[String]>,
    ) -> Result<Vec<CategoryCombo>, Failure> {
        let fields = "id,code,name,dataDimensionType,isDefault,categories[id],\
                      categoryOptionCombos[id,code,name,displayName,categoryOptions[id]]";
        self.list_of("categoryCombos", fields, Query::new(), ids)
            .await
    }

    /// Category options with their limits: all, or those of the given uids.
    ///
    /// # Errors
    /// Every [`Failure`].
    pub async fn category_options(
        &self,
        ids: Option<&[String]>,
    ) -> Result<Vec<CategoryOption>, Failure> {
        let fields = "id,code,name,startDate,endDate,organisationUnits[id],\
                      access[data[read,write]]";
        self.list_of("categoryOptions", fields, Query::new(), ids)
            .await
    }

    /// Option sets with their choices: all, or those of the given uids.
    ///
    /// # Errors
    /// Every [`Failure`].
    pub async fn option_sets(&self, ids: Option<&[String]>) -> Result<Vec<OptionSet>, Failure> {
        let fields = "id,name,valueType,options[id,code,name]";
        self.list_of("optionSets", fields, Query::new(), ids).await
    }

    /// The levels of the org unit tree, from the root down.
    ///
    /// # Errors
    /// Every [`Failure`].
    pub async fn org_unit_levels(&self) -> Result<Vec<OrganisationUnitLevel>, Failure> {
        let mut levels: Vec<OrganisationUnitLevel> = self
            .list("organisationUnitLevels", "id,name,level", Query::new())
            .await?;
        levels.sort_by_key(|level| level.level);
        Ok(levels)
    }

    /// All user groups that the person sees.
    ///
    /// # Errors
    /// Every [`Failure`].
    pub async fn user_groups(&self) -> Result<Vec<Named>, Failure> {
        self.list("userGroups", "id,name", Query::new()).await
    }

    /// Org units, page by page; `progress` is told after each page. Where the tree changes
    /// meanwhile (pages shift, and a unit would be missing or stand twice) all is read once
    /// more.
    ///
    /// # Errors
    /// Every [`Failure`]; [`FailureKind::WrongContent`] when the server gives fewer than it
    /// counted, or when the tree changed again.
    pub async fn org_units(
        &self,
        scope: OrgUnitScope,
        mut progress: impl FnMut(Progress),
    ) -> Result<Vec<OrganisationUnit>, Failure> {
        for _ in 0..2 {
            if let Some(units) = self.org_units_once(scope, &mut progress).await? {
                return Ok(units);
            }
        }
        Err(self.wrong_content("organisationUnits", "they changed while they were read"))
    }

    /// One reading of all pages; `None` where the pages do not belong together.
    async fn org_units_once(
        &self,
        scope: OrgUnitScope,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Option<Vec<OrganisationUnit>>, Failure> {
        let plural = "organisationUnits";
        let fields = "id,code,name,displayName,path,level,parent[id],openingDate,closedDate";
        let mut units: Vec<OrganisationUnit> = Vec::new();
        let mut first_total = None;
        for page in 1.. {
            let mut query = Query::new()
                .with("fields", fields)
                .with("order", "id:asc")
                .with("page", page.to_string())
                .with("pageSize", ORG_UNIT_PAGE_SIZE.to_string());
            if scope == OrgUnitScope::Mine {
                query.push("withinUserHierarchy", "true");
            }
            let lists: Lists = self.get_json(plural, &query, Reading::Large).await?;
            let pager = lists.pager.unwrap_or_default();
            let found = lists
                .organisation_units
                .ok_or_else(|| self.wrong_content(plural, "no list of org units"))?;
            let nothing_more = found.is_empty() || page >= pager.page_count;
            units.extend(found);
            progress(Progress {
                done: units.len(),
                total: pager.total.max(units.len()),
            });
            if *first_total.get_or_insert(pager.total) != pager.total {
                return Ok(None);
            }
            if nothing_more {
                if units.len() < pager.total {
                    let words = format!("{} of {} org units", units.len(), pager.total);
                    return Err(self.wrong_content(plural, &words));
                }
                break;
            }
        }
        let different: HashSet<&str> = units.iter().map(|unit| unit.id.as_str()).collect();
        Ok((different.len() == units.len()).then_some(units))
    }

    /// The names of some org units, and nothing else of them. Those that the person does not see
    /// are not among them.
    ///
    /// # Errors
    /// Every [`Failure`].
    pub async fn org_unit_names(&self, ids: &[String]) -> Result<Vec<OrganisationUnit>, Failure> {
        let (plural, fields) = ("organisationUnits", "id,name,displayName");
        self.list_of(plural, fields, Query::new(), Some(ids)).await
    }

    fn wrong_content(&self, plural: &str, words: &str) -> Failure {
        Failure::new(self.side(), FailureKind::WrongContent, plural, words)
    }

    /// A whole list of one type.
    pub(crate) async fn list<D: DeserializeOwned>(
        &self,
        plural: &str,
        fields: &str,
        query: Query,
    ) -> Result<Vec<D>, Failure> {
        let query = query.with("fields", fields).with("paging", "false");
        let mut document: serde_json::Map<String, serde_json::Value> =
            self.get_json(plural, &query, Reading::Large).await?;
        // Every version writes an empty list for nothing found ("attributes", "org unit groups"
        // of `metadata-for-mapping`); a document without it is something else.
        let list = document
            .remove(plural)
            .ok_or_else(|| self.wrong_content(plural, "the list is missing"))?;
        serde_json::from_value(list).map_err(|error| self.wrong_content(plural, &error.to_string()))
    }

    /// A list of one type, whole or of some uids (split so that no address grows too long).
    /// What was deleted since its uid was read is not in it.
    async fn list_of<D: DeserializeOwned + Identified>(
        &self,
        plural: &str,
        fields: &str,
        query: Query,
        ids: Option<&[String]>,
    ) -> Result<Vec<D>, Failure> {
        let Some(ids) = ids else {
            return self.list(plural, fields, query).await;
        };
        if !self.lists_are_sendable() {
            let wanted: HashSet<&str> = ids.iter().map(String::as_str).collect();
            let mut objects: Vec<D> = self.list(plural, fields, query).await?;
            objects.retain(|object| wanted.contains(object.id()));
            return Ok(objects);
        }
        let mut objects = Vec::with_capacity(ids.len());
        for run in split_by_length(ids, "", MAX_REQUEST_LINE - 1_000) {
            let filter = format!("id:in:[{}]", run.join(","));
            objects.extend(
                self.list(plural, fields, query.clone().with("filter", filter))
                    .await?,
            );
        }
        Ok(objects)
    }

    /// Whether a filter with a list (`id:in:[a,b]`) arrives unharmed through this client's
    /// door. Where not, the whole list is read and the rest left out here.
    fn lists_are_sendable(&self) -> bool {
        let through_route = matches!(self.door(), Door::Route(_));
        !(through_route && self.own_differences().route_query == RouteQuery::OnlySafeCharacters)
    }
}

/// An object with its uid.
trait Identified {
    fn id(&self) -> &str;
}

macro_rules! identified {
    ($($kind:ty),*) => { $(impl Identified for $kind {
        fn id(&self) -> &str {
            &self.id
        }
    })* };
}
identified!(
    CategoryCombo,
    CategoryOption,
    DataElement,
    OptionSet,
    OrganisationUnit
);
