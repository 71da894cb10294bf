//! Looks at every request as it is carried out: nothing may be written that was not in the
//! plan, nothing over a value that the plan did not show, nothing that is there already. And
//! lets [others](crate::others) work at both sides meanwhile.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use serde_json::Value;

use crate::ledger::Ledger;
use crate::line::{Errand, Onlooker};
use crate::random::Random;
use crate::side::{Key, Stamped};
use crate::time::Time;
use crate::world::World;

/// What goes on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Phase {
    /// Nothing that writes.
    #[default]
    Reading,
    /// A plan is carried out.
    Sending,
}

/// How often others act, in a thousand requests.
#[derive(Clone, Copy, Debug, Default)]
pub struct Others {
    /// At the source.
    pub source: u64,
    /// At the destination.
    pub destination: u64,
}

/// What the plan says about a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// As it would be stored; of a deletion what is to go.
    pub value: String,
    /// It is to be deleted.
    pub deletes: bool,
    /// It is shown as edited here.
    pub is_edited: bool,
    /// What the plan shows at the destination.
    pub present: Option<String>,
}

/// What was seen.
#[derive(Debug, Default)]
pub struct Seen {
    /// What goes on.
    pub phase: Phase,
    /// How busy the others are.
    pub others: Others,
    /// What may be sent.
    pub plan: BTreeMap<Key, Planned>,
    /// Cells of the destination that others changed since the reading of the plan began.
    pub edited: BTreeSet<Key>,
    /// Who put what into the cells of the destination.
    pub ledger: Ledger,
    /// When the preparation of the last plan began, in milliseconds.
    pub reading_since: i64,
    /// When it was there.
    pub planned_at: i64,
    /// A run over everything came to its end and is remembered.
    pub is_remembered: bool,
    /// Plans that were asked for.
    pub plans: u32,
    /// What a run told it had written, and nobody touched since.
    pub brought: BTreeMap<Key, String>,
    /// A write came so late in this import that values may have other stamps than those read
    /// back.
    pub is_stamped_anew: bool,
    /// Cleared cells that no run can have brought when they were first looked at. The next
    /// plan knows that they were looked at.
    pub not_brought: BTreeSet<Key>,
    /// Requests that delete.
    pub deletions: u64,
    /// Others changed something at the source since the reading of the plan began.
    pub source_changed: bool,
    /// Cells that were ever in a request that writes.
    pub touched: BTreeSet<Key>,
    /// What others last left in a cell of the destination.
    pub by_others: BTreeMap<Key, Option<String>>,
    /// Requests that write.
    pub posts: u64,
    /// Changes by others.
    pub edits: u64,
    /// What should not have happened.
    pub violations: Vec<String>,
}

impl Seen {
    /// Others changed something at the destination, or typed in what was there, where the version
    /// stamps that anew (2.43; `equal_values_count_as_updated` of the client).
    pub(crate) fn note_changes(&mut self, before: &Stamped, after: &Stamped) {
        let keys: BTreeSet<&Key> = before.keys().chain(after.keys()).collect();
        for key in keys {
            let text = |stamped: &Stamped| stamped.get(key).map(|(text, _)| text.clone());
            if before.get(key) == after.get(key) {
                continue;
            }
            self.edited.insert(key.clone());
            self.brought.remove(key);
            if text(before) != text(after) {
                self.edits += 1;
                self.by_others.insert(key.clone(), text(after));
            }
        }
    }
}

/// The onlooker.
pub struct Watch {
    pub(crate) world: Rc<World>,
    pub(crate) random: Random,
    /// Which of the cells that are in use others look at.
    pub(crate) attention: Random,
    pub(crate) time: Time,
    seen: RefCell<Seen>,
}

impl Watch {
    /// An onlooker of a world.
    pub fn new(world: Rc<World>, seed: u64, time: Time) -> Self {
        let seen = Seen {
            ledger: Ledger::new(world.destination.version, world.at_first.clone()),
            ..Seen::default()
        };
        Self {
            world,
            random: Random::new(seed, "others"),
            attention: Random::new(seed, "attention"),
            time,
            seen: RefCell::new(seen),
        }
    }

    /// Looks at what was seen, or changes it.
    pub fn with<R>(&self, work: impl FnOnce(&mut Seen) -> R) -> R {
        work(&mut self.seen.borrow_mut())
    }

