//! What the options of an import and of a registration ask for.

use serde_json::{Value, json};
use tributary_sandbox::ServerVersion;

use super::{ALL, call, server};

#[tokio::test]
async fn strict_options_ask_for_more_up_to_2_42() {
    for version in ALL {
        let running = server(version, "2026-11-22").await;
        let cases = [
            (
                "strictOrganisationUnits",
                json!({"orgUnit": "ouCountry01"}),
                "E7636",
            ),
            ("strictPeriods", json!({"period": "2026Q1"}), "E7632"),
            (
                "strictCategoryOptionCombos",
                json!({"categoryOptionCombo": "cocAgeSex01"}),
                "E7634",
            ),
            (
                "strictAttributeOptionCombos",
                json!({"attributeOptionCombo": "cocPartner1"}),
                "E7635",
            ),
            (
                "strictDataElements",
                json!({"dataElement": "deNoSet0001"}),
                "E7633",
            ),
            ("requireCategoryOptionCombo", json!({}), "E7630"),
            ("requireAttributeOptionCombo", json!({}), "E7631"),
        ];
        for (option, change, code) in cases {
            let mut value = json!({"dataElement": "deIntZeroP1", "period": "202601", "orgUnit": "ouFacA10001", "value": "4"});
            for (name, text) in change.as_object().unwrap() {
                value[name] = text.clone();
            }
            for (asked, wanted) in [("true", code), ("false", "")] {
                let target = format!("/api/dataValueSets?dryRun=true&{option}={asked}");
                let body = json!({ "dataValues": [value] });
                let (_, body) = call(&running, "admin", "POST", &target, body).await;
                let response = &body["response"];
                assert_eq!(
                    response["importOptions"][option],
                    asked == "true",
                    "{version} {option}"
                );
                if version < ServerVersion::V43 {
                    let got = response["conflicts"][0]["errorCode"]
                        .as_str()
                        .unwrap_or_default();
                    assert_eq!(got, wanted, "{version} {option}={asked}: {response}");
                }
            }
        }
        running.stop().await;
    }
}

#[tokio::test]
async fn registrations_are_counted_one_by_one() {
    for version in ALL {
        let running = server(version, "2026-11-22").await;
        let send = |who, strategy: &str, units: &[&str]| {
            let sent: Vec<Value> = units
                .iter()
                .map(|unit| json!({"dataSet": "dsMonthly01", "period": "202601", "organisationUnit": unit, "completed": true}))
                .collect();
            let target = format!("/api/completeDataSetRegistrations?importStrategy={strategy}");
            let body = json!({ "completeDataSetRegistrations": sent });
            let running = &running;
            async move {
                let (status, body) = call(running, who, "POST", &target, body).await;
                let count = |name: &str| body["response"]["importCount"][name].as_u64().unwrap();
                let counts = ["imported", "updated", "ignored", "deleted"].map(count);
                let conflicts = body["response"]["conflicts"].as_array().map_or(0, Vec::len);
                (status, counts, conflicts)
            }
        };
        let both = ["ouFacA10001", "ouFacB10001"];
        // One of two is refused: no error, as long as anything is done.
        assert_eq!(
            send("clerk", "CREATE_AND_UPDATE", &both).await,
            (200, [1, 0, 1, 0], 1),
            "{version}"
        );
        assert_eq!(
            send("admin", "CREATE", &both).await,
            (200, [1, 0, 1, 0], 0),
            "{version}"
        );
        assert_eq!(
            send("admin", "UPDATE", &both).await,
            (200, [0, 2, 0, 0], 0),
            "{version}"
        );
        assert_eq!(
            send("admin", "DELETE", &both).await,
            (200, [0, 0, 0, 2], 0),
            "{version}"
        );
        assert_eq!(
            send("admin", "UPDATE", &both).await,
            (409, [0, 0, 2, 0], 0),
            "{version}"
        );
        running.stop().await;
    }
}
