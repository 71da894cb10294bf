//! CSV: eleven columns, the same in all versions.

use super::output::{Nameless, OutputSchemes, time};
use super::selection::Selection;
use crate::answer::Answer;
use crate::context::ValueContext;
use crate::version::ServerVersion;

const HEAD: &str = "dataelement,period,orgunit,categoryoptioncombo,attributeoptioncombo,value,storedby,\
                    lastupdated,comment,followup,deleted\n";

/// Writes the values.
pub(super) fn write(
    context: &ValueContext<'_>,
    selection: &Selection<'_>,
    schemes: &OutputSchemes,
) -> Result<Vec<u8>, Box<Answer>> {
    let mut nameless = Nameless::default();
    let mut out = HEAD.to_owned();
    selection.visit(context, |row| {
        let org_unit = schemes.org_unit(context, row.org_unit());
        if org_unit.is_none() {
            nameless.org_unit(row.org_unit());
        }
        for column in [
            schemes.data_element(context, row.data_element()),
            Some(row.period().into()),
            org_unit,
            schemes.category_option_combo(context, row.category_option_combo()),
            schemes.attribute_option_combo(context, row.attribute_option_combo()),
            row.value().map(Into::into),
            Some(row.stored_by().into()),
            Some(time(context.version, row.last_updated()).into()),
            row.comment().map(Into::into),
        ] {
            push(&mut out, column.as_deref().unwrap_or(""));
            out.push(',');
        }
        out.push_str(flags(context.version, row.followup(), row.deleted()));
        out.push('\n');
    });
    nameless.refuse(context, schemes)?;
    Ok(out.into_bytes())
}

/// The columns `followup` and `deleted`: until 2.42 the first is always told and
/// the second only of what is deleted, from 2.43 the other way round ("csv").
fn flags(version: ServerVersion, followup: bool, deleted: bool) -> &'static str {
    match (version >= ServerVersion::V43, followup, deleted) {
        (false, true, true) => "true,true",
        (false, true, false) => "true,null",
        (false, false, true) => "false,true",
        (false, false, false) => "false,null",
        (true, true, true) => "true,true",
        (true, true, false) => "true,false",
        (true, false, true) => ",true",
        (true, false, false) => ",false",
    }
}

/// One column, quoted where the text would break the line.
fn push(out: &mut String, text: &str) {
    if text.contains([',', '"', '\n', '\r']) {
        out.push('"');
        out.push_str(&text.replace('"', "\"\""));
        out.push('"');
    } else {
        out.push_str(text);
    }
}
