//! One run of the suite from the first clearing to the last.

use crate::behaviours::{self, Behaviour};
use crate::cleanup;
use crate::report::{Finding, Report};
use crate::stage::{Setting, Stage};
use crate::verdict::Checked;
use anyhow::Result;
use std::future::Future;
use std::time::Instant;

/// Runs the behaviours on a server; `interrupted` ends it early, but not the clearing.
///
/// # Errors
/// When the server cannot be read, or refuses the suite's metadata; all that was made is
/// removed before.
pub async fn run(
    setting: Setting,
    only: Option<&str>,
    interrupted: impl Future<Output = ()>,
    tell: impl Fn(&str),
) -> Result<Report> {
    let stage = Stage::enter(setting).await?;
    // What an earlier run left; what cannot be removed shows again at the end.
    cleanup::remove_all(&stage).await;
    let mut findings = Vec::new();
    let work = async {
        stage.set_up(&tell).await?;
        for behaviour in behaviours::all() {
            if only.is_some_and(|part| !behaviour.full_name().contains(part)) {
                continue;
            }
            let began = Instant::now();
            let checked: Checked = (behaviour.check)(&stage).await;
            findings.push(finding(behaviour, checked, began));
        }
        anyhow::Ok(true)
    };
    let ended = tokio::select! {
        ended = work => ended,
        () = interrupted => Ok(false),
    };
    let left_behind = cleanup::remove_all(&stage).await;
    for what in &left_behind {
        tell(&format!("could not be removed: {what}"));
    }
    Ok(Report {
        base: stage.setting.base.clone(),
        version: stage
            .rules
            .version
            .map_or_else(String::new, |version| version.to_string()),
        newer_than_known: stage
            .rules
            .version
            .is_some_and(tributary_dhis2::Version::newer_than_known),
        complete: ended?,
        findings,
        left_behind,
    })
}

fn finding(behaviour: &Behaviour, checked: Checked, began: Instant) -> Finding {
    Finding {
        name: behaviour.full_name(),
        what: behaviour.what,
        differences: behaviour.differences,
        checked,
        millis: began.elapsed().as_millis(),
    }
}