    /// Something that should not have happened.
    pub fn violation(&self, text: String) {
        self.with(|seen| seen.violations.push(text));
    }

    /// The same of what is no violation but a fault of the set-up.
    pub(crate) fn expect<T>(&self, outcome: Result<T, String>) -> Option<T> {
        outcome.map_err(|text| self.violation(text)).ok()
    }

    fn check_write(&self, body: &[u8], deletes: bool) {
        self.with(|seen| {
            seen.posts += 1;
            seen.deletions += u64::from(deletes);
        });
        let Some(present) = self.expect(self.world.present()) else {
            return;
        };
        let now = self.time.now();
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        let data_set = body["dataSet"].as_str().unwrap_or_default();
        let values = body["dataValues"].as_array();
        let mut complaints = Vec::new();
        let mut keys = BTreeSet::new();
        self.with(|seen| {
            if seen.phase != Phase::Sending {
                complaints.push("a write while nothing is sent".to_owned());
            }
            for value in values.into_iter().flatten() {
                let key = Key::of(value);
                let text = value["value"].as_str().unwrap_or_default();
                if !keys.insert(key.clone()) {
                    complaints.push(format!("{key:?} twice in one request"));
                }
                if crate::elements::data_set(key.element()) != data_set {
                    complaints.push(format!("{key:?} sent for {data_set}"));
                }
                let there = present.get(&key);
                let hand = there.and_then(|there| seen.ledger.hand(&key, there));
                match seen.plan.get(&key) {
                    None => complaints.push(format!("{key:?} sent, and in no plan")),
                    Some(planned) if planned.deletes != deletes => {
                        complaints.push(format!("{key:?}: deleted {deletes}, {planned:?}"));
                    }
                    Some(_) if deletes && there.is_none() => {
                        complaints.push(format!("{key:?} deleted, and it is gone"));
                    }
                    Some(_) if deletes && hand.is_some_and(|hand| hand.is_fresh) => {
                        complaints.push(format!("{key:?} deleted, and it was edited here"));
                    }
                    Some(planned) if !planned.is_edited && hand.is_some_and(|hand| hand.is_due) => {
                        complaints.push(format!("{key:?} sent over what was edited here"));
                    }
                    Some(planned) if planned.value != text => complaints.push(format!(
                        "{key:?} sent as {text:?}, planned as {:?}",
                        planned.value
                    )),
                    Some(_) if !deletes && there.is_some_and(|there| there == text) => {
                        complaints.push(format!("{key:?} = {text:?} sent, and it is there"));
                    }
                    Some(planned) if planned.present.as_ref() != there => {
                        complaints.push(format!(
                            "{key:?} sent over {there:?}, the plan showed {:?}",
                            planned.present
                        ));
                    }
                    Some(_) => {}
                }
                let sent = Some(text).filter(|_| !deletes);
                seen.ledger.sends(now, &key, sent, there);
                seen.brought.remove(&key);
                seen.touched.insert(key);
            }
            seen.violations.append(&mut complaints);
        });
    }
}

impl Onlooker for Watch {
    /// Nobody expects it any more: it is as if another person had done it.
    fn late(&self, work: &mut dyn FnMut()) {
        let before = self.expect(self.world.present_stamped());
        work();
        let after = self.expect(self.world.present_stamped());
        let (Some(before), Some(after)) = (before, after) else {
            return;
        };
        let now = self.time.now();
        self.with(|seen| {
            // Some of it may have been brought, and has another stamp now.
            seen.is_stamped_anew |= before != after;
            seen.ledger.came_late(now, &before, &after);
            seen.note_changes(&before, &after);
        });
    }

    fn before(&self, errand: Errand, body: Option<&[u8]>) {
        let others = self.with(|seen| seen.others);
        if self.random.chance(others.source) {
            self.edit_source();
        }
        // Not just before a write: between the last reading and a write no program can
        // notice, since DHIS2 has no conditional write.
        if errand == Errand::ReadOwn && self.random.chance(others.destination) {
            self.edit_destination();
        }
        if errand == Errand::ReadOwn {
            let now = self.time.now();
            self.with(|seen| seen.ledger.reads(now));
        }
        match (errand, body) {
            (Errand::Write, Some(body)) => self.check_write(body, false),
            (Errand::Delete, Some(body)) => self.check_write(body, true),
            _ => {}
        }
    }
}
