//! The metadata, persons and Routes of the recordings, read through the client as it asks.
use crate::common::{VERSIONS, differences, named};
use serde_json::json;
use std::cell::RefCell;
use tributary_dhis2::metadata::{ApprovalState, DataSet, OrgUnitScope};
use tributary_dhis2::query::MAX_REQUEST_LINE;
use tributary_dhis2::testing::{FakeTransport, block_on, json_response};
use tributary_dhis2::{
    Client, Failure, FailureKind, Method, Request, Response, Transport, TransportError,
};

/// A client that asks `path` and is answered as a recorded step was.
fn client(version: &str, path: &str, scenario: &str, step: &str) -> Client<FakeTransport> {
    let answer = Ok(named(version, scenario, step).response);
    let transport = FakeTransport::new().expect(Method::Get, path, answer);
    Client::own(transport, differences(version))
}

fn find<'a>(sets: &'a [DataSet], id: &str) -> &'a DataSet {
    sets.iter().find(|set| set.id == id).unwrap()
}

#[test]
fn data_sets_of_every_version() {
    let path = "api/dataSets?fields=id,code,name,displayName,periodType,expiryDays,\
                openFuturePeriods,openPeriodsAfterCoEndDate,categoryCombo%5Bid%5D,dataSetElements%5BdataElement%5Bid%5D,\
                categoryCombo%5Bid%5D%5D,dataInputPeriods%5Bperiod%5Bid%5D,openingDate,\
                closingDate%5D,workflow%5Bid%5D,access%5Bdata%5Bread,write%5D%5D,version&paging=false";
    for version in VERSIONS {
        let client_of = |step| client(version, path, "metadata-for-mapping", step);
        let sets = block_on(client_of("data sets").data_sets()).unwrap();
        assert_eq!(sets.len(), 4, "{version}");
        let monthly = find(&sets, "dsMonthly01");
        assert_eq!(monthly.period_type, "Monthly");
        assert_eq!(monthly.open_future_periods, 2);
        assert!(monthly.expiry_days.abs() < f64::EPSILON);
        assert_eq!(monthly.data_set_elements.len(), 14);
        assert!(
            monthly
                .data_set_elements
                .iter()
                .all(|element| element.data_element.is_some())
        );
        assert!(monthly.access.data_read && monthly.access.data_write);
        assert!((find(&sets, "dsExpiry001").expiry_days - 10.0).abs() < f64::EPSILON);
        assert_ne!(
            find(&sets, "dsPartner01").category_combo,
            monthly.category_combo
        );

        let step = "data sets that the clerk sees";
        let ruled = client(version, path, "zz-import-rules", step);
        let sets = block_on(ruled.data_sets()).unwrap();
        let mut open = find(&sets, "dsInputPe01").data_input_periods.clone();
        open.sort_by(|a, b| a.period.cmp(&b.period));
        assert_eq!(open.len(), 2, "{version}");
        assert_eq!(open[1].period.as_deref(), Some("202602"));
        assert_eq!(open[1].opening_date.as_deref(), Some("2026-02-01"));
        assert_eq!(open[1].closing_date.as_deref(), Some("2026-03-01"));
        assert!(!find(&sets, "dsNoWrite01").access.data_write, "{version}");
    }
}

