//! What a run found, as a table for people and as JSON for programs.

use crate::verdict::{Checked, Stop};
use serde_json::{Value, json};
use std::fmt::Write as _;

/// What became of one behaviour.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Group and name.
    pub name: String,
    /// The behaviour in a sentence.
    pub what: &'static str,
    /// The differences between versions that it shows.
    pub differences: &'static [&'static str],
    /// Its end.
    pub checked: Checked,
    /// Milliseconds that it took.
    pub millis: u128,
}

/// What a run found.
#[derive(Clone, Debug)]
pub struct Report {
    /// Address of the server.
    pub base: String,
    /// Its version.
    pub version: String,
    /// Whether the version is newer than any whose rules are known.
    pub newer_than_known: bool,
    /// Whether all behaviours were run.
    pub complete: bool,
    /// One for each behaviour that was run.
    pub findings: Vec<Finding>,
    /// What could not be removed from the server.
    pub left_behind: Vec<String>,
}

impl Report {
    /// How many were met, not met, not applicable.
    #[must_use]
    pub fn counts(&self) -> (usize, usize, usize) {
        let (mut met, mut not_met, mut not_applicable) = (0, 0, 0);
        for finding in &self.findings {
            match finding.checked {
                Ok(()) => met += 1,
                Err(Stop::NotMet(_)) => not_met += 1,
                Err(Stop::NotApplicable(_)) => not_applicable += 1,
            }
        }
        (met, not_met, not_applicable)
    }

    /// Whether the server behaves as the client expects, everything was run and is removed.
    #[must_use]
    pub fn good(&self) -> bool {
        self.complete && self.counts().1 == 0 && self.left_behind.is_empty()
    }

    /// The table; `brief` leaves out what was met.
    #[must_use]
    pub fn table(&self, brief: bool) -> String {
        let mut text = format!("DHIS2 {} at {}\n", self.version, self.base);
        if self.newer_than_known {
            text.push_str("newer than any version whose rules are known\n");
        }
        let width = self.findings.iter().map(|one| one.name.len()).max();
        let width = width.unwrap_or_default();
        for finding in &self.findings {
            let (verdict, reason) = verdict(&finding.checked);
            if brief && finding.checked.is_ok() {
                continue;
            }
            let words = if reason.is_empty() {
                finding.what
            } else {
                reason
            };
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{:<width$}  {verdict:<14}  {words}", finding.name);
        }
        for what in &self.left_behind {
            let _ = writeln!(text, "could not be removed: {what}");
        }
        let (met, not_met, not_applicable) = self.counts();
        let _ = write!(
            text,
            "{} behaviours: {met} met, {not_met} not met, {not_applicable} not applicable",
            self.findings.len()
        );
        if !self.complete {
            text.push_str("; interrupted");
        }
        text
    }

    /// The same as JSON.
    #[must_use]
    pub fn json(&self) -> Value {
        let behaviours: Vec<Value> = self
            .findings
            .iter()
            .map(|finding| {
                let (verdict, reason) = verdict(&finding.checked);
                json!({
                    "name": finding.name, "what": finding.what, "verdict": verdict, "reason": reason,
                    "differences": finding.differences, "millis": finding.millis,
                })
            })
            .collect();
        json!({
            "server": self.base, "version": self.version, "complete": self.complete,
            "good": self.good(), "leftBehind": self.left_behind, "behaviours": behaviours,
        })
    }
}

fn verdict(checked: &Checked) -> (&'static str, &str) {
    match checked {
        Ok(()) => ("met", ""),
        Err(Stop::NotMet(reason)) => ("not met", reason),
        Err(Stop::NotApplicable(reason)) => ("not applicable", reason),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_that_is_not_met_spoils_it_and_one_that_does_not_apply_does_not() {
        let finding = |checked| Finding {
            name: "writing / new".into(),
            what: "new values are stored",
            differences: &[],
            checked,
            millis: 1,
        };
        let mut report = Report {
            base: "http://localhost:1".into(),
            version: "2.42.5.2".into(),
            newer_than_known: false,
            complete: true,
            findings: vec![
                finding(Ok(())),
                finding(Err(Stop::NotApplicable("no Route".into()))),
            ],
            left_behind: Vec::new(),
        };
        assert!(report.good());
        assert!(!report.table(true).contains("new values are stored"));
        report
            .findings
            .push(finding(Err(Stop::NotMet("lost".into()))));
        assert_eq!(report.counts(), (1, 1, 1));
        assert!(!report.good());
        assert!(report.table(true).contains("not met         lost"));
        assert_eq!(report.json()["behaviours"][2]["verdict"], "not met");
        report.findings.pop();
        report.left_behind.push("dataSets cfmDsMonth1".into());
        assert!(!report.good());
    }
}
