//! Requests beside the recorded ones: what follows from DHIS2's own source for each
//! version, where no recording asks the same.

use std::collections::BTreeSet;
use std::path::Path;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use chrono::NaiveDate;
use serde_json::{Value, json};
use tributary_sandbox::request::Request;
use tributary_sandbox::{RunningServer, ServerOptions, ServerVersion, start};

pub(crate) const ALL: [ServerVersion; 4] = [
    ServerVersion::V40,
    ServerVersion::V41,
    ServerVersion::V42,
    ServerVersion::V43,
];

fn file(path: &str) -> Value {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/recordings")
        .join(path);
    serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap()
}

/// The set-up of the recordings, and a group of org units and one of data elements.
pub(crate) async fn server(version: ServerVersion) -> RunningServer {
    let mut options = ServerOptions::new(version);
    options.today = NaiveDate::from_ymd_opt(2026, 11, 22);
    let running = start(options).await.unwrap();
    let server = &running.server;
    server.load_metadata(&file("seed/metadata.json")).unwrap();
    tributary_sandbox::demo::give_admin(server, &["ouCountry01".to_owned()]).unwrap();
    let groups = json!({
        "organisationUnitGroups": [{"id": "ougClinic01", "name": "Clinics", "shortName": "Clinics",
            "organisationUnits": [{"id": "ouFacA10001"}, {"id": "ouFacB10001"}]}],
        "dataElementGroups": [{"id": "degVisits01", "name": "Visits", "shortName": "Visits",
            "dataElements": [{"id": "deIntZeroP1"}]}],
    });
    server.load_metadata(&groups).unwrap();
    let mut values = file("seed/values.json");
    if version < ServerVersion::V43 {
        values.as_object_mut().unwrap().shift_remove("dataSet");
    }
    server.load_values(&values).unwrap();
    running
}

/// Status, DHIS2's code, and the body.
pub(crate) async fn get(running: &RunningServer, who: &str, target: &str) -> (u16, String, Value) {
    let password = if who == "admin" {
        "admin:district"
    } else {
        "clerk:Clerk123!"
    };
    let request = Request::new("GET", target)
        .with_header("host", "h")
        .with_header(
            "authorization",
            &format!("Basic {}", BASE64_STANDARD.encode(password)),
        );
    let answer = running.server.handle(request).await;
    let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let code = body["errorCode"].as_str().unwrap_or_default().to_owned();
    (answer.status, code, body)
}

/// The org units and data elements of an answer's values; hoisted members count for all.
fn seen(body: &Value) -> BTreeSet<(String, String)> {
    let text = |value: &Value, name: &str| {
        value[name]
            .as_str()
            .or(body[name].as_str())
            .unwrap_or_default()
            .to_owned()
    };
    let values = body["dataValues"].as_array().cloned().unwrap_or_default();
    values
        .iter()
        .map(|v| (text(v, "orgUnit"), text(v, "dataElement")))
        .collect()
}

const READ: &str = "/api/dataValueSets?";
const SET: &str = "dataSet=dsMonthly01";

#[tokio::test]
async fn reads_are_refused_for_what_is_missing_or_too_much() {
    // Query, then the code up to 2.42 and from 2.43 on; nothing: it is answered.
    let cases = [
        ("period=202601&orgUnit=ouFacA10001", "E2001", "E2001"),
        // Up to 2.42 the last fault is told, from 2.43 on the first.
        ("period=202601", "E2006", "E2001"),
        (
            "dataSet=dsMonthly01&children=true&period=202601",
            "E2008",
            "E2006",
        ),
        (
            "dataSet=dsMonthly01&startDate=2026-03-01&endDate=2026-01-01&orgUnit=ouFacA10001",
            "E2004",
            "E2004",
        ),
        (
            "dataSet=dsMonthly01&period=202601&orgUnit=ouFacA10001&limit=-1",
            "E2009",
            "E2009",
        ),
        (
            "dataSet=dsMonthly01&period=202601&orgUnit=ouFacA10001&lastUpdatedDuration=7x",
            "E2005",
            "",
        ),
        (
            "dataSet=dsMonthly01&period=202601&orgUnitGroup=ougClinic01",
            "",
            "",
        ),
        (
            "dataSet=dsMonthly01&period=202601&orgUnit=ouFacA10001&orgUnitGroup=ougClinic01&children=true",
            "E2007",
            "E2007",
        ),
        (
            "dataSet=dsMonthly01&orgUnit=ouFacA10001&lastUpdatedDuration=1d",
            "",
            "E2002",
        ),
        (
            "dataSet=dsMonthly01&period=202601&startDate=2026-01-01&endDate=2026-02-01&orgUnit=ouFacA10001",
            "",
            "E2003",
        ),
        (
            "dataElementGroup=degVisits01&period=202601&orgUnit=ouFacA10001",
            "",
            "",
        ),
    ];
    for version in ALL {
        let running = server(version).await;
        for (query, old, new) in cases {
            let wanted = if version < ServerVersion::V43 {
                old
            } else {
                new
            };
            let (status, code, body) = get(&running, "admin", &format!("{READ}{query}")).await;
            assert_eq!(code, wanted, "{version} {query}: {body}");
            assert_eq!(
                status,
                if wanted.is_empty() { 200 } else { 409 },
                "{version} {query}"
            );
        }
        running.stop().await;
    }
}

