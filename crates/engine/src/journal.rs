//! What was seen in the destination when an exchange last ran, so that the next run can tell
//! a value that somebody edited here from one that an earlier run left behind.
//!
//! Of each data set and period one [`Mark`] is kept, by nothing but the stamps that the
//! destination itself puts on values (`lastUpdated`, `storedBy`): no clock of ours takes
//! part. A mark says *seen until*: values stamped until then were looked at in a plan. What
//! was stamped later was either written by one of our runs, which is kept as [`Writes`], or
//! by somebody here.

use rustc_hash::FxHashSet;

use crate::moment::Moment;
use crate::symbol::{Symbol, Symbols};

/// Stamps of one sending that lie closer together than this belong to one [`Writes`], in
/// milliseconds. A slice takes seconds.
const ONE_GO: i64 = 60_000;

/// So many [`Writes`] of one data set and period are kept; the oldest go first.
const WRITES_KEPT: usize = 200;

/// What is remembered of one data set and period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Values stamped until then were in a plan that was carried out.
    pub until: Moment,
    /// What runs wrote after that, oldest first.
    pub own: Vec<Writes>,
}

/// What one run wrote in one go.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Writes {
    /// Stamp of the first value, read back.
    pub from: Moment,
    /// Stamp of the last.
    pub to: Moment,
    /// `storedBy` of its values.
    pub by: String,
}

/// What a run found and did in one data set and period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Looked {
    /// The latest stamp of all values that were there when the plan was made.
    pub latest: Moment,
    /// The same of the part that was read on its own and has the earliest one: what was stamped
    /// until then was seen in all parts.
    pub latest_in_all: Moment,
    /// What was stamped until then was there before the plan was made, where that is known.
    pub planned: Moment,
    /// The earliest stamp of the values that had been edited here and still differ. They
    /// have to be found edited the next time, too.
    pub left: Option<Moment>,
    /// The run looked at everything that the mark is about. A run for one district says
    /// nothing about what was edited in another.
    pub whole: bool,
    /// Stamps of what the run wrote, as read back, in any order.
    pub written: Vec<Moment>,
    /// Who it wrote as.
    pub by: String,
}

impl Mark {
    /// The mark after a run; none while there is nothing to remember.
    ///
    /// Without an earlier mark everything that was there before the plan was made counts as seen,
    /// whether that part could be read or not: no run came before it. With one, `until`
    /// moves on only if the run looked at the whole, and stops before the first value that
    /// is left as somebody edited it. It never comes past what was surely seen in all parts that
    /// were read on their own, where that is known: a value that somebody entered in one part after
    /// it was read may be older than the latest of a part that was read later.
    pub fn after(earlier: Option<&Self>, looked: &Looked) -> Option<Self> {
        let new = writes(&looked.written, &looked.by);
        let first = new.first().map(|writes| before(writes.from));
        let planned = Some(looked.planned).filter(|planned| *planned != Moment::UNKNOWN);
        let at_least = match (earlier, planned, first) {
            (Some(mark), _, _) => mark.until,
            (None, Some(planned), Some(first)) => planned.min(first),
            (None, planned, _) => planned.unwrap_or(Moment::UNKNOWN),
        };
        let mut own: Vec<Writes> = earlier.map_or_else(Vec::new, |mark| mark.own.clone());
        own.extend(new);
        own.sort();
        own.dedup();
        let until = match earlier {
            Some(mark) if !looked.whole => mark.until,
            _ => {
                let in_all = planned.map(|planned| planned.max(looked.latest_in_all));
                let bounds = in_all.into_iter().chain(looked.left.map(before));
                let until = bounds.fold(looked.latest, Moment::min);
                until.max(at_least)
            }
        };
        let until = Some(until)
            .filter(|until| *until != Moment::UNKNOWN)
            .or(first)?;
        own.retain(|writes| writes.to > until);
        own.drain(..own.len().saturating_sub(WRITES_KEPT));
        Some(Self { until, own })
    }

