//! Who may change what: a second administrator can change a connection's exchange only after
//! the first one has shared it with a user group of theirs.

use crate::support::{InProcess, as_admin, ask, server};
use serde_json::json;
use tributary_exchange::questions::connections::{
    CreateConnection, ListConnections, ShareConnection, SourceLogin,
};
use tributary_exchange::questions::exchanges::{
    ExchangeDraft, OpenExchange, OrgUnitScope, PeriodRule, SaveExchange,
};
use tributary_exchange::questions::mapping::{
    ChangeMapping, MappingChange, MappingPart, OpenMapping, SaveMapping,
};
use tributary_exchange::service::Service;
use tributary_sandbox::{RunningServer, ServerVersion};

/// `manager:Route4Data!x` and `second:Route4Data!x`, as a browser sends them.
const FIRST: &str = "bWFuYWdlcjpSb3V0ZTREYXRhIXg=";
const SECOND: &str = "c2Vjb25kOlJvdXRlNERhdGEheA==";
const GROUP: &str = "ugManager01";

/// A second manager, with the same rights, and a user group that only this one is in.
async fn with_second_manager(version: ServerVersion) -> RunningServer {
    let running = server(version, false).await;
    let metadata = json!({
        "users": [{"id": "usSecond001", "username": "second", "password": "Route4Data!x",
            "firstName": "Second", "surname": "Manager", "userRoles": [{"id": "urManager01"}],
            "organisationUnits": [{"id": "ouCountry01"}]}],
        "userGroups": [{"id": GROUP, "name": "HMIS team", "users": [{"id": "usSecond001"}],
            "sharing": {"public": "r-------"}}],
    });
    let answer = as_admin(&running, "POST", "/api/metadata", Some(metadata)).await;
    assert!(answer.to_string().contains("\"OK\""), "{answer}");
    running
}

fn draft(connection: &str) -> ExchangeDraft {
    ExchangeDraft {
        id: String::new(),
        revision: 0,
        name: "Monthly".into(),
        connection: connection.to_owned(),
        data_sets: vec!["dsMonthly01".into()],
        period_rule: PeriodRule::Last(2),
        scope: OrgUnitScope::AllMapped,
        ..ExchangeDraft::default()
    }
}

async fn the_second_one_can_change_it_when_it_is_shared(version: ServerVersion) {
    let destination = with_second_manager(version).await;
    let source = server(ServerVersion::V42, false).await;
    let first = Service::new(InProcess::new(&destination, FIRST));
    let connection = CreateConnection {
        name: "Programme".into(),
        address: source.base_url.clone(),
        login: SourceLogin::Basic {
            username: "admin".into(),
            password: "district".into(),
        },
        share_with: vec![GROUP.into()],
    };
    let connection = ask(&first, connection).await.unwrap();
    let save = SaveExchange {
        exchange: draft(&connection.id),
    };
    let exchange = ask(&first, save).await.unwrap();
    let open = OpenMapping {
        connection: connection.id.clone(),
    };
    let accept = ChangeMapping {
        part: MappingPart::DataSets,
        change: MappingChange::AcceptProposals,
    };
    ask(&first, open.clone()).await.unwrap();
    ask(&first, accept).await.unwrap();
    ask(&first, SaveMapping {}).await.unwrap();

    let second = Service::new(InProcess::new(&destination, SECOND));
    let reopen = OpenExchange {
        id: Some(exchange.id.clone()),
    };
    let form = ask(&second, reopen.clone()).await.unwrap();
    assert!(!form.editable, "{version:?}");
    assert!(!ask(&second, open.clone()).await.unwrap().editable);
    let mut changed = form.exchange;
    changed.name = "Taken over".into();
    let save = SaveExchange {
        exchange: changed.clone(),
    };
    let problem = ask(&second, save.clone()).await.unwrap_err();
    assert_eq!(problem.kind, "forbidden", "{version:?} {problem:?}");

    let share = ShareConnection {
        id: connection.id.clone(),
        editors: vec![GROUP.into()],
    };
    let shared = ask(&first, share).await.unwrap();
    assert_eq!(shared.editors, [GROUP]);

    let form = ask(&second, reopen).await.unwrap();
    assert!(form.editable, "{version:?}");
    ask(&second, save).await.unwrap();
    assert!(ask(&second, open.clone()).await.unwrap().editable);
    let leave_out = ChangeMapping {
        part: MappingPart::DataSets,
        change: MappingChange::Exclude {
            row: "dsMonthly01".into(),
        },
    };
    ask(&second, leave_out).await.unwrap();
    ask(&second, SaveMapping {}).await.unwrap();

    // What the second one makes from now on the group shares, too; and the right can be taken.
    let save = SaveExchange {
        exchange: draft(&connection.id),
    };
    ask(&second, save).await.unwrap();
    let unshare = ShareConnection {
        id: connection.id.clone(),
        editors: Vec::new(),
    };
    ask(&first, unshare).await.unwrap();
    assert!(!ask(&second, open).await.unwrap().editable);
    let listed = ask(&second, ListConnections {}).await.unwrap();
    assert_eq!(listed[0].editors, Vec::<String>::new());
}

#[tokio::test]
async fn until_2_41() {
    the_second_one_can_change_it_when_it_is_shared(ServerVersion::V40).await;
    the_second_one_can_change_it_when_it_is_shared(ServerVersion::V41).await;
}

#[tokio::test]
async fn since_2_42() {
    the_second_one_can_change_it_when_it_is_shared(ServerVersion::V42).await;
    the_second_one_can_change_it_when_it_is_shared(ServerVersion::V43).await;
}
