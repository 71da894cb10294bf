//! The names under which objects are written, by the output id schemes.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::answer::Answer;
use crate::context::ValueContext;
use crate::values::catalogue::{IdScheme, Kind};
use crate::values::query::{self, Pairs};
use crate::version::ServerVersion;

/// The schemes that a request asks for. 2.43 repeats them in the answer.
#[derive(Debug, Default)]
pub(super) struct OutputSchemes {
    data_set: IdScheme,
    data_element: IdScheme,
    org_unit: IdScheme,
    category_option_combo: IdScheme,
    attribute_option_combo: IdScheme,
    /// Parameter and text of each scheme that is not `UID`, in the order of 2.43.
    pub named: Vec<(&'static str, String)>,
}

impl OutputSchemes {
    /// Reads the parameters; `idScheme` stands for all that are not given.
    pub fn parse(pairs: &Pairs) -> Self {
        let text = |name: &str| query::one(pairs, name).or_else(|| query::one(pairs, "idScheme"));
        let scheme = |name: &str| text(name).and_then(IdScheme::parse).unwrap_or_default();
        const NAMES: [&str; 7] = [
            "dataSetIdScheme",
            "dataElementIdScheme",
            "orgUnitIdScheme",
            "categoryOptionComboIdScheme",
            "attributeOptionComboIdScheme",
            "categoryIdScheme",
            "categoryOptionIdScheme",
        ];
        Self {
            data_set: scheme("dataSetIdScheme"),
            data_element: scheme("dataElementIdScheme"),
            org_unit: scheme("orgUnitIdScheme"),
            category_option_combo: scheme("categoryOptionComboIdScheme"),
            attribute_option_combo: scheme("attributeOptionComboIdScheme"),
            named: NAMES
                .into_iter()
                .filter(|name| scheme(name) != IdScheme::Uid)
                .filter_map(|name| Some((name, text(name)?.to_owned())))
                .collect(),
        }
    }

    /// The name of a data set.
    pub fn data_set<'n>(&self, context: &ValueContext<'n>, uid: &'n str) -> Option<Cow<'n, str>> {
        context
            .catalogue
            .name_by(Kind::DataSet, &self.data_set, uid)
    }

    /// The name of a data element.
    pub fn data_element<'n>(
        &self,
        context: &ValueContext<'n>,
        uid: &'n str,
    ) -> Option<Cow<'n, str>> {
        context
            .catalogue
            .name_by(Kind::DataElement, &self.data_element, uid)
    }

    /// The name of an org unit.
    pub fn org_unit<'n>(&self, context: &ValueContext<'n>, uid: &'n str) -> Option<Cow<'n, str>> {
        context
            .catalogue
            .name_by(Kind::OrgUnit, &self.org_unit, uid)
    }

    /// The name of a category option combo.
    pub fn category_option_combo<'n>(
        &self,
        context: &ValueContext<'n>,
        uid: &'n str,
    ) -> Option<Cow<'n, str>> {
        context
            .catalogue
            .name_by(Kind::OptionCombo, &self.category_option_combo, uid)
    }

    /// The name of an attribute option combo.
    pub fn attribute_option_combo<'n>(
        &self,
        context: &ValueContext<'n>,
        uid: &'n str,
    ) -> Option<Cow<'n, str>> {
        context
            .catalogue
            .name_by(Kind::OptionCombo, &self.attribute_option_combo, uid)
    }
}

/// Objects without the property of the scheme: until 2.42 they are written as
/// null, 2.43 refuses the whole export ("export by attribute, one without").
#[derive(Debug, Default)]
pub(super) struct Nameless {
    org_units: BTreeSet<String>,
}

impl Nameless {
    /// Notes an org unit without a name.
    pub fn org_unit(&mut self, uid: &str) {
        if !self.org_units.contains(uid) {
            self.org_units.insert(uid.to_owned());
        }
    }

    /// The refusal of 2.43, if there is a reason for it.
    pub fn refuse(
        self,
        context: &ValueContext<'_>,
        schemes: &OutputSchemes,
    ) -> Result<(), Box<Answer>> {
        if context.version < ServerVersion::V43 || self.org_units.is_empty() {
            return Ok(());
        }
        let property = match schemes.org_unit {
            IdScheme::Attribute(_) => "ATTR",
            IdScheme::Name => "NAME",
            _ => "CODE",
        };
        let list = self.org_units.into_iter().collect::<Vec<_>>().join(", ");
        let message = format!(
            "Export as {property} not possible as the property is undefined for org unit(s): `[{list}]`"
        );
        Err(Box::new(Answer::error(409, &message, Some("E8202"))))
    }
}

/// A time as DHIS2 writes it, to the second until 2.42.
pub(super) fn time(version: ServerVersion, time: chrono::NaiveDateTime) -> String {
    if version < ServerVersion::V43 {
        time.format("%Y-%m-%dT%H:%M:%S.000+0000").to_string()
    } else {
        time.format("%Y-%m-%dT%H:%M:%S%.3f+0000").to_string()
    }
}