    /// The mark with what a run wrote that came to no end of its own, so that nothing else is
    /// known of it; none where there is nothing to remember. Without an earlier mark what is
    /// stamped until the plan of that run was made (`planned`, where it is known) counts as
    /// seen, and nothing that came after it.
    pub fn with_writes(
        earlier: Option<&Self>,
        planned: Moment,
        writes: impl IntoIterator<Item = Writes>,
    ) -> Option<Self> {
        let mut own: Vec<Writes> = earlier.map_or_else(Vec::new, |mark| mark.own.clone());
        own.extend(writes);
        own.sort();
        own.dedup();
        let until = match earlier {
            Some(mark) => mark.until,
            None => {
                let first = before(own.first()?.from);
                if planned == Moment::UNKNOWN {
                    first
                } else {
                    planned.min(first)
                }
            }
        };
        own.retain(|writes| writes.to > until);
        own.drain(..own.len().saturating_sub(WRITES_KEPT));
        Some(Self { until, own })
    }
}

fn before(moment: Moment) -> Moment {
    moment
        .millis()
        .map_or(moment, |millis| Moment::from_millis(millis - 1))
}

/// Known stamps in goes, oldest first.
pub fn writes(stamps: &[Moment], by: &str) -> Vec<Writes> {
    let mut millis: Vec<i64> = stamps.iter().filter_map(|stamp| stamp.millis()).collect();
    millis.sort_unstable();
    let goes = millis.chunk_by(|one, next| next - one <= ONE_GO);
    goes.filter_map(|go| {
        Some(Writes {
            from: Moment::from_millis(*go.first()?),
            to: Moment::from_millis(*go.last()?),
            by: by.to_owned(),
        })
    })
    .collect()
}

/// A [`Mark`] made ready for comparing.
#[derive(Clone, Debug)]
pub struct Seen {
    until: Moment,
    own: Vec<(Moment, Moment, Symbol)>,
    /// The org units that were looked at until then; none where all were.
    org_units: Option<FxHashSet<Symbol>>,
}

impl Seen {
    /// Takes the names of those who wrote in among the plan's symbols.
    pub fn new(mark: &Mark, symbols: &mut Symbols) -> Self {
        let own = mark.own.iter();
        Self {
            until: mark.until,
            own: own
                .map(|writes| (writes.from, writes.to, symbols.intern(&writes.by)))
                .collect(),
            org_units: None,
        }
    }

    /// The same, of a mark that is about these org units of the destination only.
    #[must_use]
    pub fn within(mut self, org_units: FxHashSet<Symbol>) -> Self {
        self.org_units = Some(org_units);
        self
    }

    /// Whether an earlier run can have brought a value: one of them wrote it, or looked at it
    /// and found it in no need of sending. Of one without a known moment nobody can say so.
    pub fn is_brought(&self, org_unit: Symbol, last_updated: Moment, stored_by: Symbol) -> bool {
        let units = self.org_units.as_ref();
        let looked_at = units.is_none_or(|units| units.contains(&org_unit));
        last_updated != Moment::UNKNOWN
            && (self.is_own(last_updated, stored_by) || looked_at && last_updated <= self.until)
    }

    /// Whether a value with these stamps was put there since by somebody else than a run.
    /// One without a known moment was not, as far as anybody can tell.
    pub fn is_edited(&self, last_updated: Moment, stored_by: Symbol) -> bool {
        last_updated > self.until && !self.is_own(last_updated, stored_by)
    }

