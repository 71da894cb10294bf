//! DXF2 as XML. 2.43 hoists as in JSON and writes periods as intervals.

use std::borrow::Cow;

use super::output::{Nameless, OutputSchemes, time};
use super::request::Request;
use super::selection::{Hoisted, Selection};
use crate::answer::Answer;
use crate::context::ValueContext;
use crate::values::period::Period;
use crate::version::ServerVersion;

/// Writes the values.
pub(super) fn write(
    context: &ValueContext<'_>,
    request: &Request,
    selection: &Selection<'_>,
    schemes: &OutputSchemes,
) -> Result<Vec<u8>, Box<Answer>> {
    let is_2_43 = context.version >= ServerVersion::V43;
    let hoisted = Hoisted::of(context.version, request);
    let mut nameless = Nameless::default();
    let mut out = String::from(
        "<?xml version='1.0' encoding='UTF-8'?><dataValueSet xmlns=\"http://dhis2.org/schema/dxf/2.0\"",
    );
    let data_set = request
        .single_data_set()
        .and_then(|uid| schemes.data_set(context, uid));
    if is_2_43 {
        attribute(&mut out, "dataSet", data_set.as_deref());
        attribute(
            &mut out,
            "period",
            hoisted.period.map(Period::interval).as_deref(),
        );
        let org_unit = hoisted
            .org_unit
            .and_then(|uid| schemes.org_unit(context, uid));
        attribute(&mut out, "orgUnit", org_unit.as_deref());
    } else if let (Some(_), Some(period), Some(org_unit)) = (
        request.single_data_set(),
        request.single_period(),
        request.single_org_unit(),
    ) {
        attribute(&mut out, "dataSet", data_set.as_deref());
        attribute(&mut out, "period", Some(&period.iso));
        attribute(
            &mut out,
            "orgUnit",
            schemes.org_unit(context, org_unit).as_deref(),
        );
    }
    out.push('>');
    selection.visit(context, |row| {
        let org_unit = schemes.org_unit(context, row.org_unit());
        if org_unit.is_none() {
            nameless.org_unit(row.org_unit());
        }
        out.push_str("<dataValue");
        attribute(
            &mut out,
            "dataElement",
            schemes.data_element(context, row.data_element()).as_deref(),
        );
        if hoisted.period.is_none() {
            let interval = is_2_43
                .then(|| Period::parse(row.period()))
                .flatten()
                .map(|p| p.interval());
            let period = interval.map_or(Cow::Borrowed(row.period()), Cow::Owned);
            attribute(&mut out, "period", Some(&period));
        }
        if hoisted.org_unit.is_none() {
            attribute(&mut out, "orgUnit", org_unit.as_deref());
        }
        let combo = schemes.category_option_combo(context, row.category_option_combo());
        attribute(&mut out, "categoryOptionCombo", combo.as_deref());
        if hoisted.attribute_option_combo.is_none() {
            let combo = schemes.attribute_option_combo(context, row.attribute_option_combo());
            attribute(&mut out, "attributeOptionCombo", combo.as_deref());
        }
        attribute(&mut out, "value", row.value());
        attribute(&mut out, "storedBy", Some(row.stored_by()));
        attribute(
            &mut out,
            "created",
            Some(&time(context.version, row.created())),
        );
        attribute(
            &mut out,
            "lastUpdated",
            Some(&time(context.version, row.last_updated())),
        );
        attribute(&mut out, "comment", row.comment());
        if row.followup() || !is_2_43 {
            attribute(
                &mut out,
                "followUp",
                Some(if row.followup() { "true" } else { "false" }),
            );
        }
        if row.deleted() {
            attribute(&mut out, "deleted", Some("true"));
        }
        out.push_str("/>");
    });
    nameless.refuse(context, schemes)?;
    out.push_str("</dataValueSet>");
    Ok(out.into_bytes())
}

/// ` name="value"`, escaped; nothing without a value.
pub(super) fn attribute(out: &mut String, name: &str, value: Option<&str>) {
    let Some(value) = value else { return };
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    for c in value.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out.push('"');
}
