//! The items of [`Differences`], each held against the step of the recordings that shows it.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a recording that is not as expected must fail the test"
)]

mod common;

use common::{VERSIONS, differences, named};
use serde_json::Value;
use tributary_dhis2::differences::RouteQuery;
use tributary_dhis2::{Differences, Version};

fn status(version: &str, scenario: &str, name: &str) -> u16 {
    named(version, scenario, name).response.status
}

fn body(version: &str, scenario: &str, name: &str) -> Value {
    serde_json::from_slice(&named(version, scenario, name).response.body).unwrap()
}

fn count(version: &str, name: &str, counter: &str) -> u64 {
    body(version, "import-good", name)["response"]["importCount"][counter]
        .as_u64()
        .unwrap()
}

#[test]
fn each_item_is_what_the_server_of_that_version_did() {
    for version in VERSIONS {
        let rules = differences(version);
        let step = "element of two sets, set not named";
        let refused = status(version, "import-bad-requests", step) == 409;
        assert_eq!(rules.data_set_required_in_body, refused, "{version}");

        let imported = count(version, "three new", "imported");
        assert_eq!(rules.imported_always_zero, imported == 0, "{version}");
        let updated = count(version, "the same three again", "updated");
        assert_eq!(
            rules.equal_values_count_as_updated,
            updated == 3,
            "{version}"
        );

        let step = "five good and one unassigned";
        let refused = status(version, "import-bad-requests", step) == 409;
        assert_eq!(rules.key_fault_refuses_whole_request, refused, "{version}");
        let taken = status(version, "import-bad-requests", "not json") == 200;
        assert_eq!(rules.unreadable_body_is_ok, taken, "{version}");

        let refused = named(version, "export", "clerk, other region").response;
        let empty = refused.status == 200 && refused.body.is_empty();
        assert_eq!(rules.refused_read_is_empty, empty, "{version}");
        for name in ["unknown data set", "unknown org unit"] {
            let nothing = status(version, "export", name) == 200;
            assert_eq!(rules.unknown_ids_read_as_nothing, nothing, "{version}");
        }
        let group = body(version, "import-good", "read one cell group");
        let hoisted = group["dataValues"][0]["period"].is_null();
        assert_eq!(rules.json_hoists_common_members, hoisted, "{version}");

        let once = status(version, "routes", "run, space in value") == 200;
        let expected = if once {
            RouteQuery::Once
        } else {
            RouteQuery::Twice
        };
        assert_eq!(rules.route_query, expected, "{version}");
        let listed = status(version, "routes", "create, host not allowed") == 409;
        assert_eq!(rules.route_allow_list, listed, "{version}");
        let checked = status(version, "routes", "create, timeout 300") == 409;
        assert_eq!(rules.route_timeout_settable, checked, "{version}");

        let login = status(version, "system-and-session", "login") == 200;
        assert_eq!(rules.login_endpoint, login, "{version}");
        let installed = status(version, "app-hosting", "install");
        assert_eq!(rules.app_install_status, installed, "{version}");
    }
}

#[test]
fn patches_whose_routes_spoil_queries_are_known() {
    for (version, expected) in [
        ("2.40.0", RouteQuery::OnlySafeCharacters),
        ("2.40.10", RouteQuery::OnlySafeCharacters),
        ("2.40.11", RouteQuery::Once),
        ("2.41.6", RouteQuery::OnlySafeCharacters),
        ("2.41.7", RouteQuery::Once),
        ("2.42.3.1", RouteQuery::OnlySafeCharacters),
        ("2.42.4", RouteQuery::Twice),
        ("2.43.0", RouteQuery::Twice),
        ("2.43-SNAPSHOT", RouteQuery::Twice),
        ("2.44.0", RouteQuery::Twice),
    ] {
        assert_eq!(differences(version).route_query, expected, "{version}");
    }
}

#[test]
fn before_the_version_is_known_the_careful_rules_hold() {
    let careful = Differences::before_known();
    assert_eq!(careful.version, None);
    for version in VERSIONS {
        let rules = differences(version);
        assert!(careful.max_values_per_write <= rules.max_values_per_write);
        assert!(careful.refused_read_is_empty >= rules.refused_read_is_empty);
    }
    let newest = Differences::of(Version::new(43, 1, 0));
    let newer = Differences::of(Version::new(47, 0, 0));
    assert_eq!(
        Differences {
            version: None,
            ..newer
        },
        Differences {
            version: None,
            ..newest
        }
    );
}
