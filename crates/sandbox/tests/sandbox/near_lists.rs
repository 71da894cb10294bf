//! Lists of metadata beside the recorded ones, and reads with parameters that are not of their
//! type: as seen on a real 2.42.5.2.

use serde_json::json;
use tributary_sandbox::ServerVersion;

use crate::near::{ALL, get, server};

#[tokio::test]
async fn a_filter_by_a_property_of_another_kind_is_refused() {
    for version in ALL {
        let running = server(version).await;
        for (kind, filter) in [
            ("categoryOptions", "level:eq:3"),
            ("dataSets", "path:like:x"),
        ] {
            let property = filter.split(':').next().unwrap();
            let target = format!("/api/{kind}?filter={filter}");
            let (status, code, body) = get(&running, "admin", &target).await;
            assert_eq!((status, code.as_str()), (400, "E1003"), "{version} {body}");
            assert_eq!(
                body["message"],
                format!("Unknown path property: {property}")
            );
        }
        let target = "/api/organisationUnits?filter=level:eq:1&filter=path:like:ouCountry01";
        assert_eq!(get(&running, "admin", target).await.0, 200);
        running.stop().await;
    }
}

#[tokio::test]
async fn a_comparison_with_nothing_is_a_500_without_a_message() {
    let running = server(ServerVersion::V42).await;
    for filter in ["name:like", "name:eq:", "created:gt"] {
        let target = format!("/api/dataSets?filter={filter}");
        let (status, _, body) = get(&running, "admin", &target).await;
        let wanted = json!({"httpStatus": "Internal Server Error", "httpStatusCode": 500, "status": "ERROR"});
        assert_eq!((status, body), (500, wanted), "{filter}");
    }
    for filter in ["name:null", "name:!null", "dataSetElements:empty"] {
        let target = format!("/api/dataSets?filter={filter}");
        assert_eq!(get(&running, "admin", &target).await.0, 200, "{filter}");
    }
    let (status, code, body) = get(&running, "admin", "/api/dataSets?filter=id:in").await;
    assert_eq!((status, code.as_str()), (400, "E1003"));
    assert_eq!(body["message"], "Invalid argument `null` for in operator.");
    running.stop().await;
}

#[tokio::test]
async fn users_are_listed_to_those_who_may_view_them() {
    for version in ALL {
        let running = server(version).await;
        let (status, code, _) = get(&running, "clerk", "/api/users?fields=id").await;
        assert_eq!((status, code.as_str()), (403, "E1006"), "{version}");
        assert_eq!(get(&running, "admin", "/api/users?fields=id").await.0, 200);
        running.stop().await;
    }
}

#[tokio::test]
async fn names_are_in_order_whatever_their_letters_unless_order_is_asked_for() {
    for version in ALL {
        let running = server(version).await;
        let names = |body: &serde_json::Value| -> Vec<String> {
            let all = body["categoryCombos"].as_array().unwrap();
            all.iter()
                .map(|c| c["name"].as_str().unwrap().to_owned())
                .collect()
        };
        let target = "/api/categoryCombos?fields=name";
        let (_, _, body) = get(&running, "admin", target).await;
        let found = names(&body);
        assert_eq!(
            found,
            ["Age and sex", "default", "Funding partner"],
            "{version}"
        );
        let (_, _, body) = get(&running, "admin", &format!("{target}&order=name:asc")).await;
        let found = names(&body);
        assert_eq!(
            found,
            ["Age and sex", "Funding partner", "default"],
            "{version}"
        );
        running.stop().await;
    }
}

#[tokio::test]
async fn a_read_with_a_parameter_that_is_not_of_its_type_is_refused_before_all_else() {
    let cases = [
        (
            "limit=x",
            "Value 'x' is not valid for parameter limit. For input string: \"x\"",
            400,
        ),
        (
            "lastUpdated=x",
            "Value 'x' is not valid for parameter lastUpdated. Invalid format: \"x\"",
            400,
        ),
        (
            "idScheme=x",
            "No enum constant org.hisp.dhis.common.IdentifiableProperty.X",
            500,
        ),
    ];
    for version in [ServerVersion::V40, ServerVersion::V41, ServerVersion::V42] {
        let running = server(version).await;
        for (query, message, as_csv) in cases {
            let (status, code, body) =
                get(&running, "admin", &format!("/api/dataValueSets?{query}")).await;
            assert_eq!((status, code.as_str()), (400, ""), "{version} {query}");
            assert_eq!(body["message"], message);
            let target = format!("/api/dataValueSets.csv?{query}");
            assert_eq!(
                get(&running, "admin", &target).await.0,
                as_csv,
                "{version} {query}"
            );
        }
        running.stop().await;
    }
}

/// The members of a set of one period, named twice, stay on top of the answer.
#[tokio::test]
async fn what_is_named_twice_counts_once() {
    for version in [ServerVersion::V40, ServerVersion::V41, ServerVersion::V42] {
        let running = server(version).await;
        let target = "/api/dataValueSets?dataSet=dsMonthly01&period=202601&period=202601&orgUnit=ouFacA10001,ouFacA10001";
        let (_, _, body) = get(&running, "admin", target).await;
        assert_eq!(
            (&body["period"], &body["orgUnit"]),
            (&json!("202601"), &json!("ouFacA10001")),
            "{version}"
        );
        running.stop().await;
    }
}
