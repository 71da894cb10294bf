//! A server made of metadata that come from elsewhere.

use serde_json::json;

use super::*;

/// A payload as published metadata are: no org units, an element broken down
/// otherwise by its data set, several value and period types.
fn published() -> Value {
    json!({
        "categoryOptions": [{"id": "coYoung0001", "name": "Young"}, {"id": "coOld000001", "name": "Old"}],
        "categories": [{"id": "catAge00001", "name": "Age", "categoryOptions": [{"id": "coYoung0001"}, {"id": "coOld000001"}]}],
        "categoryCombos": [{"id": "ccAge000001", "name": "Age", "categories": [{"id": "catAge00001"}]}],
        "categoryOptionCombos": [
            {"id": "cocYoung001", "name": "Young", "categoryCombo": {"id": "ccAge000001"}, "categoryOptions": [{"id": "coYoung0001"}]},
            {"id": "cocOld00001", "name": "Old", "categoryCombo": {"id": "ccAge000001"}, "categoryOptions": [{"id": "coOld000001"}]},
        ],
        "optionSets": [{"id": "osState0001", "name": "State", "options": [{"id": "opGood00001"}]}],
        "options": [{"id": "opGood00001", "code": "GOOD", "optionSet": {"id": "osState0001"}}],
        "dataElements": [
            {"id": "deCount0001", "valueType": "INTEGER_ZERO_OR_POSITIVE", "zeroIsSignificant": false, "categoryCombo": {"id": "bjDvmb4bfuf"}},
            {"id": "deShare0001", "valueType": "PERCENTAGE", "zeroIsSignificant": true, "categoryCombo": {"id": "bjDvmb4bfuf"}},
            {"id": "deState0001", "valueType": "TEXT", "optionSet": {"id": "osState0001"}, "categoryCombo": {"id": "bjDvmb4bfuf"}},
            {"id": "deDay000001", "valueType": "DATE", "categoryCombo": {"id": "bjDvmb4bfuf"}},
            {"id": "deFile00001", "valueType": "FILE_RESOURCE", "categoryCombo": {"id": "bjDvmb4bfuf"}},
        ],
        "dataSets": [
            {"id": "dsMonth0001", "periodType": "Monthly", "categoryCombo": {"id": "bjDvmb4bfuf"}, "organisationUnits": [], "dataSetElements": [
                {"dataElement": {"id": "deCount0001"}, "dataSet": {"id": "dsMonth0001"}, "categoryCombo": {"id": "ccAge000001"}},
                {"dataElement": {"id": "deShare0001"}, "dataSet": {"id": "dsMonth0001"}},
                {"dataElement": {"id": "deState0001"}, "dataSet": {"id": "dsMonth0001"}},
                {"dataElement": {"id": "deFile00001"}, "dataSet": {"id": "dsMonth0001"}},
            ]},
            {"id": "dsQuarter01", "periodType": "Quarterly", "categoryCombo": {"id": "ccAge000001"}, "organisationUnits": [], "dataSetElements": [
                {"dataElement": {"id": "deDay000001"}, "dataSet": {"id": "dsQuarter01"}},
            ]},
        ],
    })
}

#[test]
fn a_payload_without_places_becomes_a_server() {
    let options = DressOptions {
        facilities: 40,
        months: 12,
        last_month: LAST,
        side: DressSide::Destination,
    };
    let destination = dress(&published(), &options);
    let source = dress(
        &published(),
        &DressOptions {
            side: DressSide::Source,
            ..options.clone()
        },
    );
    for server in [&destination, &source] {
        check_ids(server);
        check_values(server);
        let of = |element: &str| {
            server
                .values
                .iter()
                .filter(|value| value.data_element == element)
                .count()
        };
        assert!(
            of("deCount0001") > 100
                && of("deShare0001") > 100
                && of("deState0001") > 100
                && of("deDay000001") > 50
        );
        assert_eq!(of("deFile00001"), 0);
        assert!(
            server
                .values
                .iter()
                .filter(|value| value.data_element == "deCount0001")
                .all(|value| value.value != "0" && value.category_option_combo.starts_with("coc"))
        );
    }
    assert_eq!(
        fingerprint(&destination),
        fingerprint(&dress(&published(), &options))
    );
    let last = |server: &SampleServer| {
        server
            .values
            .iter()
            .filter(|value| value.period == "202610")
            .count()
    };
    assert!(last(&destination) == 0 && last(&source) > 50);

    let (elsewhere, map) = source.under_other_uids(3);
    check_ids(&elsewhere);
    check_values(&elsewhere);
    assert_eq!(elsewhere.root, map[&source.root]);
    assert_eq!(elsewhere.values.len(), source.values.len());
    let new = |uid: &str| map.get(uid).cloned().unwrap_or(uid.to_owned());
    for (before, after) in source.values.iter().zip(elsewhere.values.iter()) {
        assert_eq!(
            (new(before.data_element), new(before.org_unit)),
            (after.data_element.into(), after.org_unit.into())
        );
        assert_eq!((before.period, before.value), (after.period, after.value));
    }
}
