//! Findings and proposals.

use crate::support::*;
use tributary_engine::catalogue::Catalogue;
use tributary_engine::mapping::{
    Choice, CombinationRule, DataSetPair, Item, Mapping, findings, propose,
};
use tributary_engine::slice::org_units_within;
use tributary_engine::symbol::Symbols;

fn check_findings(change: impl FnOnce(&mut Mapping), expected: &[&str]) {
    let catalogue = catalogue();
    let mut mapping = same_to_same(&catalogue);
    mapping.org_units.shift_remove("ouFacD30005");
    change(&mut mapping);
    let codes: Vec<_> = findings(&mapping, &catalogue)
        .iter()
        .map(|finding| finding.code())
        .collect();
    assert_eq!(codes, expected);
}

fn item(element: &str, combo: &str) -> Item {
    Item {
        data_element: element.into(),
        category_option_combo: combo.into(),
    }
}

#[test]
fn what_is_wrong_in_a_mapping() {
    let to = |uid: &str| Choice::To(uid.to_owned());
    check_findings(|_| {}, &[]);
    check_findings(
        |m| drop(m.org_units.insert("ou2".into(), to("ouFacA10001"))),
        &["orgUnitsMeet"],
    );
    check_findings(
        |m| {
            m.org_units.insert("ou2".into(), to("ouFacA10001"));
            m.combinations.default = Some(CombinationRule::Sum);
        },
        &[],
    );
    check_findings(
        |m| drop(m.org_units.insert("ou2".into(), to("ouNoSuchOne"))),
        &["unknownOrgUnit"],
    );
    check_findings(
        |m| drop(m.org_units.insert("ou2".into(), to("ouFacD30005"))),
        &["orgUnitNotAssigned"],
    );
    check_findings(
        |m| drop(m.org_units.insert("ou2".into(), Choice::Excluded)),
        &[],
    );
    let set =
        |from: &'static str, choice| move |m: &mut Mapping| m.set_item(item(from, DEFAULT), choice);
    check_findings(
        set("de2", Choice::To(item("deText00001", DEFAULT))),
        &["itemsMeet"],
    );
    check_findings(
        set("de2", Choice::To(item("deNoSuchOne", DEFAULT))),
        &["unknownDataElement"],
    );
    check_findings(
        set("de2", Choice::To(item("deQuarter01", DEFAULT))),
        &["elementNotInDataSets"],
    );
    check_findings(
        set("de2", Choice::To(item("deAgeSex001", DEFAULT))),
        &["categoryOptionComboNotOfElement"],
    );
    check_findings(set("de2", Choice::Excluded), &[]);
    let attribute = |m: &mut Mapping, from: &str, uid: &str| {
        m.attribute_option_combos.insert(from.into(), to(uid));
    };
    check_findings(
        |m| attribute(m, "a2", "cocDated001"),
        &["attributeOptionComboNotOfDataSets"],
    );
    check_findings(
        |m| attribute(m, "a2", DEFAULT),
        &["attributeOptionCombosMeet"],
    );
    let pair = DataSetPair {
        source: "ds2".into(),
        destination: "dsNoSuchSet".into(),
    };
    check_findings(|m| m.data_sets.push(pair), &["unknownDataSet"]);
}

/// The destination's catalogue as another server would have it: other uids
/// (`S_` before each), the same codes.
fn elsewhere() -> Catalogue {
    let text = serde_json::to_string(&catalogue()).unwrap();
    let mut other = text;
    for prefix in ["ou", "de", "ds", "coc", "cc", "co", "os"] {
        other = other.replace(&format!("\"{prefix}"), &format!("\"S_{prefix}"));
    }
    serde_json::from_str(&fields_back(&other)).unwrap()
}

/// Field names begin like uids here and there; they get their names back.
fn fields_back(text: &str) -> String {
    [
        "code",
        "data_elements",
        "data_element",
        "data_sets",
        "category_combos",
    ]
    .iter()
    .fold(text.to_owned(), |text, field| {
        text.replace(&format!("\"S_{field}\":"), &format!("\"{field}\":"))
    })
}

#[test]
fn the_catalogue_survives_storage() {
    let text = serde_json::to_string(&catalogue()).unwrap();
    assert_eq!(
        serde_json::from_str::<Catalogue>(&text).unwrap(),
        catalogue()
    );
}

#[test]
fn equal_servers_are_paired_by_uid() {
    let proposals = propose(&catalogue(), &catalogue());
    assert_eq!(proposals.org_units.len(), catalogue().org_units.len());
    assert!(
        proposals
            .org_units
            .iter()
            .all(|pair| pair.source == pair.destination && pair.evidence.code() == "sameUid")
    );
    assert_eq!(proposals.data_sets.len(), catalogue().data_sets.len());
    assert!(
        proposals
            .items
            .iter()
            .all(|pair| pair.source == pair.destination)
    );
    assert_eq!(proposals.attribute_option_combos.len(), 4);
}

#[test]
fn other_uids_are_paired_by_code_and_options() {
    let mut source = elsewhere();
    source.org_units["S_ouFacA10002"].code = Some(" C_ouFacA10002 ".into());
    source.org_units["S_ouFacB10001"].code = Some("c_oufacb10001".into());
    source.org_units["S_ouFacA10001"].code = Some("C_ouFacA10005".into());
    let proposals = propose(&source, &catalogue());
    let described: Vec<_> = proposals
        .org_units
        .iter()
        .map(|pair| {
            format!(
                "{}>{} {}",
                pair.source,
                pair.destination,
                pair.evidence.code()
            )
        })
        .collect();
    assert_eq!(
        described,
        [
            "S_ouRoot00001>ouRoot00001 sameCode",
            "S_ouRegionA01>ouRegionA01 sameCode",
            "S_ouRegionB01>ouRegionB01 sameCode",
            "S_ouFacA10002>ouFacA10002 sameCode",
            "S_ouFacD30005>ouFacD30005 sameCode",
        ],
        "a code that stands twice, or differs in case, is not proposed"
    );
    let items: Vec<_> = proposals
        .items
        .iter()
        .filter(|pair| {
            pair.source.data_element.ends_with("AgeSex001")
                || pair.source.data_element.ends_with("Text00001")
        })
        .map(|pair| {
            let combos =
                [&pair.source, &pair.destination].map(|item| item.category_option_combo.as_str());
            format!(
                "{}>{} {} {}",
                combos[0],
                combos[1],
                pair.element.code(),
                pair.option_combo.code()
            )
        })
        .collect();
    assert_eq!(
        items,
        [
            "HllvX50cXC0>HllvX50cXC0 sameCode default",
            "S_cocAgeSex01>cocAgeSex01 sameCode sameOptions",
            "S_cocAgeSex02>cocAgeSex02 sameCode sameOptions",
        ]
    );
}

#[test]
fn org_units_below_those_chosen() {
    let mut symbols = Symbols::new();
    let within = org_units_within(&catalogue(), &["ouRegionB01".into()], &mut symbols);
    let mut names: Vec<_> = within.iter().map(|unit| symbols.text(*unit)).collect();
    names.sort_unstable();
    assert_eq!(names, ["ouFacB10001", "ouRegionB01"]);
}
