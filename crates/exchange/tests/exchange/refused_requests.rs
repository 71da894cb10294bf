//! 2.43 refuses a whole request for the sake of some of its values: the good ones go in all
//! the same, and the others are told with their reason.

use crate::support::stage::{CLERK, Stage, read, send, stage_on};
use crate::support::{InProcess, as_admin, ask, server};
use serde_json::{Value, json};
use tributary_exchange::questions::import::{PlanRows, RowOutcome, RunReport};
use tributary_exchange::service::Service;
use tributary_sandbox::ServerVersion;

/// Name of the facility ouFacA10002.
const SECOND: &str = "Northern 1-2 District Hospital";

fn value(element: &str, org_unit: &str, attribute: &str) -> Value {
    json!({"dataElement": element, "period": "202601", "orgUnit": org_unit,
        "categoryOptionCombo": "HllvX50cXC0", "attributeOptionCombo": attribute, "value": "7"})
}

/// A 2.43 destination, a source with values of a data set, and an exchange of it.
async fn with_source(data_set: &str, values: Vec<Value>) -> Stage {
    let destination = server(ServerVersion::V43, false).await;
    let source = server(ServerVersion::V42, false).await;
    let body = json!({"dataSet": data_set, "dataValues": values});
    let answer = as_admin(&source, "POST", "/api/dataValueSets", Some(body)).await;
    assert_eq!(answer["status"], "OK", "{answer}");
    stage_on(destination, source, data_set).await
}

/// Reads the plan, lets `meanwhile` happen at the destination, and sends. Gives back the
/// report, and of each rejected row the names of org unit and attribute option combo, and the code.
async fn send_after(
    stage: &Stage,
    planned: u64,
    meanwhile: (&str, &str, Value),
) -> (RunReport, Vec<[String; 3]>) {
    let service = Service::new(InProcess::new(&stage.destination, CLERK));
    let plan = read(&service, &stage.exchange, &["202601"], &["ouRegionA01"]).await;
    assert_eq!(plan.counts.new, planned, "{plan:?}");
    let (method, path, body) = meanwhile;
    as_admin(&stage.destination, method, path, Some(body)).await;
    let report = send(&service).await;
    let question = PlanRows {
        outcomes: vec![RowOutcome::Rejected],
        limit: 100,
        ..PlanRows::default()
    };
    let rows = ask(&service, question).await.unwrap().rows;
    let rejected = rows
        .into_iter()
        .map(|row| {
            let code = row.code.unwrap_or_default();
            [row.org_unit, row.attribute_option_combo, code]
        })
        .collect();
    (report, rejected)
}

#[tokio::test]
async fn facilities_taken_out_of_the_set_do_not_hold_up_the_others() {
    for taken_out in [&["ouFacA10002"][..], &["ouFacA10002", "ouFacA10003"]] {
        let values = ["ouFacA10001", "ouFacA10002", "ouFacA10003"]
            .map(|unit| value("deIntZeroP1", unit, "HllvX50cXC0"))
            .to_vec();
        let stage = with_source("dsMonthly01", values).await;
        let units: Vec<Value> = taken_out.iter().map(|unit| json!({"id": unit})).collect();
        let path = "/api/dataSets/dsMonthly01/organisationUnits";
        let removal = ("POST", path, json!({"deletions": units}));
        let (report, rejected) = send_after(&stage, 3, removal).await;
        assert_eq!(rejected.len(), taken_out.len(), "{rejected:?}");
        assert_eq!(rejected[0], [SECOND, "", "E8022"].map(str::to_owned));
        assert_eq!(report.outcomes.written, 3 - rejected.len() as u64);
        assert_eq!(report.write_requests, 2, "the server named whom it refused");
    }
}

/// E8012 tells category options, which are in no value: the request is halved until the
/// guilty values are alone.
#[tokio::test]
async fn a_project_closed_to_the_clerk_does_not_hold_up_the_others() {
    let values = ["ouFacA10001", "ouFacA10002"]
        .iter()
        .flat_map(|unit| ["cocPartner1", "cocPartner2"].map(|aoc| value("dePartner01", unit, aoc)))
        .collect();
    let stage = with_source("dsPartner01", values).await;
    let closing = json!([{"op": "replace", "path": "/sharing/public", "value": "r-------"}]);
    let path = "/api/categoryOptions/coPartnerB1";
    let (report, rejected) = send_after(&stage, 4, ("PATCH", path, closing)).await;
    assert_eq!(report.outcomes.written, 2, "{report:?}");
    assert_eq!(rejected.len(), 2);
    for [_, attribute, code] in rejected {
        assert_eq!((attribute.as_str(), code.as_str()), ("Partner B", "E8012"));
    }
}
