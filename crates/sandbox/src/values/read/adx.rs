//! ADX: codes throughout, values in groups of one period, org unit and attribute
//! option combo, categories as attributes named by their code.

use super::request::Request;
use super::selection::Selection;
use super::xml::attribute;
use crate::answer::Answer;
use crate::context::ValueContext;
use crate::values::catalogue::{DEFAULT_OPTION_COMBO, IdScheme, Kind};
use crate::values::period::Period;
use crate::version::ServerVersion;

/// Writes the values.
pub(super) fn write(
    context: &ValueContext<'_>,
    request: &Request,
    selection: &Selection<'_>,
) -> Result<Vec<u8>, Box<Answer>> {
    let code = |kind: Kind, uid: &str| {
        context
            .catalogue
            .name_by(kind, &IdScheme::Code, uid)
            .unwrap_or_default()
            .into_owned()
    };
    let data_set = request
        .single_data_set()
        .map(|uid| code(Kind::DataSet, uid));
    // The default combo is written from 2.43 on ("adx", "adx by accept header").
    let writes_default = context.version >= ServerVersion::V43;
    let mut out = String::from("<adx xmlns=\"urn:ihe:qrph:adx:2015\">");
    let mut group: Option<[String; 3]> = None;
    selection.visit(context, |row| {
        let key = [row.period(), row.org_unit(), row.attribute_option_combo()].map(str::to_owned);
        if group.as_ref() != Some(&key) {
            if group.is_some() {
                out.push_str("</group>");
            }
            out.push_str("<group");
            attribute(&mut out, "dataSet", data_set.as_deref());
            let interval = Period::parse(row.period()).map(|p| p.interval());
            attribute(&mut out, "period", interval.as_deref());
            attribute(
                &mut out,
                "orgUnit",
                Some(&code(Kind::OrgUnit, row.org_unit())),
            );
            categories(
                context,
                &mut out,
                row.attribute_option_combo(),
                writes_default,
            );
            out.push('>');
            group = Some(key);
        }
        out.push_str("<dataValue");
        attribute(
            &mut out,
            "dataElement",
            Some(&code(Kind::DataElement, row.data_element())),
        );
        categories(
            context,
            &mut out,
            row.category_option_combo(),
            writes_default,
        );
        attribute(&mut out, "value", row.value());
        out.push_str("/>");
    });
    if group.is_some() {
        out.push_str("</group>");
    }
    out.push_str("</adx>");
    Ok(out.into_bytes())
}

/// An option combo as attributes, the last category first, as the servers write it.
fn categories(context: &ValueContext<'_>, out: &mut String, combo: &str, writes_default: bool) {
    if combo == DEFAULT_OPTION_COMBO {
        if writes_default {
            attribute(out, "default", Some("default"));
        }
        return;
    }
    let Some(combo) = context.catalogue.option_combo(combo) else {
        return;
    };
    let mut categories: Vec<_> = context.catalogue.categories_of(combo).collect();
    categories.reverse();
    for (category, option) in categories {
        attribute(
            out,
            category,
            Some(option.code.as_deref().unwrap_or(&option.name)),
        );
    }
}
