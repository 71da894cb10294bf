//! Import options: what the query (and, in 2.43, the body) says about how to
//! import, and how the answer repeats it.

use serde_json::{Map, Value, json};

use crate::values::catalogue::IdScheme;
use crate::values::query::{self, Pairs};
use crate::version::ServerVersion;

/// What a strategy does with values that are there, and with those that are not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strategy {
    /// Writes both.
    CreateAndUpdate,
    /// Writes only what is not there.
    Create,
    /// Writes only what is there.
    Update,
    /// Deletes what is there.
    Delete,
}

/// The options of one request.
#[derive(Clone, Debug)]
pub struct ImportOptions {
    /// Nothing is kept.
    pub dry_run: bool,
    /// What becomes of what is there, and of what is not.
    pub strategy: Strategy,
    pub(super) force: bool,
    strategy_name: String,
    /// The options of [`FLAGS`] that the query sets.
    flags: Vec<(&'static str, bool)>,
    data_set: Option<String>,
    /// Name and text of each scheme, those of the query first.
    schemes: Vec<(String, String)>,
    /// Schemes of the body that the answer does not repeat.
    silent_schemes: Vec<(String, String)>,
}

/// Options that are true or false, as answers name them.
const FLAGS: [&str; 23] = [
    "async",
    "skipExistingCheck",
    "sharing",
    "skipNotifications",
    "skipAudit",
    "datasetAllowsPeriods",
    "strictPeriods",
    "strictDataElements",
    "strictCategoryOptionCombos",
    "strictAttributeOptionCombos",
    "strictOrganisationUnits",
    "strictDataSetApproval",
    "strictDataSetLocking",
    "strictDataSetInputPeriods",
    "requireCategoryOptionCombo",
    "requireAttributeOptionCombo",
    "skipPatternValidation",
    "ignoreEmptyCollection",
    "firstRowIsHeader",
    "skipLastUpdated",
    "mergeDataValues",
    "skipCache",
    "force",
];

const SCHEMES: [&str; 6] = [
    "idScheme",
    "dataElementIdScheme",
    "orgUnitIdScheme",
    "categoryOptionComboIdScheme",
    "attributeOptionComboIdScheme",
    "dataSetIdScheme",
];

impl ImportOptions {
    /// Reads the query.
    pub fn parse(pairs: &Pairs) -> Self {
        let strategy_name = query::one(pairs, "importStrategy")
            .unwrap_or("CREATE_AND_UPDATE")
            .to_owned();
        Self {
            dry_run: query::flag(pairs, "dryRun"),
            force: query::flag(pairs, "force"),
            strategy: match strategy_name.as_str() {
                "CREATE" | "NEW" => Strategy::Create,
                "UPDATE" | "UPDATES" => Strategy::Update,
                "DELETE" | "DELETES" => Strategy::Delete,
                _ => Strategy::CreateAndUpdate,
            },
            strategy_name,
            flags: FLAGS
                .iter()
                .filter_map(|name| {
                    let text = query::one(pairs, name)?;
                    Some((*name, text.eq_ignore_ascii_case("true")))
                })
                .collect(),
            data_set: query::one(pairs, "dataSet").map(str::to_owned),
            schemes: SCHEMES
                .iter()
                .filter_map(|name| Some(((*name).to_owned(), query::one(pairs, name)?.to_owned())))
                .collect(),
            silent_schemes: Vec::new(),
        }
    }

    /// Whether the query sets an option of [`FLAGS`] to true.
    pub(super) fn is_set(&self, name: &str) -> bool {
        self.flags.iter().any(|(n, value)| *n == name && *value)
    }

    /// Whether the first line of a CSV is its head, as it is unless the query says otherwise.
    pub(super) fn has_head(&self) -> bool {
        !self.flags.contains(&("firstRowIsHeader", false))
    }

    /// The query's `dataSet`, for formats without one.
    pub(super) fn data_set(&self) -> Option<&str> {
        self.data_set.as_deref()
    }

    /// Until 2.42 ADX is read by codes.
    pub(super) fn read_adx(&mut self, version: ServerVersion) {
        if version < ServerVersion::V43 && self.schemes.is_empty() {
            self.schemes
                .push(("idScheme".to_owned(), "CODE".to_owned()));
        }
    }

    /// Takes over the body's schemes, which win; only 2.43 repeats them ("code scheme").
    pub(super) fn read_body(&mut self, version: ServerVersion, schemes: &[(String, String)]) {
        if version < ServerVersion::V43 {
            self.silent_schemes = schemes.to_vec();
        } else {
            self.schemes
                .retain(|(name, _)| !schemes.iter().any(|(n, _)| n == name));
            self.schemes.extend_from_slice(schemes);
        }
    }

    /// The scheme under a name, else under `idScheme`.
    pub(super) fn scheme(&self, name: &str) -> IdScheme {
        let named = |wanted: &str| {
            self.silent_schemes
                .iter()
                .chain(&self.schemes)
                .find(|(n, _)| n == wanted)
                .map(|(_, text)| text.as_str())
        };
        named(name)
            .or_else(|| named("idScheme"))
            .and_then(IdScheme::parse)
            .unwrap_or_default()
    }

    /// The member `importOptions` of an answer.
    pub(super) fn echo(&self, version: ServerVersion) -> Value {
        // 2.40 repeats none ("code scheme by query").
        let repeated = if version < ServerVersion::V41 {
            &[][..]
        } else {
            &self.schemes
        };
        let schemes: Map<String, Value> = repeated
            .iter()
            .filter_map(|(name, text)| {
                let echoed = match IdScheme::parse(text)? {
                    IdScheme::Attribute(uid) => json!({"type": "ATTRIBUTE", "attribute": uid}),
                    _ => json!({"type": text.to_ascii_uppercase()}),
                };
                Some((name.clone(), echoed))
            })
            .collect();
        let mut echo = json!({
            "idSchemes": schemes, "dryRun": self.dry_run, "async": false,
            "importStrategy": self.strategy_name, "mergeMode": "REPLACE", "reportMode": "FULL",
            "skipExistingCheck": false, "sharing": false, "skipNotifications": false,
            "skipAudit": false, "datasetAllowsPeriods": false, "strictPeriods": false,
            "strictDataElements": false, "strictCategoryOptionCombos": false,
            "strictAttributeOptionCombos": false, "strictOrganisationUnits": false,
            "strictDataSetApproval": false, "strictDataSetLocking": false,
            "strictDataSetInputPeriods": false, "requireCategoryOptionCombo": false,
            "requireAttributeOptionCombo": false, "skipPatternValidation": false,
            "ignoreEmptyCollection": false, "force": false, "firstRowIsHeader": true,
            "skipLastUpdated": false, "mergeDataValues": false, "skipCache": false,
        });
        for (name, value) in &self.flags {
            echo[*name] = (*value).into();
        }
        if version >= ServerVersion::V43 {
            echo["atomic"] = false.into();
        }
        if let Some(data_set) = &self.data_set {
            echo["dataSet"] = data_set.as_str().into();
        }
        echo
    }
}
