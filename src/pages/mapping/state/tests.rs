//! What the mapping screen decides: the next row, the next step, the numbers of its meters.

use super::*;
use tributary_exchange::questions::mapping::TargetOption;

fn part(part: MappingPart, total: u32, mapped: u32, excluded: u32, proposed: u32) -> PartState {
    PartState {
        part,
        total,
        mapped,
        excluded,
        proposed,
    }
}

fn row(key: &str, choice: RowChoice) -> MappingRow {
    MappingRow {
        key: key.to_owned(),
        choice,
        ..MappingRow::default()
    }
}

fn finding(kind: &str, part: MappingPart, names: &[&str], rows: &[&str]) -> MappingFinding {
    let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    MappingFinding {
        kind: kind.to_owned(),
        part,
        names: owned(names),
        rows: owned(rows),
    }
}

#[test]
fn every_part_is_found_by_its_name_and_nothing_else_is() {
    for part in MappingPart::ALL {
        assert_eq!(part_of(part.name()), Some(part));
    }
    assert_eq!(part_of("orgunits"), None);
    assert_eq!(part_of(""), None);
}

#[test]
fn rows_to_do_are_those_without_a_choice() {
    let units = part(MappingPart::OrgUnits, 230, 200, 14, 10);
    assert_eq!(to_do(&units), 16);
    let shown: Vec<u32> = [
        MappingFilter::All,
        MappingFilter::Open,
        MappingFilter::Proposed,
        MappingFilter::Mapped,
        MappingFilter::Excluded,
    ]
    .map(|filter| shown_by(&units, filter))
    .to_vec();
    assert_eq!(shown, [230, 16, 10, 200, 14]);
    assert_eq!(
        to_do(&part(MappingPart::OrgUnits, 1, 2, 3, 0)),
        0,
        "counts that overtake each other"
    );
}

#[test]
fn one_mapped_data_set_is_enough_to_go_on() {
    assert!(needs_work(&part(MappingPart::DataSets, 50, 0, 3, 0)));
    assert!(!needs_work(&part(MappingPart::DataSets, 50, 1, 0, 49)));
    assert!(needs_work(&part(MappingPart::Items, 50, 49, 0, 0)));
    assert!(!needs_work(&part(MappingPart::Items, 50, 49, 1, 0)));
    assert!(!needs_work(&part(MappingPart::Items, 0, 0, 0, 0)));
}

#[test]
fn the_next_part_is_the_nearest_one_with_work_left() {
    let parts = [
        part(MappingPart::DataSets, 3, 1, 0, 0),
        part(MappingPart::Items, 40, 30, 0, 0),
        part(MappingPart::AttributeOptionCombos, 1, 1, 0, 0),
        part(MappingPart::OrgUnits, 300, 290, 0, 0),
    ];
    assert_eq!(
        next_part(&parts, MappingPart::DataSets),
        Some(MappingPart::Items)
    );
    assert_eq!(
        next_part(&parts, MappingPart::Items),
        Some(MappingPart::OrgUnits)
    );
    assert_eq!(
        next_part(&parts, MappingPart::OrgUnits),
        Some(MappingPart::Items),
        "round and round"
    );
    let done = [
        part(MappingPart::DataSets, 3, 1, 0, 0),
        part(MappingPart::OrgUnits, 300, 290, 0, 0),
    ];
    assert_eq!(
        next_part(&done, MappingPart::OrgUnits),
        None,
        "only the part itself is open"
    );
}

#[test]
fn after_going_through_open_rows_comes_the_next_and_after_a_correction_the_same() {
    let chosen = RowChoice::To(TargetOption::default());
    assert_eq!(
        after_decision(&RowChoice::Open, MappingFilter::All),
        After::NextOpen
    );
    assert_eq!(
        after_decision(&RowChoice::Open, MappingFilter::Proposed),
        After::NextOpen
    );
    assert_eq!(after_decision(&chosen, MappingFilter::All), After::SameRow);
    assert_eq!(
        after_decision(&RowChoice::Excluded, MappingFilter::Excluded),
        After::SameRow
    );
    assert_eq!(
        after_decision(&RowChoice::Open, MappingFilter::Mapped),
        After::SameRow
    );
}

#[test]
fn the_next_open_row_is_not_the_one_just_decided() {
    let rows = [
        row("a", RowChoice::Excluded),
        row("b", RowChoice::Open),
        row("c", RowChoice::To(TargetOption::default())),
        row("d", RowChoice::Open),
    ];
    let found = |skip| first_open(&rows, skip).map(|(place, row)| (place, row.key.as_str()));
    assert_eq!(found(""), Some((1, "b")));
    assert_eq!(found("b"), Some((3, "d")));
    assert_eq!(first_open(&rows[..1], ""), None);
}

#[test]
fn changes_are_counted_from_the_last_saving() {
    let mut ledger = Ledger::default();
    assert!(!ledger.can_undo());
    ledger.changed(MappingPart::DataSets, 1);
    ledger.changed(MappingPart::OrgUnits, 12);
    assert_eq!(ledger.unsaved(), 13);
    ledger.saved();
    assert_eq!(ledger.unsaved(), 0);
    assert!(ledger.can_undo(), "what was saved can still be taken back");
    assert_eq!(ledger.undone(), Some(MappingPart::OrgUnits));
    assert_eq!(ledger.unsaved(), 12);
    assert_eq!(ledger.undone(), Some(MappingPart::DataSets));
    assert_eq!(ledger.undone(), None);
}

#[test]
fn no_more_can_be_undone_than_the_engine_keeps() {
    let mut ledger = Ledger::default();
    for _ in 0..150 {
        ledger.changed(MappingPart::Items, 1);
    }
    let undone = std::iter::from_fn(|| ledger.undone()).count();
    assert_eq!(undone, 100);
    assert_eq!(ledger.unsaved(), 50);
}

#[test]
fn findings_of_a_kind_become_one_line_with_all_their_rows() {
    let mut findings = vec![finding(
        "orgUnitsMeet",
        MappingPart::OrgUnits,
        &["Bo A", "Bo B", "Bo"],
        &["a", "b"],
    )];
    for number in 0..5 {
        let name = format!("Unit {number}");
        findings.push(finding(
            "orgUnitNotAssigned",
            MappingPart::OrgUnits,
            &[&name, "Here"],
            &[&name],
        ));
    }
    findings.push(finding("new", MappingPart::Items, &[], &["x"]));
    let groups = grouped(&findings);
    assert_eq!(groups.len(), 3);
    assert_eq!(
        groups[0].examples,
        [(vec!["Bo A".to_owned(), "Bo B".to_owned()], "Bo".to_owned())]
    );
    assert_eq!(groups[0].rows, ["a", "b"]);
    assert_eq!(
        (
            groups[1].count,
            groups[1].examples.len(),
            groups[1].rows.len()
        ),
        (5, 3, 5)
    );
    assert_eq!(
        (groups[2].count, groups[2].examples.len()),
        (1, 0),
        "a finding without names"
    );
}
