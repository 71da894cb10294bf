//! A source account that may not see all that is asked for: a failed read with its reason, never
//! a small one, and nothing follows from what it does not show.

use crate::support::stage::{Stage, read, stage_as};
use crate::support::{InProcess, ask, server};
use tributary_exchange::questions::import::{PlanSummary, PrepareImport, ReadPlan, SendPlan};
use tributary_exchange::service::Service;
use tributary_sandbox::ServerVersion;

/// `admin:district`, who may write everywhere at the destination.
const ADMIN: &str = "YWRtaW46ZGlzdHJpY3Q=";

async fn plan_of(service: &Service<InProcess>, stage: &Stage, unit: &str) -> PlanSummary {
    let exchange = stage.exchange.clone();
    let prepare = PrepareImport { exchange };
    ask(service, prepare).await.unwrap();
    let question = ReadPlan {
        exchange: stage.exchange.clone(),
        periods: vec!["202601".into()],
        org_units: vec![unit.into()],
    };
    ask(service, question).await.unwrap()
}

/// The clerk of the source sees region A only.
async fn what_the_account_may_not_see(version: ServerVersion) {
    let stage = stage_as(
        server(ServerVersion::V42, false).await,
        server(version, true).await,
        "dsMonthly01",
        ("clerk", "Clerk123!"),
    )
    .await;
    let service = Service::new(InProcess::new(&stage.destination, ADMIN));
    let own = read(&service, &stage.exchange, &["202601"], &["ouRegionA01"]).await;
    assert!(own.counts.new > 0, "{version}: {own:?}");
    let everything = SendPlan {
        overwrite: true,
        overwrite_edited: true,
        delete_cleared: true,
    };
    ask(&service, everything).await.unwrap();
    for unit in ["ouRegionB01", "ouCountry01"] {
        let plan = plan_of(&service, &stage, unit).await;
        assert!(!plan.failed_slices.is_empty(), "{version} {unit}: {plan:?}");
        assert!(
            plan.failed_slices.iter().all(|failed| {
                // Up to 2.42 an empty answer, from 2.43 a refusal in words (E2012).
                let kind = failed.problem.kind.as_str();
                kind == "emptyAnswer" || kind == "conflict" || kind == "forbidden"
            }),
            "{version} {unit}: {:?}",
            plan.failed_slices
        );
        // What was read of such a slice is nothing, and nothing of it is cleared.
        assert_eq!((plan.counts.cleared, plan.counts.to_delete), (0, 0));
        if unit == "ouRegionB01" {
            assert_eq!((plan.slices_read, plan.counts.pulled), (0, 0), "{version}");
        }
    }
    stage.destination.stop().await;
    stage.source.stop().await;
}

#[tokio::test]
async fn what_the_account_may_not_see_on_2_40() {
    what_the_account_may_not_see(ServerVersion::V40).await;
}

#[tokio::test]
async fn what_the_account_may_not_see_on_2_41() {
    what_the_account_may_not_see(ServerVersion::V41).await;
}

#[tokio::test]
async fn what_the_account_may_not_see_on_2_42() {
    what_the_account_may_not_see(ServerVersion::V42).await;
}

#[tokio::test]
async fn what_the_account_may_not_see_on_2_43() {
    what_the_account_may_not_see(ServerVersion::V43).await;
}
