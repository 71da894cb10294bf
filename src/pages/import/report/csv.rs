//! The report as a file: its name, and the words that stand in it.

use crate::text::{has_text, t};
use crate::widgets::fold;

/// What the words of the file are for: column titles, kinds, outcomes, and all reasons.
const WORDS: &[&str] = &[
    "report.column.kind",
    "report.column.outcome",
    "report.column.orgUnit",
    "report.column.orgUnitId",
    "report.column.period",
    "report.column.dataElement",
    "report.column.categoryOptionCombo",
    "report.column.attributeOptionCombo",
    "report.column.presentValue",
    "report.column.sourceValue",
    "report.column.storedAs",
    "report.column.rule",
    "report.column.parts",
    "report.column.reason",
    "report.column.code",
    "report.column.message",
    "report.column.storedBy",
    "report.column.lastUpdated",
    "kind.new",
    "kind.changed",
    "kind.editedHere",
    "kind.cleared",
    "kind.same",
    "kind.blocked",
    "kind.unmapped",
    "kind.excluded",
    "outcome.written",
    "outcome.deleted",
    "outcome.rejected",
    "outcome.unknown",
    "outcome.notSent",
    "rule.sum",
    "rule.last",
    "rule.max",
    "rule.min",
    "rule.first",
    "reason.changedSince",
    "reason.dataItem",
    "reason.attributeOptionCombo",
    "reason.orgUnit",
    "reason.severalSourceValues",
    "reason.notCombinable",
    "reason.clearedButEditedHere",
    "reason.clearedButNotBrought",
    "reason.alreadyApproved",
    "reason.inputPeriodsRefused",
    "reason.outsideSlice",
    "reason.dataSetUnknown",
    "reason.noDataWriteAccess",
    "reason.noAuthority",
    "reason.periodInvalid",
    "reason.periodOfAnotherType",
    "reason.periodInFuture",
    "reason.periodExpired",
    "reason.inputPeriodClosed",
    "reason.orgUnitUnknown",
    "reason.orgUnitOutsideHierarchy",
    "reason.orgUnitNotAssigned",
    "reason.orgUnitNotYetOpen",
    "reason.orgUnitClosed",
    "reason.elementNotInDataSet",
    "reason.categoryOptionComboNotOfElement",
    "reason.categoryOptionNotWritable",
    "reason.attributeOptionComboNotOfDataSet",
    "reason.attributeOptionNotWritable",
    "reason.attributeOptionOutsideDates",
    "reason.attributeOptionOfOtherOrgUnits",
    "reason.valueMissing",
    "reason.valueIsFile",
    "reason.valueNotOfType",
    "reason.valueNotAnOption",
    "reason.zeroNotSignificant",
];

/// The words of the file in the language of the page.
pub fn file_words() -> Vec<(String, String)> {
    WORDS
        .iter()
        .filter(|key| has_text(key))
        .map(|key| ((*key).to_owned(), t(key)))
        .collect()
}

/// The file's name: `tributary-malaria-monthly-2026-11-22.csv`.
pub fn file_name(exchange: &str, day: &str) -> String {
    let mut slug = String::new();
    for letter in fold(exchange).chars() {
        if letter.is_alphanumeric() {
            slug.push(letter);
        } else if !slug.ends_with('-') && !slug.is_empty() {
            slug.push('-');
        }
    }
    let parts = ["tributary", slug.trim_end_matches('-'), day];
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    format!("{}.csv", parts.join("-"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;
    use std::collections::BTreeSet;

    #[test]
    fn names_of_files_are_plain() {
        assert_eq!(
            file_name("Paludisme, données / mois", "2026-11-22"),
            "tributary-paludisme-donnees-mois-2026-11-22.csv"
        );
        assert_eq!(file_name("", "2026-11-22"), "tributary-2026-11-22.csv");
    }

    #[test]
    fn every_reason_in_the_catalogue_reaches_the_file() {
        let catalogue: Value =
            serde_json::from_str(include_str!("../../../../public/text/en.json")).unwrap();
        let ours: BTreeSet<&str> = WORDS.iter().copied().collect();
        let beginnings = ["reason.", "kind.", "outcome.", "rule.", "report.column."];
        let theirs: BTreeSet<&str> = catalogue
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .filter(|key| {
                beginnings
                    .iter()
                    .any(|beginning| key.starts_with(beginning))
            })
            .collect();
        assert_eq!(ours, theirs);
    }
}
