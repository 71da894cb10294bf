//! `/api/dataApprovals`: data that was approved and may not be changed any more. Data
//! is approved for a workflow, period, org unit and attribute option combo; whoever
//! approves does so at the workflow's level of the org unit. Recorded: "approve",
//! "approval state", "after approval, admin".

use serde_json::{Map, Value, json};

use super::approval_state::{COLLECTION, Selection, State, World};
use super::{conflict, required};
use crate::answer::Answer;
use crate::context::CurrentUser;
use crate::headers::PRIVATE;
use crate::random;
use crate::request::Request;
use crate::server::{Reply, Server};
use crate::values::Period;
use crate::values::catalogue::DEFAULT_OPTION_COMBO;
use crate::version::ServerVersion;

/// Answers whatever is asked below `/api/dataApprovals`.
pub fn answer(server: &Server, request: &Request, user: &CurrentUser, rest: &[&str]) -> Reply {
    let world = World {
        server,
        user,
        metadata: server.snapshot(),
        catalogue: &server.catalogue(),
    };
    match (request.method.as_str(), rest) {
        ("GET", []) => world.state(request),
        ("GET", ["multiple" | "approvals"]) => world.states(request),
        ("POST", []) => {
            world.may(&["F_APPROVE_DATA", "F_APPROVE_DATA_LOWER_LEVELS"])?;
            world.approve(&[world.selection(request)?])
        }
        ("DELETE", []) => {
            world.may(&["F_APPROVE_DATA", "F_APPROVE_DATA_LOWER_LEVELS"])?;
            world.unapprove(&[world.selection(request)?])
        }
        ("POST", ["approvals"]) => world.approve(&world.selections(&request.json()?)?),
        ("POST", ["unapprovals"]) => world.unapprove(&world.selections(&request.json()?)?),
        _ => Err(crate::headers::nothing_here(server, request)),
    }
}

