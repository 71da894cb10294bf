//! The accounting of a plan: every source value is accounted for.

use std::ops::AddAssign;

use super::Kind;

/// How many source values were read and what became of them, of one slice or of all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Source values read. Counted where they are read, not from the entries.
    pub pulled: u64,
    /// Equal on both sides.
    pub same: u64,
    /// Not present in the destination.
    pub new: u64,
    /// Present with another value.
    pub changed: u64,
    /// Present with another value that somebody put there since the last run.
    pub edited_here: u64,
    /// Differ, but are not sent, for a reason known before sending.
    pub blocked: u64,
    /// Nobody has decided where they go.
    pub unmapped: u64,
    /// Left out on purpose.
    pub excluded: u64,
    /// Source values beyond the first that went into one cell together with it.
    pub combined: u64,
    /// Values of the destination whose source values were deleted. They are none of those
    /// pulled.
    pub cleared: u64,
    /// Of the cleared ones: those that can be deleted.
    pub to_delete: u64,
}

/// Source values that a plan lost or made up. Nothing may be sent from such a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{pulled} values were read, but the plan accounts for {planned}")]
pub struct Unaccounted {
    /// Source values read.
    pub pulled: u64,
    /// Entries of the plan that stand for source values, and values combined with others.
    pub planned: u64,
}

impl Counts {
    /// The number of entries of a kind.
    pub fn of(&self, kind: Kind) -> u64 {
        match kind {
            Kind::Same => self.same,
            Kind::New => self.new,
            Kind::Changed => self.changed,
            Kind::EditedHere => self.edited_here,
            Kind::Cleared => self.cleared,
            Kind::Blocked => self.blocked,
            Kind::Unmapped => self.unmapped,
            Kind::Excluded => self.excluded,
        }
    }

    /// How many entries of a kind can be sent: all of the kinds that are sent, and of the
    /// cleared ones those that can be deleted.
    pub fn sendable(&self, kind: Kind) -> u64 {
        match kind {
            Kind::Cleared => self.to_delete,
            kind if kind.is_sent() => self.of(kind),
            _ => 0,
        }
    }

    /// Counts one entry more of a kind; `pulled` stays.
    pub fn add(&mut self, kind: Kind) {
        *match kind {
            Kind::Same => &mut self.same,
            Kind::New => &mut self.new,
            Kind::Changed => &mut self.changed,
            Kind::EditedHere => &mut self.edited_here,
            Kind::Cleared => &mut self.cleared,
            Kind::Blocked => &mut self.blocked,
            Kind::Unmapped => &mut self.unmapped,
            Kind::Excluded => &mut self.excluded,
        } += 1;
    }

    /// New, changed, edited here and what can be deleted: what can be sent.
    pub fn to_send(&self) -> u64 {
        self.new + self.changed + self.edited_here + self.to_delete
    }

    /// pulled = same + new + changed + edited here + blocked + unmapped + excluded + combined,
    /// exactly. Cleared ones are none of the source's values.
    pub fn check(&self) -> Result<(), Unaccounted> {
        let of_source = Kind::ALL.into_iter().filter(|kind| *kind != Kind::Cleared);
        let entries: u64 = of_source.map(|kind| self.of(kind)).sum();
        let planned = entries + self.combined;
        if self.pulled == planned && self.to_delete <= self.cleared {
            Ok(())
        } else {
            Err(Unaccounted {
                pulled: self.pulled,
                planned,
            })
        }
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.pulled += other.pulled;
        self.same += other.same;
        self.new += other.new;
        self.changed += other.changed;
        self.edited_here += other.edited_here;
        self.blocked += other.blocked;
        self.unmapped += other.unmapped;
        self.excluded += other.excluded;
        self.combined += other.combined;
        self.cleared += other.cleared;
        self.to_delete += other.to_delete;
    }
}

#[cfg(test)]
mod tests {
    use super::{Counts, Kind};

    #[test]
    fn a_value_lost_and_a_value_made_up_are_both_noticed() {
        let mut counts = Counts {
            pulled: 2,
            ..Counts::default()
        };
        counts.add(Kind::New);
        assert!(counts.check().is_err(), "one was lost");
        counts.add(Kind::Excluded);
        assert!(counts.check().is_ok());
        counts.add(Kind::Same);
        assert!(counts.check().is_err(), "one was made up");
        counts.pulled += 2;
        assert!(counts.check().is_err(), "one was lost");
        counts.combined += 1;
        assert!(counts.check().is_ok());
        counts.add(Kind::Cleared);
        assert!(counts.check().is_ok(), "no value of the source");
        counts.to_delete += 2;
        assert!(counts.check().is_err(), "one was made up");
    }
}