#[tokio::test]
async fn the_order_of_parameters_and_their_form_do_not_matter() {
    for version in ALL {
        let running = server(version).await;
        let ways = [
            "dataSet=dsMonthly01&period=202601&period=202602&orgUnit=ouFacA10001&orgUnit=ouFacA10002",
            "orgUnit=ouFacA10002,ouFacA10001&period=202602,202601&dataSet=dsMonthly01",
            "dataSet=dsMonthly01,dsPartner01&startDate=2026-01-01&endDate=2026-02-28&orgUnit=ouFacA10001&orgUnit=ouFacA10002&dataSet=dsMonthly01",
        ];
        let mut found = Vec::new();
        for way in ways {
            let (status, _, body) = get(&running, "admin", &format!("{READ}{way}")).await;
            assert_eq!(status, 200, "{version} {way}");
            found.push((body["dataValues"].as_array().unwrap().len(), seen(&body)));
        }
        assert!(found[0].0 > 4);
        assert_eq!(found[0], found[1], "{version}");
        assert_eq!(found[0], found[2], "{version}");
        running.stop().await;
    }
}

#[tokio::test]
async fn groups_stand_for_their_members() {
    for version in ALL {
        let running = server(version).await;
        let target = format!("{READ}{SET}&period=202601&orgUnitGroup=ougClinic01");
        let (_, _, body) = get(&running, "admin", &target).await;
        let units: BTreeSet<String> = seen(&body).into_iter().map(|(unit, _)| unit).collect();
        assert_eq!(
            units,
            ["ouFacA10001", "ouFacB10001"].map(str::to_owned).into(),
            "{version}"
        );
        // From 2.43 on a clerk gets from a group what is the clerk's own unit exactly: nothing.
        let (status, _, body) = get(&running, "clerk", &target).await;
        assert_eq!(status, 200);
        assert_eq!(
            seen(&body).is_empty(),
            version >= ServerVersion::V43,
            "{version}"
        );

        // Up to 2.42 a group of data elements puts the set's own aside.
        let target =
            format!("{READ}{SET}&dataElementGroup=degVisits01&period=202601&orgUnit=ouFacA10001");
        let (_, _, body) = get(&running, "admin", &target).await;
        let only_group = seen(&body)
            .iter()
            .all(|(_, element)| element == "deIntZeroP1");
        assert_eq!(
            only_group,
            version < ServerVersion::V43,
            "{version}: {body}"
        );
        running.stop().await;
    }
}

/// As seen on a real 2.42.5.2.
#[tokio::test]
async fn a_read_that_is_refused_as_json_is_a_500_as_csv() {
    for version in ALL {
        let running = server(version).await;
        let read = "dataSet=dsMonthly01&period=202601&orgUnit=ouNobody001";
        let (status, code, _) = get(&running, "admin", &format!("{READ}{read}")).await;
        if version < ServerVersion::V43 {
            assert_eq!((status, code.as_str()), (409, "E2006"), "{version}");
        }
        let target = format!("/api/dataValueSets.csv?{read}");
        let as_csv = get(&running, "admin", &target).await.0;
        assert_eq!(
            as_csv,
            if status == 409 { 500 } else { status },
            "{version}"
        );
        running.stop().await;
    }
}

#[tokio::test]
async fn what_a_clerk_may_not_see_is_an_empty_200_or_a_409() {
    for version in ALL {
        let running = server(version).await;
        for units in ["orgUnit=ouFacB10001", "orgUnit=ouCountry01&children=true"] {
            let target = format!("{READ}{SET}&period=202601&{units}");
            let (status, code, body) = get(&running, "clerk", &target).await;
            if version < ServerVersion::V43 {
                assert_eq!((status, body), (200, Value::Null), "{version} {units}");
            } else {
                assert_eq!((status, code.as_str()), (409, "E2012"), "{version} {units}");
            }
        }
        running.stop().await;
    }
}