impl World<'_> {
    fn may(&self, authorities: &[&str]) -> Result<(), Answer> {
        if authorities.iter().any(|a| self.user.has_authority(a)) {
            return Ok(());
        }
        let message = if self.server.options.version < ServerVersion::V42 {
            "Access is denied".to_owned()
        } else {
            format!(
                "Access is denied, requires one Authority from [{}]",
                authorities.join(", ")
            )
        };
        Err(Answer::error(403, &message, None).with_header("cache-control", PRIVATE))
    }

    /// The workflow that `ds` or `wf` names.
    fn workflow(&self, set: Option<&str>, workflow: Option<&str>) -> Result<String, Answer> {
        if let Some(set) = set {
            let Some(object) = self.object("dataSets", set) else {
                return Err(conflict(&format!("Data set does not exist: {set}"), None));
            };
            return object["workflow"]["id"]
                .as_str()
                .map(str::to_owned)
                .ok_or_else(|| {
                    conflict(
                        &format!("Data set does not have an approval workflow: {set}"),
                        None,
                    )
                });
        }
        let Some(workflow) = workflow else {
            let message = "Either data set or data approval workflow must be specified";
            return Err(conflict(message, None));
        };
        match self.object("dataApprovalWorkflows", workflow) {
            Some(_) => Ok(workflow.to_owned()),
            None => Err(conflict(
                &format!("Data approval workflow does not exist: {workflow}"),
                None,
            )),
        }
    }

    fn selected(
        &self,
        workflow: &str,
        period: &str,
        org_unit: &str,
        combo: Option<&str>,
    ) -> Result<Selection, Answer> {
        let period = Period::parse(period)
            .ok_or_else(|| conflict(&format!("Illegal period identifier: {period}"), None))?;
        if self.catalogue.org_units().get(org_unit).is_none() {
            return Err(conflict(
                &format!("Organisation unit does not exist: {org_unit}"),
                None,
            ));
        }
        let combo = combo.unwrap_or(DEFAULT_OPTION_COMBO);
        if self.catalogue.option_combo(combo).is_none() {
            let message = format!("Attribute option combo does not exist: {combo}");
            return Err(conflict(&message, None));
        }
        Ok(Selection {
            workflow: workflow.to_owned(),
            period,
            org_unit: org_unit.to_owned(),
            attribute_option_combo: combo.to_owned(),
        })
    }

    /// The selection that the query names.
    fn selection(&self, request: &Request) -> Result<Selection, Answer> {
        let workflow = self.workflow(request.parameter("ds"), request.parameter("wf"))?;
        let (period, org_unit) = (required(request, "pe")?, required(request, "ou")?);
        self.selected(&workflow, period, org_unit, request.parameter("aoc"))
    }

    /// The selections that a body names: `{"wf": [], "ds": [], "pe": [], "approvals": [{"ou", "aoc"}]}`.
    fn selections(&self, body: &Value) -> Result<Vec<Selection>, Answer> {
        let list = |name: &str| {
            let items = body[name].as_array().into_iter().flatten();
            items.filter_map(Value::as_str).collect::<Vec<_>>()
        };
        let sets = list("ds")
            .into_iter()
            .map(|set| self.workflow(Some(set), None));
        let workflows = list("wf")
            .into_iter()
            .map(|workflow| self.workflow(None, Some(workflow)));
        let workflows = sets.chain(workflows).collect::<Result<Vec<_>, _>>()?;
        if workflows.is_empty() {
            let message = "Either data sets or data approval workflows must be specified";
            return Err(conflict(message, None));
        }
        let periods = list("pe");
        if periods.is_empty() {
            return Err(conflict("Approvals must have periods", None));
        }
        let mut out = Vec::new();
        for approval in body["approvals"].as_array().into_iter().flatten() {
            let org_unit = approval["ou"].as_str().unwrap_or_default();
            for workflow in &workflows {
                for period in &periods {
                    out.push(self.selected(
                        workflow,
                        period,
                        org_unit,
                        approval["aoc"].as_str(),
                    )?);
                }
            }
        }
        Ok(out)
    }

    /// Only org units at one of the server's approval levels can be approved.
    fn has_level(&self, selection: &Selection) -> Result<(), Answer> {
        let level = self
            .catalogue
            .org_units()
            .get(&selection.org_unit)
            .map_or(0, |u| u.level);
        let all = self
            .metadata
            .collections
            .get("dataApprovalLevels")
            .into_iter()
            .flatten();
        let mut levels = all.filter_map(|(_, l)| l["orgUnitLevel"].as_u64());
        if levels.any(|l| usize::try_from(l) == Ok(level)) {
            return Ok(());
        }
        let message = format!(
            "Approval level not found for org unit: {}",
            selection.org_unit
        );
        Err(conflict(&message, None))
    }

    /// What is told of a selection.
    fn permissions(&self, selection: &Selection) -> Value {
        let status = self.status(selection);
        let mut out = Map::new();
        out.insert("mayApprove".into(), status.may_approve.into());
        out.insert("mayUnapprove".into(), status.may_unapprove.into());
        // Acceptance of its own is a system setting that is off by default.
        out.insert("mayAccept".into(), false.into());
        out.insert("mayUnaccept".into(), false.into());
        out.insert("mayReadData".into(), true.into());
        out.insert("state".into(), status.state.name().into());
        if let Some(approval) = status.approval {
            let by = approval["creator"]["id"].as_str().unwrap_or_default();
            let name = self
                .object("users", by)
                .map_or(Value::Null, |u| u["name"].clone());
            out.insert("approvedBy".into(), name);
            out.insert("approvedAt".into(), approval["created"].clone());
            out.insert("acceptedAt".into(), approval["created"].clone());
        }
        Value::Object(out)
    }

    /// `GET ?wf=&pe=&ou=`.
    fn state(&self, request: &Request) -> Reply {
        Ok(Answer::json(
            200,
            &self.permissions(&self.selection(request)?),
        ))
    }

    /// `GET …/approvals?wf=&pe=&ou=`, each of which may be a list.
    fn states(&self, request: &Request) -> Reply {
        let all = |name: &'static str| {
            request
                .parameters(name)
                .flat_map(|v| v.split(','))
                .filter(|v| !v.is_empty())
        };
        let mut out = Vec::new();
        for workflow in all("wf") {
            let workflow = self.workflow(None, Some(workflow))?;
            for period in all("pe") {
                for org_unit in all("ou") {
                    let selection =
                        self.selected(&workflow, period, org_unit, request.parameter("aoc"))?;
                    let permissions = self.permissions(&selection);
                    out.push(json!({
                        "wf": workflow, "pe": selection.period.iso, "ou": org_unit,
                        "aoc": selection.attribute_option_combo, "state": permissions["state"],
                        "permissions": permissions,
                    }));
                }
            }
        }
        Ok(Answer::json(200, &out.into()))
    }

    /// Approves all or nothing.
    fn approve(&self, selections: &[Selection]) -> Reply {
        let mut fresh = Vec::new();
        for selection in selections {
            self.has_level(selection)?;
            let status = self.status(selection);
            if matches!(status.state, State::ApprovedHere | State::ApprovedAbove) {
                continue;
            }
            let period_type = self
                .object("dataApprovalWorkflows", &selection.workflow)
                .and_then(|w| w["periodType"].as_str())
                .and_then(crate::values::PeriodType::named);
            if !status.may_approve || period_type != Some(selection.period.period_type) {
                return Err(refused());
            }
            fresh.push(json!({
                "id": random::uid(), "workflow": {"id": selection.workflow},
                "period": {"id": selection.period.iso}, "organisationUnit": {"id": selection.org_unit},
                "attributeOptionCombo": {"id": selection.attribute_option_combo},
                "created": self.server.clock.timestamp(), "creator": {"id": self.user.uid},
            }));
        }
        self.server.change(|state, batch| {
            for approval in fresh {
                let uid = approval["id"].as_str().unwrap_or_default().to_owned();
                state.put_object(batch, COLLECTION, &uid, approval);
            }
            Ok(())
        })?;
        Ok(Answer::empty(204))
    }

    /// Takes approvals back, all or nothing.
    fn unapprove(&self, selections: &[Selection]) -> Reply {
        let mut gone = Vec::new();
        for selection in selections {
            self.has_level(selection)?;
            let status = self.status(selection);
            if !status.may_unapprove {
                return Err(refused());
            }
            gone.extend(
                status
                    .approval
                    .and_then(|a| a["id"].as_str().map(str::to_owned)),
            );
        }
        self.server.change(|state, batch| {
            for uid in gone {
                state.remove_object(batch, COLLECTION, &uid);
            }
            Ok(())
        })?;
        Ok(Answer::empty(204))
    }
}

/// DHIS2 gives no reason (an exception without a message).
fn refused() -> Answer {
    let body = json!({"httpStatus": "Conflict", "httpStatusCode": 409, "status": "ERROR"});
    Answer::text(409, "application/json", body.to_string()).with_header("cache-control", PRIVATE)
}
