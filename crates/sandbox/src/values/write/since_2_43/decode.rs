//! From the body to uids. What is missing or unknown here refuses the request
//! as a whole: no value is even counted.

use super::super::options::ImportOptions;
use super::super::payload::{IncomingValue, Payload};
use super::error::Fault;
use super::{Entry, Group};
use crate::context::ValueContext;
use crate::values::catalogue::{DEFAULT_OPTION_COMBO, Finder, IdScheme, Kind};
use crate::values::period::Period;
use crate::values::store::Cell;

/// The codes for a member that is no uid, and for one that is not found.
struct Codes(&'static str, &'static str);

struct Names {
    finder: Finder,
    codes: Codes,
}

impl Names {
    fn new(context: &ValueContext<'_>, kind: Kind, scheme: &IdScheme, codes: Codes) -> Self {
        Self {
            finder: context.catalogue.finder(kind, scheme),
            codes,
        }
    }

    /// The uid behind a name: with uids only their form is looked at here.
    fn uid(&self, index: usize, name: &str) -> Result<String, Fault> {
        let Codes(not_valid, not_found) = self.codes;
        match (&self.finder, self.finder.uid(name)) {
            (Finder::Uid, _) if !is_uid(name) => {
                Err(Fault::new(not_valid, &[&index.to_string(), name]))
            }
            (_, Some(uid)) => Ok(uid.to_owned()),
            (_, None) => Err(Fault::new(not_found, &[&index.to_string(), name])),
        }
    }
}

/// Decodes the group.
pub(super) fn group(
    context: &ValueContext<'_>,
    options: &ImportOptions,
    payload: &Payload,
) -> Result<Group, Fault> {
    let names =
        |kind, scheme: &str, codes| Names::new(context, kind, &options.scheme(scheme), codes);
    let data_elements = names(
        Kind::DataElement,
        "dataElementIdScheme",
        Codes("E8103", "E8104"),
    );
    let org_units = names(Kind::OrgUnit, "orgUnitIdScheme", Codes("E8106", "E8107"));
    let category = names(
        Kind::OptionCombo,
        "categoryOptionComboIdScheme",
        Codes("E8108", "E8109"),
    );
    let attribute = names(
        Kind::OptionCombo,
        "attributeOptionComboIdScheme",
        Codes("E8110", "E8111"),
    );
    let data_sets = context
        .catalogue
        .finder(Kind::DataSet, &options.scheme("dataSetIdScheme"));
    let entries = payload.values.iter().enumerate().map(|(index, sent)| {
        let missing = |code| Fault::new(code, &[&index.to_string(), &described(sent)]);
        // The group's members stand in where a value has none of its own.
        let either =
            |own: &Option<String>, group: &Option<String>| own.as_ref().or(group.as_ref()).cloned();
        let period = either(&sent.period, &payload.period).ok_or_else(|| missing("E8100"))?;
        let element = sent.data_element.as_ref().ok_or_else(|| missing("E8102"))?;
        let org_unit = either(&sent.org_unit, &payload.org_unit).ok_or_else(|| missing("E8105"))?;
        let combo = |names: &Names, name: Option<String>| match name {
            Some(name) => names.uid(index, &name),
            None => Ok(DEFAULT_OPTION_COMBO.to_owned()),
        };
        // Texts that are no period were weeded out before.
        let period = Period::parse(&period).ok_or_else(|| missing("E8100"))?;
        let cell = Cell {
            data_element: data_elements.uid(index, element)?,
            period: period.iso.clone(),
            org_unit: org_units.uid(index, &org_unit)?,
            category_option_combo: combo(&category, sent.category_option_combo.clone())?,
            attribute_option_combo: combo(
                &attribute,
                either(
                    &sent.attribute_option_combo,
                    &payload.attribute_option_combo,
                ),
            )?,
        };
        Ok(Entry {
            index,
            cell,
            period,
            value: sent.value.clone(),
            comment: sent.comment.clone(),
            followup: sent.followup.unwrap_or(false),
            deleted: sent.deleted.unwrap_or(false),
        })
    });
    Ok(Group {
        entries: entries.collect::<Result<_, Fault>>()?,
        data_set: payload
            .data_set
            .as_deref()
            .and_then(|name| data_sets.uid(name))
            .map(str::to_owned),
    })
}

/// Whether a text that is no period stands where one should: the server stumbles
/// over it ("period is no period").
pub(in super::super) fn stumbles_over_a_period(payload: &Payload) -> bool {
    let periods = payload
        .values
        .iter()
        .map(|v| v.period.as_ref().or(payload.period.as_ref()));
    periods.flatten().any(|text| Period::parse(text).is_none())
}

/// A letter, then ten letters or digits.
fn is_uid(text: &str) -> bool {
    text.len() == 11
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// The value as the server's own words show it.
fn described(sent: &IncomingValue) -> String {
    let text = |t: &Option<String>| t.clone().unwrap_or_else(|| "null".to_owned());
    let flag = |f: Option<bool>| f.map_or("null".to_owned(), |f| f.to_string());
    format!(
        "Input[dataElement={}, orgUnit={}, categoryOptionCombo={}, categoryOptions=null, attributeOptionCombo={}, \
         attributeCombo=null, attributeOptions=null, period={}, value={}, comment={}, followUp={}, deleted={}]",
        text(&sent.data_element),
        text(&sent.org_unit),
        text(&sent.category_option_combo),
        text(&sent.attribute_option_combo),
        text(&sent.period),
        text(&sent.value),
        text(&sent.comment),
        flag(sent.followup),
        flag(sent.deleted),
    )
}
