//! Every row of a plan or a run as CSV: for a spreadsheet, an auditor, a colleague.

use std::collections::HashMap;

use super::rows::plan_row;
use crate::problem::{Problem, ProblemSide};
use crate::questions::import::{PlanRow, ReportCsv, RowParts};
use crate::service::Service;

/// The columns, by the key of their title.
const COLUMNS: [&str; 18] = [
    "kind",
    "outcome",
    "orgUnit",
    "orgUnitId",
    "period",
    "dataElement",
    "categoryOptionCombo",
    "attributeOptionCombo",
    "presentValue",
    "sourceValue",
    "storedAs",
    "rule",
    "parts",
    "reason",
    "code",
    "message",
    "storedBy",
    "lastUpdated",
];

/// Answers [`ReportCsv`].
pub(in crate::service) async fn csv<T>(
    service: &Service<T>,
    question: ReportCsv,
) -> Result<String, Problem> {
    let slot = service.run.borrow();
    let run = slot
        .as_ref()
        .ok_or_else(|| Problem::of(ProblemSide::App, "noPlan"))?;
    let words: HashMap<&str, &str> = question
        .words
        .iter()
        .map(|(key, word)| (key.as_str(), word.as_str()))
        .collect();
    let word = |key: &str| {
        words
            .get(key)
            .map_or_else(|| key.to_owned(), |word| (*word).to_owned())
    };
    // A spreadsheet takes the text for UTF-8 only with this mark before it.
    let mut text = String::from("\u{feff}");
    line(
        &mut text,
        COLUMNS.map(|column| word(&format!("report.column.{column}"))),
    );
    for (index, entry) in run.plan.iter() {
        let row: PlanRow = plan_row(run, index, &entry);
        line(
            &mut text,
            [
                word(&format!("kind.{}", row.kind.name())),
                row.outcome_name()
                    .map(|outcome| word(&format!("outcome.{outcome}")))
                    .unwrap_or_default(),
                row.org_unit,
                run.symbols.text(entry.cell.org_unit).to_owned(),
                row.period,
                row.data_element,
                row.category_option_combo,
                row.attribute_option_combo,
                row.present.unwrap_or_default(),
                row.value,
                row.stored_as.unwrap_or_default(),
                row.parts
                    .as_ref()
                    .map(|parts| word(&format!("rule.{}", parts.rule)))
                    .unwrap_or_default(),
                row.parts.as_ref().map(parts_text).unwrap_or_default(),
                row.reason
                    .map(|reason| word(&format!("reason.{reason}")))
                    .unwrap_or_default(),
                row.code.unwrap_or_default(),
                row.message.unwrap_or_default(),
                row.stored_by,
                row.last_updated,
            ],
        );
    }
    Ok(text)
}

/// What went into a row in one field: `2/3: 12 + 30 + ?` for a sum of which one is missing;
/// where one value was chosen, the others stand in brackets.
fn parts_text(parts: &RowParts) -> String {
    let each = parts.parts.iter().map(|part| match &part.value {
        None => "?".to_owned(),
        Some(value) if part.taken => value.clone(),
        Some(value) => format!("({value})"),
    });
    let each: Vec<String> = each.collect();
    format!("{}/{}: {}", parts.present, parts.expected, each.join(" + "))
}

/// One line as RFC 4180 wants it. A text that a spreadsheet would take for a formula is
/// kept from being one: names and values come from servers, not from the person.
fn line(text: &mut String, fields: [String; COLUMNS.len()]) {
    for (place, field) in fields.into_iter().enumerate() {
        if place > 0 {
            text.push(',');
        }
        let is_number = field.parse::<f64>().is_ok();
        let formula = field.starts_with(['=', '+', '-', '@', '\t', '\r']) && !is_number;
        if formula || field.contains([',', '"', '\n', '\r']) {
            text.push('"');
            if formula {
                text.push('\'');
            }
            text.push_str(&field.replace('"', "\"\""));
            text.push('"');
        } else {
            text.push_str(&field);
        }
    }
    text.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(field: &str, expected: &str) {
        let mut fields: [String; COLUMNS.len()] = std::array::from_fn(|_| String::new());
        fields[0] = field.to_owned();
        let mut text = String::new();
        line(&mut text, fields);
        assert_eq!(
            text,
            format!("{expected}{}\r\n", ",".repeat(COLUMNS.len() - 1))
        );
    }

    #[test]
    fn fields_are_quoted_where_they_must_and_never_become_formulas() {
        check("12", "12");
        check("-3", "-3");
        check("Clinic, north", "\"Clinic, north\"");
        check("say \"a\"", "\"say \"\"a\"\"\"");
        check("=1+2", "\"'=1+2\"");
        check("-cmd", "\"'-cmd\"");
    }
}