#[test]
fn the_rest_of_the_metadata_of_every_version() {
    for version in VERSIONS {
        let client_of = |path, step| client(version, path, "metadata-for-mapping", step);
        let path = "api/dataElements?filter=domainType:eq:AGGREGATE&fields=id,code,name,\
                    displayName,shortName,valueType,aggregationType,zeroIsSignificant,\
                    categoryCombo%5Bid%5D,optionSet%5Bid%5D&paging=false";
        let elements = block_on(client_of(path, "data elements").data_elements(None)).unwrap();
        assert_eq!(elements.len(), 18, "{version}");
        let options = elements
            .iter()
            .find(|element| element.id == "deOptionSt1")
            .unwrap();
        assert_eq!(options.option_set.as_deref(), Some("osColours01"));
        let zero = elements
            .iter()
            .find(|element| element.id == "deZeroNot01")
            .unwrap();
        assert!(!zero.zero_is_significant && zero.option_set.is_none());
        assert!(
            elements
                .iter()
                .all(|element| !element.value_type.is_empty())
        );

        let path = "api/categoryCombos?fields=id,code,name,dataDimensionType,isDefault,\
                    categories%5Bid%5D,categoryOptionCombos%5Bid,code,name,displayName,\
                    categoryOptions%5Bid%5D%5D&paging=false";
        let combos = block_on(client_of(path, "category combos").category_combos(None)).unwrap();
        let age_sex = combos
            .iter()
            .find(|combo| combo.id == "ccAgeSex001")
            .unwrap();
        assert_eq!(age_sex.categories.len(), 2, "{version}");
        assert_eq!(age_sex.category_option_combos.len(), 6, "{version}");
        let two = |combo: &&_| -> bool {
            let combo: &tributary_dhis2::metadata::CategoryOptionCombo = combo;
            combo.category_options.len() == 2
        };
        assert_eq!(age_sex.category_option_combos.iter().filter(two).count(), 6);
        assert_eq!(combos.iter().filter(|combo| combo.is_default).count(), 1);

        let path = "api/optionSets?fields=id,name,valueType,options%5Bid,code,name%5D&paging=false";
        let sets = block_on(client_of(path, "option sets").option_sets(None)).unwrap();
        let codes: Vec<_> = sets[0]
            .options
            .iter()
            .filter_map(|o| o.code.as_deref())
            .collect();
        assert_eq!(codes, ["RED", "GREEN"], "{version}");

        let path = "api/organisationUnitLevels?fields=id,name,level&paging=false";
        let levels = block_on(client_of(path, "levels").org_unit_levels()).unwrap();
        assert_eq!(
            levels.iter().map(|level| level.level).collect::<Vec<_>>(),
            [1, 2, 3, 4]
        );

        let path = "api/dataSets/dsMonthly01?fields=id,organisationUnits%5Bid%5D";
        let with_units = client_of(path, "data set org units");
        let assigned = block_on(with_units.data_set_org_units("dsMonthly01"));
        assert!(assigned.unwrap().len() > 50, "{version}");

        let path = "api/categoryOptions?fields=id,code,name,startDate,endDate,\
                    organisationUnits%5Bid%5D,access%5Bdata%5Bread,write%5D%5D&paging=false";
        let step = "category options that the clerk sees";
        let ruled = client(version, path, "zz-import-rules", step);
        let options = block_on(ruled.category_options(None)).unwrap();
        let dated = options
            .iter()
            .find(|option| option.id == "coDatedOp01")
            .unwrap();
        assert_eq!(dated.start_date.as_deref(), Some("2024-01-01"), "{version}");
        assert_eq!(dated.end_date.as_deref(), Some("2025-12-31"), "{version}");
        let limited = options
            .iter()
            .filter(|option| !option.organisation_units.is_empty());
        assert_eq!(limited.count(), 1, "{version}");
    }
}

fn unit_page(page: u32) -> String {
    format!(
        "api/organisationUnits?fields=id,code,name,displayName,path,level,parent%5Bid%5D,\
         openingDate,closedDate&order=id:asc&page={page}&pageSize=5000"
    )
}

#[test]
fn org_units_come_in_pages_and_are_counted() {
    for version in VERSIONS {
        // The recorded first page is one of four; the next is empty here, so the count does
        // not come out and the reading must fail, with progress told for each page.
        let first = named(version, "metadata-for-mapping", "org units page 1").response;
        let beyond = named(version, "metadata-for-mapping", "org units page 9").response;
        let transport = FakeTransport::new()
            .expect(Method::Get, &unit_page(1), Ok(first))
            .expect(Method::Get, &unit_page(2), Ok(beyond));
        let client = Client::own(transport, differences(version));
        let mut told = Vec::new();
        let units = block_on(client.org_units(OrgUnitScope::All, |progress| {
            told.push((progress.done, progress.total));
        }));
        assert_eq!(told, [(20, 77); 2], "{version}");
        assert_eq!(
            units.unwrap_err().message,
            "20 of 77 org units",
            "{version}"
        );
        client.transport().finish();
    }
}

/// A page of org units with these uids.
fn page_of(ids: &[&str], total: usize, pages: u32) -> String {
    let units: Vec<_> = ids.iter().map(|id| json!({ "id": id })).collect();
    json!({"pager": {"total": total, "pageCount": pages}, "organisationUnits": units}).to_string()
}

/// Reads pages (each is asked for by its number) and gives back the uids or the failure.
fn read_pages(pages: &[(u32, String)]) -> Result<Vec<String>, Failure> {
    let mut transport = FakeTransport::new();
    for (number, body) in pages {
        transport = transport.get(&unit_page(*number), 200, body);
    }
    let client = Client::own(transport, differences("2.42.5.2"));
    let units = block_on(client.org_units(OrgUnitScope::All, |_| {}));
    client.transport().finish();
    Ok(units?.into_iter().map(|unit| unit.id).collect())
}