#[tokio::test]
async fn completeness_is_read_in_the_same_ways() {
    let cases = [
        ("period=202601&orgUnit=ouFacA10001", 409, "E2013"),
        ("dataSet=dsMonthly01&orgUnit=ouFacA10001", 409, "E2002"),
        ("dataSet=dsMonthly01&period=202601", 409, "E2006"),
        (
            "dataSet=dsMonthly01&period=202601&children=true",
            409,
            "E2008",
        ),
        (
            "dataSet=dsMonthly01&createdDuration=soon&orgUnit=ouFacA10001",
            409,
            "E2005",
        ),
        (
            "dataSet=dsMonthly01&createdDuration=3d&orgUnit=ouFacA10001",
            200,
            "",
        ),
        (
            "dataSet=dsMonthly01&dataSet=dsPartner01&period=202601&orgUnitGroup=ougClinic01",
            200,
            "",
        ),
        (
            "dataSet=dsMonthly01&startDate=2026-01-01&endDate=2026-12-31&orgUnit=ouCountry01&children=true",
            200,
            "",
        ),
    ];
    for version in ALL {
        let running = server(version).await;
        let body = json!({"completeDataSetRegistrations": [
            {"dataSet": "dsMonthly01", "period": "202601", "organisationUnit": "ouFacA10001", "completed": true},
        ]});
        let request = Request::new("POST", "/api/completeDataSetRegistrations")
            .with_header("authorization", "Basic YWRtaW46ZGlzdHJpY3Q=")
            .with_body("application/json", body.to_string());
        assert_eq!(running.server.handle(request).await.status, 200);
        for (query, status, code) in cases {
            let target = format!("/api/completeDataSetRegistrations?{query}");
            let (got, got_code, body) = get(&running, "admin", &target).await;
            assert_eq!(
                (got, got_code.as_str()),
                (status, code),
                "{version} {query}: {body}"
            );
            if status == 200 {
                let found = body["completeDataSetRegistrations"]
                    .as_array()
                    .map_or(0, Vec::len);
                assert_eq!(found, 1, "{version} {query}: {body}");
            }
        }
        let by_code = "/api/completeDataSetRegistrations?dataSet=dsMonthly01&period=202601&orgUnit=ouFacA10001&idScheme=CODE";
        let (_, _, body) = get(&running, "admin", by_code).await;
        let found = &body["completeDataSetRegistrations"][0];
        assert_eq!(
            (&found["dataSet"], &found["organisationUnit"]),
            (&json!("DSMONTHLY01"), &json!("OU_A101"))
        );
        let other = "/api/completeDataSetRegistrations?dataSet=dsMonthly01&period=202601&orgUnit=ouFacB10001";
        assert_eq!(get(&running, "clerk", other).await.1, "E2012", "{version}");
        running.stop().await;
    }
}

#[tokio::test]
async fn filters_are_read_as_the_servers_read_them() {
    // Filter, and how many org units it leaves; none: it is refused.
    let cases: [(&str, Option<usize>); 14] = [
        ("filter=level:eq:1", Some(1)),
        ("filter=level:le:2", Some(5)),
        ("filter=level:gt:3&filter=name:ilike:clinic", Some(12)),
        (
            "filter=level:eq:1&filter=level:eq:2&rootJunction=OR",
            Some(5),
        ),
        ("filter=id:in:[ouCountry01,ouRegionA01]", Some(2)),
        ("filter=id:!in:[ouCountry01]", Some(76)),
        ("filter=closedDate:!null", Some(1)),
        ("filter=parent.id:eq:ouCountry01", Some(4)),
        ("filter=id:ne:ouCountry01", Some(76)),
        ("filter=name:startsWith:north&filter=level:eq:2", Some(1)),
        ("filter=path:like:ouDistrA101", Some(6)),
        ("filter=name:nonsense:1", None),
        ("filter=nowhere:eq:1", None),
        ("filter=name", None),
    ];
    for version in ALL {
        let running = server(version).await;
        for (query, wanted) in cases {
            let target = format!("/api/organisationUnits?paging=false&fields=id&{query}");
            let (status, code, body) = get(&running, "admin", &target).await;
            match wanted {
                Some(wanted) => {
                    let found = body["organisationUnits"].as_array().map_or(0, Vec::len);
                    assert_eq!((status, found), (200, wanted), "{version} {query}");
                }
                None => assert_eq!((status, code.as_str()), (400, "E1003"), "{version} {query}"),
            }
        }
        let target = "/api/organisationUnits/ouFacA10001?fields=id,parent[id,!id,name,parent[name]],ancestors~pluck(id),!path";
        let (_, _, body) = get(&running, "admin", target).await;
        assert_eq!(body["ancestors"].as_array().unwrap().len(), 3, "{body}");
        assert!(body["parent"].get("id").is_none(), "{body}");
        assert!(body["parent"]["parent"]["name"].is_string(), "{body}");
        running.stop().await;
    }
}
