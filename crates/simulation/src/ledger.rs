//! Who put what into the cells of the destination, written down as it happens. By it is told
//! what a plan has to show as edited here, and what it must not.

use std::collections::BTreeMap;

use tributary_sandbox::ServerVersion;

use crate::side::{Key, Stamped, Values};

/// Who put a value where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// It was there at first.
    First,
    /// A run.
    Run,
    /// Somebody at the destination.
    Hand(Hand),
    /// A write that was given up long ago, or somebody who typed in what was there: the app may
    /// take it for an edit, or not.
    Unclear,
}

/// What somebody at the destination put there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hand {
    /// When, in milliseconds.
    pub at: i64,
    /// By its stamp it can be told from what was there before, and no plan has found it in order
    /// since.
    pub is_fresh: bool,
    /// The same, and a run that brought the cell, or looked at everything, came before it: it has
    /// to be shown as edited here.
    pub is_due: bool,
}

/// The ledger.
#[derive(Debug)]
pub struct Ledger {
    /// By cell; what is not in it is as it was at first, or what a run sent.
    put: BTreeMap<Key, (String, Who)>,
    /// What runs sent last, whether it arrived or not.
    sent: BTreeMap<Key, String>,
    /// What was there at first.
    at_first: Values,
    /// Milliseconds that servers of its version do not tell apart in stamps.
    unit: i64,
    /// When something was last stored, in such units.
    last_stored: i64,
    /// The last unit in which something was stored, and read after it.
    read_within: i64,
}

impl Default for Ledger {
    fn default() -> Self {
        Self::new(ServerVersion::V43, Values::new())
    }
}

impl Ledger {
    /// Of a destination that holds this. Up to 2.42 stamps are read with whole seconds.
    pub fn new(version: ServerVersion, at_first: Values) -> Self {
        Self {
            put: BTreeMap::new(),
            sent: BTreeMap::new(),
            at_first,
            unit: if version < ServerVersion::V43 {
                1_000
            } else {
                1
            },
            last_stored: 0,
            read_within: 0,
        }
    }

    /// Who put this value into a cell; none where nobody is known to have put it there.
    pub fn who(&self, key: &Key, there: &str) -> Option<Who> {
        if self.sent.get(key).is_some_and(|sent| sent == there) {
            return Some(Who::Run);
        }
        match self.put.get(key) {
            Some((text, who)) => (text == there).then_some(*who),
            None => {
                let first = self.at_first.get(key).is_some_and(|first| first == there);
                first.then_some(Who::First)
            }
        }
    }

    /// What somebody at the destination put into a cell, if it is this value.
    pub fn hand(&self, key: &Key, there: &str) -> Option<Hand> {
        match self.who(key, there)? {
            Who::Hand(hand) => Some(hand),
            Who::First | Who::Run | Who::Unclear => None,
        }
    }

    /// Values of the destination are about to be read.
    pub fn reads(&mut self, now: i64) {
        let now = now.div_euclid(self.unit);
        if now == self.last_stored {
            self.read_within = now;
        }
    }

    /// A run is about to send something; what it deletes it sends as nothing.
    pub fn sends(&mut self, now: i64, key: &Key, text: Option<&str>, there: Option<&String>) {
        self.last_stored = now.div_euclid(self.unit);
        if let Some(there) = there
            && self.sent.get(key) == Some(there)
        {
            self.put.insert(key.clone(), (there.clone(), Who::Run));
        }
        match text {
            Some(text) => self.sent.insert(key.clone(), text.to_owned()),
            None => self.sent.remove(key),
        };
    }

    /// Somebody at the destination stored something: the cells that hold something else, or were
    /// stamped anew, are theirs. `is_due` says of a cell whether a run came before.
    pub fn typed(
        &mut self,
        now: i64,
        before: &Stamped,
        after: &Stamped,
        is_due: impl Fn(&Key) -> bool,
    ) {
        // Of two stamps of one unit, one before a plan and one after it, nobody can tell which is
        // which.
        let unit = now.div_euclid(self.unit);
        let is_alone = unit != self.read_within;
        self.last_stored = unit;
        for (key, is_other) in changed(before, after) {
            let is_due = is_alone && is_due(&key);
            let who = if is_other {
                Who::Hand(Hand {
                    at: now,
                    is_fresh: is_alone,
                    is_due,
                })
            } else {
                Who::Unclear
            };
            self.put(&key, after, who);
        }
    }

    /// Writes that nobody waits for any more were carried out.
    pub fn came_late(&mut self, now: i64, before: &Stamped, after: &Stamped) {
        self.last_stored = now.div_euclid(self.unit);
        for (key, _) in changed(before, after) {
            self.put(&key, after, Who::Unclear);
        }
    }

    fn put(&mut self, key: &Key, after: &Stamped, who: Who) {
        self.sent.remove(key);
        let text = after.get(key).map_or("", |(text, _)| text);
        self.put.insert(key.clone(), (text.to_owned(), who));
    }

    /// All that somebody at the destination put there and is there still, to be changed.
    pub fn hands(&mut self) -> impl Iterator<Item = (&Key, &str, &mut Hand)> {
        let sent = &self.sent;
        self.put.iter_mut().filter_map(|(key, (text, who))| {
            let Who::Hand(hand) = who else { return None };
            let is_there = sent.get(key) != Some(text);
            is_there.then_some((key, text.as_str(), hand))
        })
    }

    /// A run looked at what somebody put there, and it agrees with the source: from now on it is
    /// as if it had been there at first.
    pub fn settle(&mut self, settled: impl Fn(&Key, &str, Hand) -> bool) {
        for (key, (text, who)) in &mut self.put {
            if let Who::Hand(hand) = *who
                && settled(key, text, hand)
            {
                *who = Who::First;
            }
        }
    }
}

/// The cells that differ, and whether in more than the stamp.
fn changed(before: &Stamped, after: &Stamped) -> Vec<(Key, bool)> {
    let mut keys: Vec<&Key> = before.keys().chain(after.keys()).collect();
    keys.sort_unstable();
    keys.dedup();
    let text = |stamped: &Stamped, key: &Key| stamped.get(key).map(|(text, _)| text.clone());
    keys.into_iter()
        .filter(|key| before.get(*key) != after.get(*key))
        .map(|key| (key.clone(), text(before, key) != text(after, key)))
        .collect()
}