    fn is_own(&self, last_updated: Moment, stored_by: Symbol) -> bool {
        self.own
            .iter()
            .any(|(from, to, by)| (*from..=*to).contains(&last_updated) && *by == stored_by)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Moment {
        Moment::from_millis(millis)
    }

    /// Read in one part.
    fn looked(latest: i64, left: Option<i64>, whole: bool, written: &[i64]) -> Looked {
        let latest = if latest == 0 {
            Moment::UNKNOWN
        } else {
            at(latest)
        };
        Looked {
            latest,
            latest_in_all: latest,
            planned: Moment::UNKNOWN,
            left: left.map(at),
            whole,
            written: written.iter().copied().map(at).collect(),
            by: "clerk".into(),
        }
    }

    fn describe(mark: Option<&Mark>) -> String {
        mark.map_or_else(
            || String::from("nothing"),
            |mark| {
                let millis = |moment: Moment| moment.millis().unwrap_or_default();
                let own = mark
                    .own
                    .iter()
                    .map(|own| format!(" {}-{}", millis(own.from), millis(own.to)));
                format!("{}{}", millis(mark.until), own.collect::<String>())
            },
        )
    }

    #[test]
    fn what_a_run_leaves_behind() {
        let mark = Mark {
            until: at(1_000),
            own: vec![],
        };
        let check = |earlier: Option<&Mark>, looked: &Looked, expected: &str| {
            let after = Mark::after(earlier, looked);
            assert_eq!(describe(after.as_ref()), expected, "{looked:?}");
        };
        check(None, &looked(0, None, true, &[]), "nothing");
        // An empty destination: all that comes after the plan and was not written is somebody's,
        // be it between the plan and the first write, or where nothing was written at all.
        check(None, &looked(0, None, true, &[500, 400]), "399 400-500");
        let planned = |millis: i64, written: &[i64]| Looked {
            planned: at(millis),
            ..looked(0, None, true, written)
        };
        check(None, &planned(200, &[500, 400]), "200 400-500");
        check(None, &planned(450, &[500, 400]), "399 400-500");
        check(None, &planned(200, &[]), "200");
        check(None, &looked(300, None, true, &[400]), "300 400-400");
        // What was stored while the plan was read was not seen by all of it.
        let in_parts = |latest: i64, in_all: i64, planned: i64, left: Option<i64>| Looked {
            planned: at(planned),
            latest_in_all: at(in_all),
            ..looked(latest, left, true, &[])
        };
        check(None, &in_parts(300, 300, 250, None), "300");
        // A part that could not be read may hold later ones that were there, too.
        check(None, &in_parts(300, 300, 350, None), "350");
        check(None, &in_parts(300, 100, 250, None), "250");
        check(None, &in_parts(300, 270, 250, None), "270");
        check(Some(&mark), &in_parts(1_500, 900, 1_200, None), "1200");
        check(Some(&mark), &in_parts(1_500, 900, 1_600, None), "1500");
        check(Some(&mark), &in_parts(1_500, 900, 800, None), "1000");
        check(
            Some(&mark),
            &in_parts(1_500, 900, 1_400, Some(1_200)),
            "1199",
        );
        check(
            Some(&mark),
            &in_parts(1_500, 900, 1_100, Some(1_200)),
            "1100",
        );
        // Two goes, an hour between them.
        check(
            None,
            &looked(300, None, true, &[3_600_500, 400]),
            "300 400-400 3600500-3600500",
        );
        check(Some(&mark), &looked(1_500, None, true, &[]), "1500");
        check(Some(&mark), &looked(800, None, true, &[]), "1000");
        // What is left as edited stays edited; so does what another district edited.
        check(Some(&mark), &looked(1_500, Some(1_200), true, &[]), "1199");
        check(
            Some(&mark),
            &looked(1_500, None, false, &[1_600]),
            "1000 1600-1600",
        );
        // The same once more, after an interruption.
        let own = Mark::after(Some(&mark), &looked(1_500, None, false, &[1_600]));
        check(
            own.as_ref(),
            &looked(1_500, None, false, &[1_600]),
            "1000 1600-1600",
        );
        check(own.as_ref(), &looked(1_700, None, true, &[]), "1700");
    }

    #[test]
    fn what_a_run_leaves_behind_that_was_cut_off() {
        let by = |from: i64, to: i64| Writes {
            from: at(from),
            to: at(to),
            by: "clerk".into(),
        };
        let mark = Mark {
            until: at(1_000),
            own: vec![by(1_200, 1_300)],
        };
        let check = |earlier: Option<&Mark>, planned: Moment, writes: &[Writes], expected: &str| {
            let with = Mark::with_writes(earlier, planned, writes.to_vec());
            assert_eq!(describe(with.as_ref()), expected, "{writes:?}");
        };
        let unknown = Moment::UNKNOWN;
        check(None, unknown, &[], "nothing");
        check(None, at(500), &[], "nothing");
        check(None, unknown, &[by(800, 900)], "799 800-900");
        // What was stored between the plan and the first write was in no plan.
        check(None, at(500), &[by(800, 900)], "500 800-900");
        check(None, at(850), &[by(800, 900)], "799 800-900");
        // An earlier mark stays where it is: nobody knows what the run looked at.
        check(Some(&mark), at(2_000), &[], "1000 1200-1300");
        check(
            Some(&mark),
            at(2_000),
            &[by(2_100, 2_200), by(700, 900), by(1_200, 1_300)],
            "1000 1200-1300 2100-2200",
        );
    }

    /// Seen until 1000, and a clerk's own writes after it.
    fn seen_then_written() -> Mark {
        Mark {
            until: at(1_000),
            own: vec![Writes {
                from: at(2_000),
                to: at(2_100),
                by: "clerk".into(),
            }],
        }
    }

    #[test]
    fn who_edited_what() {
        let mut symbols = Symbols::new();
        let mark = seen_then_written();
        let seen = Seen::new(&mark, &mut symbols);
        let mut check = |moment: Moment, by: &str, expected: bool| {
            let by = symbols.intern(by);
            assert_eq!(seen.is_edited(moment, by), expected, "{moment:?}");
        };
        check(at(999), "amy", false);
        check(at(1_000), "amy", false);
        check(at(1_001), "amy", true);
        check(at(1_001), "clerk", true);
        check(at(2_000), "clerk", false);
        check(at(2_100), "clerk", false);
        check(at(2_101), "clerk", true);
        check(at(2_050), "amy", true);
        check(Moment::UNKNOWN, "amy", false);
    }

    #[test]
    fn what_a_run_brought() {
        let mut symbols = Symbols::new();
        let mark = seen_then_written();
        let [here, elsewhere] = ["ouFacA10001", "ouFacB10001"].map(|unit| symbols.intern(unit));
        let everywhere = Seen::new(&mark, &mut symbols);
        let seen = everywhere.clone().within([here].into_iter().collect());
        let mut check = |seen: &Seen, unit: Symbol, moment: Moment, by: &str, expected: bool| {
            let by = symbols.intern(by);
            assert_eq!(seen.is_brought(unit, moment, by), expected, "{moment:?}");
        };
        check(&everywhere, elsewhere, at(1_000), "amy", true);
        check(&seen, here, at(1_000), "amy", true);
        check(&seen, elsewhere, at(1_000), "amy", false);
        check(&seen, here, at(1_001), "amy", false);
        check(&seen, elsewhere, at(2_050), "clerk", true);
        check(&seen, elsewhere, at(2_050), "amy", false);
        check(&seen, here, Moment::UNKNOWN, "clerk", false);
    }

    #[test]
    fn old_writes_make_room() {
        let mark = Mark {
            until: at(0),
            own: vec![],
        };
        let hours: Vec<i64> = (1..=300).map(|hour| hour * 3_600_000).collect();
        let after = Mark::after(Some(&mark), &looked(1, None, false, &hours)).unwrap();
        assert_eq!(after.own.len(), WRITES_KEPT);
        assert_eq!(after.own[0].from, at(101 * 3_600_000));
    }
}
