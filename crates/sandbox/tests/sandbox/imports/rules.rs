//! What a real server does with a value or a request, by the rules that the recordings
//! show; written down here once more, so that the sandbox is not its own judge.

use std::collections::BTreeMap;

use super::generate::{CLOSED, DEFAULT, FAR, Import, Sent};

/// A period that can be read.
fn is_period(text: &str) -> bool {
    text != "2026-13"
}

fn is_far(sent: &Sent) -> bool {
    sent.period == FAR
}

fn exists(uid: &str) -> bool {
    !uid.contains("NoSuch")
}

fn is_outside(user: &str, org_unit: &str) -> bool {
    user == "clerk" && !org_unit.starts_with("ouFacA")
}

/// Whether the option combo is one of the data element's category combo.
fn combo_fits(sent: &Sent, own: &str) -> bool {
    let combo = sent.combo.as_deref().unwrap_or(DEFAULT);
    combo == own || (combo.starts_with("cocAgeSex") && own.starts_with("cocAgeSex"))
}

/// The code with which 2.40–2.42 refuse a value; none where they take it. The first
/// fault is the only one, in the servers' order.
pub fn refusal_until_2_42(import: &Import, sent: &Sent) -> Option<&'static str> {
    let combo_exists = sent.combo.as_deref().is_none_or(exists);
    let is_deletion = import.strategy == "DELETE";
    // A late month of the set with ten expiry days; a named set's own rule goes first.
    let expired = sent.element == "deExpiry001"
        && import.data_set.is_none()
        && import.user == "clerk"
        && !is_far(sent);
    let faults = [
        (!exists(&sent.element), "E7610"),
        (!is_period(&sent.period), "E7611"),
        (!exists(&sent.org_unit), "E7612"),
        (!combo_exists, "E7613"),
        (is_outside(import.user, &sent.org_unit), "E7617"),
        (sent.value.is_none() && !is_deletion, "E7618"),
        (sent.bad_value && sent.value.is_some(), "E7619"),
        // 2.40 takes no value for an option that does not exist; from 2.41 on the import ends.
        (
            sent.bad_option && sent.value.is_some() || has_no_option(sent),
            "E7621",
        ),
        (expired, "E7640"),
        (is_far(sent), "E7641"),
    ];
    faults
        .into_iter()
        .find(|(is_so, _)| *is_so)
        .map(|(_, code)| code)
}

/// Whether the data element has an option set, and the value is none.
fn has_no_option(sent: &Sent) -> bool {
    sent.element == "deOptionSt1" && sent.value.is_none()
}

/// Where an import of 2.41 and 2.42 ends: at the first value that has no fault but that it is
/// none, which its option set cannot be asked about.
pub fn end_until_2_42(import: &Import) -> Option<usize> {
    let mut values = import.values.iter();
    values.position(|sent| has_no_option(sent) && refusal_until_2_42(import, sent) == Some("E7621"))
}

/// What 2.40-2.42 do with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Refused with a conflict.
    Refused(&'static str),
    /// Rejected without one: CREATE where there is something, UPDATE and DELETE where there is
    /// nothing.
    Rejected,
    /// A zero that its element does not keep, where nothing was ever kept, and by CREATE anywhere.
    PassedOver,
    /// Written, deleted, or left as it was because it is the same.
    Taken,
}

/// The fate of each value. What the request changed before is seen by a later value of the same
/// cell, what it adds is not.
///
/// * `known`, `there` - whether anything was ever kept for the cell, and whether it still is.
pub fn fates_until_2_42(import: &Import, known: &[bool], there: &[bool]) -> Vec<Fate> {
    let mut changed = BTreeMap::new();
    let mut fates = Vec::new();
    for (index, sent) in import.values.iter().enumerate() {
        let known = known[index];
        let there = *changed.get(&sent.cell()).unwrap_or(&there[index]);
        let fate = if let Some(code) = refusal_until_2_42(import, sent) {
            Fate::Refused(code)
        } else if sent.is_lost_zero() && (!known || import.strategy == "CREATE") {
            Fate::PassedOver
        } else {
            match (import.strategy, there) {
                ("CREATE", true) | ("UPDATE" | "DELETE", false) => Fate::Rejected,
                _ => Fate::Taken,
            }
        };
        if fate == Fate::Taken && known && !import.dry_run {
            let stays = import.strategy != "DELETE" && !(there && sent.is_lost_zero());
            changed.insert(sent.cell(), stays);
        }
        fates.push(fate);
    }
    fates
}

/// What 2.43 does with a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// 500: a period that is none.
    Stumbles,
    /// The whole request is refused.
    Refused,
    /// These are refused and the others written.
    Written(Vec<usize>),
}

/// The outcome by the rules of 2.43.
pub fn outcome_since_2_43(import: &Import) -> Outcome {
    let values = &import.values;
    if values.iter().any(|v| !is_period(&v.period)) {
        return Outcome::Stumbles;
    }
    let set = match import.data_set {
        Some(set) => set,
        None => {
            let mut sets: Vec<&'static str> = values
                .iter()
                .filter_map(Sent::row)
                .flat_map(|row| row.2.iter().copied())
                .collect();
            sets.sort_unstable();
            sets.dedup();
            match sets.as_slice() {
                [only] => *only,
                _ => return Outcome::Refused,
            }
        }
    };
    let clerk = import.user == "clerk";
    let unfit = |v: &Sent| {
        let quarterly = set == "dsQuarter01";
        let right_type = v.period.contains('Q') == quarterly && !v.period.contains('W');
        let Some(row) = v.row() else { return true };
        !row.2.contains(&set)
            || !v.org_unit.starts_with("ouFac")
            || is_outside(import.user, &v.org_unit)
            || !right_type
            || !combo_fits(v, row.4)
            // Closed on 30 June 2025.
            || v.org_unit == CLOSED
            || (clerk && is_far(v))
            || (clerk && set == "dsExpiry001")
    };
    let mut cells: Vec<_> = values.iter().map(Sent::cell).collect();
    cells.sort();
    let twice = cells.windows(2).any(|pair| pair[0] == pair[1]);
    if twice || values.iter().any(unfit) {
        return Outcome::Refused;
    }
    if import.strategy == "DELETE" {
        return Outcome::Written(Vec::new());
    }
    let bad = |v: &Sent| v.value.is_none() || v.bad_value || v.bad_option;
    Outcome::Written((0..values.len()).filter(|i| bad(&values[*i])).collect())
}