#[test]
fn a_tree_that_changes_between_two_pages_is_read_once_more() {
    let whole = [(1, page_of(&["a", "b"], 3, 2)), (2, page_of(&["c"], 3, 2))];
    assert_eq!(read_pages(&whole).unwrap(), ["a", "b", "c"]);
    // "a" was deleted after the first page: "c" moves to the first, which was read already.
    let deleted = [(1, page_of(&["a", "b"], 4, 2)), (2, page_of(&["d"], 3, 2))];
    let pages = [deleted.clone(), whole.clone()].concat();
    assert_eq!(read_pages(&pages).unwrap(), ["a", "b", "c"]);
    // Deleted and added: the count is the same, a unit stands twice.
    let moved = [(1, page_of(&["a", "b"], 3, 2)), (2, page_of(&["b"], 3, 2))];
    let pages = [moved.clone(), whole].concat();
    assert_eq!(read_pages(&pages).unwrap(), ["a", "b", "c"]);
    // Again: it is told, and nothing half is given.
    let failure = read_pages(&[deleted, moved].concat()).unwrap_err();
    assert_eq!(failure.kind, FailureKind::WrongContent);
    assert_eq!(failure.message, "they changed while they were read");
}

/// A document without its list is something else, never "nothing there".
#[test]
fn a_missing_list_is_a_failure_and_an_empty_one_is_not() {
    let path = "api/userGroups?fields=id,name&paging=false";
    for (body, expected) in [
        (r#"{"userGroups":[]}"#, Ok(0)),
        (r#"{"userGroups":[{"id":"a"}]}"#, Ok(1)),
        ("{}", Err(FailureKind::WrongContent)),
        (r#"{"userGroups":null}"#, Err(FailureKind::WrongContent)),
        (r#"{"status":"OK"}"#, Err(FailureKind::WrongContent)),
        ("[]", Err(FailureKind::WrongContent)),
    ] {
        let transport = FakeTransport::new().get(path, 200, body);
        let client = Client::own(transport, differences("2.43.1")).without_patience();
        let groups = block_on(client.user_groups());
        let found = groups.map(|groups| groups.len()).map_err(|f| f.kind);
        assert_eq!(found, expected, "{body}");
    }
    let nothing = read_pages(&[(1, "{}".into())]).unwrap_err();
    assert_eq!(nothing.kind, FailureKind::WrongContent);
    assert!(read_pages(&[(1, page_of(&[], 0, 0))]).unwrap().is_empty());
}

/// Through Routes that spoil brackets, lists of fields travel in round ones, and objects are
/// picked out of the whole list.
#[test]
fn metadata_through_routes_that_encode_again() {
    let body = json!({"optionSets": [
        {"id": "a", "options": [{"id": "o", "code": "RED"}]},
        {"id": "b"},
    ]})
    .to_string();
    let ids = ["a".to_owned(), "gone".to_owned()];
    for version in ["2.40.10", "2.41.6", "2.42.0", "2.42.3.1"] {
        let path = "api/routes/src/run/optionSets\
                    ?fields=id,name,valueType,options(id,code,name)&paging=false";
        let transport = FakeTransport::new().get(path, 200, &body);
        let client = Client::through_route(transport, "src", differences(version));
        let sets = block_on(client.option_sets(Some(&ids))).unwrap();
        assert_eq!(sets.len(), 1, "{version}");
        assert_eq!(sets[0].options[0].code.as_deref(), Some("RED"));
        client.transport().finish();
    }
    // All others are asked for the uids alone. What was deleted meanwhile is left out.
    for version in VERSIONS {
        let path = "api/routes/src/run/optionSets?filter=id:in:%5Ba,gone%5D\
                    &fields=id,name,valueType,options%5Bid,code,name%5D&paging=false";
        let body = json!({"optionSets": [{"id": "a"}]}).to_string();
        let transport = FakeTransport::new().get(path, 200, &body);
        let client = Client::through_route(transport, "src", differences(version));
        let sets = block_on(client.option_sets(Some(&ids))).unwrap();
        assert_eq!(sets.len(), 1, "{version}");
        client.transport().finish();
    }
}

/// However many uids are asked for, no address grows longer than servers take, and each uid
/// is asked for once.
#[test]
fn long_lists_of_uids_are_split() {
    let ids: Vec<String> = (0..2_000).map(|n| format!("de{n:09}")).collect();
    let echo = Echo(RefCell::default());
    let client = Client::through_route(&echo, "src", differences("2.43.1"));
    let elements = block_on(client.data_elements(Some(&ids))).unwrap();
    let read: Vec<String> = elements.into_iter().map(|element| element.id).collect();
    assert_eq!(read, ids);
    let paths = echo.0.borrow();
    assert!(paths.len() < 8, "{}", paths.len());
    assert!(paths.iter().all(|path| path.len() < MAX_REQUEST_LINE));
}

/// Answers a filter by uids with objects of those uids.
struct Echo(RefCell<Vec<String>>);

impl Transport for Echo {
    async fn send(&self, request: Request) -> Result<Response, TransportError> {
        let list = request.path.split("id:in:%5B").nth(1).unwrap();
        let ids = list.split("%5D").next().unwrap().split(',');
        let objects: Vec<_> = ids.map(|id| json!({ "id": id })).collect();
        let body = json!({ "dataElements": objects }).to_string();
        self.0.borrow_mut().push(request.path);
        Ok(json_response(200, &body))
    }
}

#[test]
fn closed_units_and_roots_are_read() {
    for version in VERSIONS {
        let step = named(version, "metadata-for-mapping", "org units page 1");
        let mut body: serde_json::Value = serde_json::from_slice(&step.response.body).unwrap();
        body["pager"]["pageCount"] = 1.into();
        body["pager"]["total"] = 20.into();
        let transport = FakeTransport::new().get(&unit_page(1), 200, &body.to_string());
        let client = Client::own(transport, differences(version));
        let units = block_on(client.org_units(OrgUnitScope::All, |_| {})).unwrap();
        let root = units.iter().find(|unit| unit.level == 1).unwrap();
        assert_eq!(
            (root.parent.as_deref(), root.path.as_str()),
            (None, "/ouCountry01")
        );
        let closed: Vec<_> = units
            .iter()
            .filter_map(|unit| unit.closed_date.as_deref())
            .collect();
        assert_eq!(closed, ["2025-06-30"], "{version}");
    }
}

#[test]
fn persons_and_servers_of_every_version() {
    for version in VERSIONS {
        let path = "api/me?fields=id,username,name,authorities,organisationUnits%5Bid,name,path,\
                    level%5D,dataViewOrganisationUnits%5Bid,name,path,level%5D,userGroups%5Bid,\
                    name%5D,settings%5BkeyUiLocale,keyDbLocale%5D,dataSets";
        let clerk = client(version, path, "system-and-session", "me as clerk");
        let me = block_on(clerk.me()).unwrap();
        assert_eq!(
            (me.username.as_str(), me.name.as_str()),
            ("clerk", "Cleo Clerk")
        );
        assert_eq!(
            me.organisation_units[0].path, "/ouCountry01/ouRegionA01",
            "{version}"
        );
        assert_eq!(me.settings.key_ui_locale.as_deref(), Some("en"));
        assert_eq!(me.user_groups[0].name, "Clerks");
        assert_eq!(me.data_sets.len(), 4);
        assert!(me.may_write_values() && !me.may_create_routes());
        let manager = client(version, path, "system-and-session", "me as manager");
        assert!(block_on(manager.me()).unwrap().may_create_routes());

        let path = "api/system/info?fields=version,calendar,contextPath,systemName,serverDate,\
                    serverTimeZoneId";
        let anyone = client(version, path, "system-and-session", "system info as clerk");
        let (info, rules) = block_on(anyone.identify()).unwrap();
        assert_eq!(
            (info.version.as_str(), info.calendar.as_str()),
            (version, "iso8601")
        );
        assert_eq!(rules, differences(version));
    }
}

#[test]
fn lock_exceptions_of_every_version() {
    let path = "api/lockExceptions?fields=organisationUnit%5Bid%5D,period%5Bid,startDate%5D,\
                dataSet%5Bid%5D&paging=false";
    for version in VERSIONS {
        let client = client(version, path, "zz-import-rules", "lock exceptions");
        let all = block_on(client.lock_exceptions()).unwrap();
        assert_eq!(all.len(), 1, "{version}");
        assert_eq!(all[0].data_set.as_deref(), Some("dsExpiry001"));
        assert_eq!(all[0].organisation_unit.as_deref(), Some("ouFacA10001"));
        let known = (version != "2.43.1").then_some("202602");
        assert_eq!(all[0].period.id.as_deref(), known, "{version}");
    }
}

#[test]
fn approval_of_every_version() {
    let path = "api/dataApprovals?wf=awMonthly01&pe=202401&ou=ouFacA10001";
    for version in VERSIONS {
        let client = client(version, path, "zz-import-rules", "approval state");
        let state = client.approval_state("awMonthly01", "202401", "ouFacA10001", None);
        assert_eq!(block_on(state).unwrap(), ApprovalState::Approved);
    }
}
