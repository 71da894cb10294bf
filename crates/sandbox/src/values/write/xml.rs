//! The body as XML: DXF2 and ADX. Only what these two formats are made of is
//! understood: elements, attributes and the five named entities.

use rustc_hash::FxHashSet;

use super::payload::{IncomingValue, Payload, Unreadable};
use crate::context::ValueContext;
use crate::values::catalogue::{IdScheme, Kind};
use crate::values::period::Period;
use crate::version::ServerVersion;

/// Reads DXF2.
pub(super) fn parse_dxf2(body: &[u8]) -> Result<Payload, Unreadable> {
    let text = String::from_utf8_lossy(body);
    let mut payload = Payload::default();
    let mut seen = false;
    for element in elements(&text) {
        match element.name {
            "dataValueSet" => {
                seen = true;
                payload.data_set = element.attribute("dataSet");
                payload.period = element.attribute("period");
                payload.org_unit = element.attribute("orgUnit");
                payload.complete_date = element.attribute("completeDate");
                payload.attribute_option_combo = element.attribute("attributeOptionCombo");
                payload.schemes = element
                    .attributes
                    .iter()
                    .filter(|(name, _)| name.to_ascii_lowercase().ends_with("idscheme"))
                    .map(|(name, value)| ((*name).to_owned(), value.clone()))
                    .collect();
            }
            "dataValue" => payload.values.push(IncomingValue {
                data_element: element.attribute("dataElement"),
                period: element.attribute("period"),
                org_unit: element.attribute("orgUnit"),
                category_option_combo: element.attribute("categoryOptionCombo"),
                attribute_option_combo: element.attribute("attributeOptionCombo"),
                value: element.attribute("value"),
                comment: element.attribute("comment"),
                stored_by: element.attribute("storedBy"),
                followup: element.attribute("followUp").and_then(|v| v.parse().ok()),
                deleted: element.attribute("deleted").and_then(|v| v.parse().ok()),
            }),
            _ => {}
        }
    }
    if seen {
        Ok(payload)
    } else {
        Err(no_such("dataValueSet"))
    }
}

/// Reads ADX with one group. Ids are codes until 2.42 and uids from 2.43 ("adx").
pub(super) fn parse_adx(context: &ValueContext<'_>, body: &[u8]) -> Result<Payload, Unreadable> {
    let text = String::from_utf8_lossy(body);
    let mut payload = Payload::default();
    let mut org_unit = None;
    let mut period = None;
    let mut groups = 0;
    for element in elements(&text) {
        match element.name {
            "group" => {
                groups += 1;
                payload.data_set = element.attribute("dataSet");
                org_unit = element.attribute("orgUnit");
                period = element
                    .attribute("period")
                    .and_then(|p| Period::from_interval(&p))
                    .map(|p| p.iso);
                if context.version < ServerVersion::V43 {
                    let set = payload.data_set.as_deref().and_then(|code| {
                        let uid = context
                            .catalogue
                            .finder(Kind::DataSet, &IdScheme::Code)
                            .uid(code)?
                            .to_owned();
                        context.catalogue.data_set(&uid)
                    });
                    let combo = set.and_then(|s| combo_code(context, &s.category_combo, &element));
                    payload.attribute_option_combo = combo;
                }
            }
            "dataValue" => {
                let code = element.attribute("dataElement");
                let element_uid = code.as_deref().and_then(|c| {
                    Some(
                        context
                            .catalogue
                            .finder(Kind::DataElement, &IdScheme::Code)
                            .uid(c)?
                            .to_owned(),
                    )
                });
                let combo = element_uid
                    .and_then(|uid| context.catalogue.data_element(&uid))
                    .and_then(|e| combo_code(context, &e.category_combo, &element));
                payload.values.push(IncomingValue {
                    data_element: code,
                    period: period.clone(),
                    org_unit: org_unit.clone(),
                    category_option_combo: combo,
                    value: element.attribute("value"),
                    ..IncomingValue::default()
                });
            }
            _ => {}
        }
    }
    match groups {
        0 => Err(no_such("adx")),
        1 => Ok(payload),
        _ => Err(Unreadable::Unknown(
            "No recording shows what a server does with several ADX groups".to_owned(),
        )),
    }
}

/// The code of the option combo that an element's further attributes make up,
/// each the code of a category.
fn combo_code(
    context: &ValueContext<'_>,
    category_combo: &str,
    element: &Element<'_>,
) -> Option<String> {
    let options: FxHashSet<String> = element
        .attributes
        .iter()
        .filter_map(|(category, option)| {
            context
                .catalogue
                .option_by_code(category_combo, category, option)
        })
        .map(|option| option.uid.clone())
        .collect();
    if options.is_empty() {
        return None;
    }
    context
        .catalogue
        .option_combo_of(category_combo, &options)?
        .code
        .clone()
}

fn no_such(root: &str) -> Unreadable {
    Unreadable::Unknown(format!(
        "No recording shows what a server does with XML that has no {root} element"
    ))
}

struct Element<'t> {
    name: &'t str,
    attributes: Vec<(&'t str, String)>,
}

impl Element<'_> {
    fn attribute(&self, name: &str) -> Option<String> {
        self.attributes
            .iter()
            .find(|(n, _)| *n == name)
            .map(|(_, value)| value.clone())
            .filter(|v| !v.is_empty())
    }
}

/// The opening tags in their order.
fn elements(text: &str) -> impl Iterator<Item = Element<'_>> {
    text.split('<')
        .skip(1)
        .filter(|t| t.starts_with(|c: char| c.is_alphabetic()))
        .map(|tag| {
            let name_end = tag
                .find(|c: char| c.is_whitespace() || c == '>' || c == '/')
                .unwrap_or(tag.len());
            let (name, mut rest) = tag.split_at(name_end);
            let mut attributes = Vec::new();
            while let Some((key, after)) = rest.split_once('=') {
                let after = after.trim_start();
                let Some(quote) = after.chars().next().filter(|c| matches!(c, '"' | '\'')) else {
                    break;
                };
                let Some((value, after)) = after[1..].split_once(quote) else {
                    break;
                };
                attributes.push((key.trim(), unescaped(value)));
                rest = after;
            }
            Element { name, attributes }
        })
}

fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&apos;", "'")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dxf2_is_read() {
        let body = br#"<dataValueSet dataSet="ds" period="202601"><dataValue dataElement="de" value="a &lt; &quot;b&quot;"/></dataValueSet>"#;
        let payload = parse_dxf2(body).unwrap();
        assert_eq!(
            (payload.data_set.as_deref(), payload.period.as_deref()),
            (Some("ds"), Some("202601"))
        );
        assert_eq!(payload.values[0].value.as_deref(), Some("a < \"b\""));
        assert!(parse_dxf2(b"<nothing/>").is_err());
    }
}
