//! What becomes of a source value.

use crate::mapping::MissingPart;
use crate::preflight::BlockReason;

/// What becomes of a source value, with the reason where there is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntryKind {
    /// The destination has the same value.
    Same,
    /// The destination has no value there.
    New,
    /// The destination has another value.
    Changed,
    /// The destination has another value, and somebody put it there since the last run
    /// ([`crate::journal::Seen`]). It is left alone unless the person says otherwise.
    EditedHere,
    /// The source had a value and deleted it, and the destination has one. It can be deleted
    /// here, too, if the person says so; unless there is a reason to keep it. It is none of
    /// the source's values.
    Cleared(Option<KeptBecause>),
    /// It differs, but is not sent.
    Blocked(BlockReason),
    /// Nobody has decided where it goes.
    Unmapped(MissingPart),
    /// It is left out on purpose.
    Excluded,
}

/// Why a value stays although the source deleted its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeptBecause {
    /// Somebody put it here since the last run ([`crate::journal::Seen`]).
    EditedHere,
    /// No earlier run is known that could have brought it.
    NotBrought,
    /// It could not be deleted.
    Blocked(BlockReason),
}

/// [`EntryKind`] without its reasons, for counting and filtering.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
#[expect(missing_docs, reason = "EntryKind says what each means")]
pub enum Kind {
    New,
    Changed,
    EditedHere,
    Cleared,
    Blocked,
    Unmapped,
    Excluded,
    Same,
}

/// A set of kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KindSet(u8);

impl EntryKind {
    /// The kind without its reason.
    pub fn kind(self) -> Kind {
        match self {
            Self::Same => Kind::Same,
            Self::New => Kind::New,
            Self::Changed => Kind::Changed,
            Self::EditedHere => Kind::EditedHere,
            Self::Cleared(_) => Kind::Cleared,
            Self::Blocked(_) => Kind::Blocked,
            Self::Unmapped(_) => Kind::Unmapped,
            Self::Excluded => Kind::Excluded,
        }
    }

    /// Whether its key is one of the source, because there is none of the destination.
    pub fn has_source_cell(self) -> bool {
        matches!(self, Self::Unmapped(_) | Self::Excluded)
    }

    /// Whether it can be sent (for [`EntryKind::Cleared`]: as a deletion). What is sent of
    /// these is for the person to say ([`crate::outcome::OutcomeLog::confirming`]).
    pub fn is_sent(self) -> bool {
        match self {
            Self::Cleared(kept) => kept.is_none(),
            other => other.kind().is_sent(),
        }
    }

    /// As two bytes: the kind, and the number of the reason.
    pub(super) fn to_bytes(self) -> [u8; 2] {
        let reason = match self {
            Self::Cleared(kept) => kept.map_or(0, KeptBecause::number),
            Self::Blocked(reason) => reason as u8,
            Self::Unmapped(part) => part as u8,
            _ => 0,
        };
        [self.kind() as u8, reason]
    }

    /// Back from [`Self::to_bytes`].
    pub(super) fn from_bytes([kind, reason]: [u8; 2]) -> Option<Self> {
        Some(match Kind::ALL.into_iter().find(|k| *k as u8 == kind)? {
            Kind::Same => Self::Same,
            Kind::New => Self::New,
            Kind::Changed => Self::Changed,
            Kind::EditedHere => Self::EditedHere,
            Kind::Cleared if reason == 0 => Self::Cleared(None),
            Kind::Cleared => Self::Cleared(Some(KeptBecause::of_number(reason)?)),
            Kind::Blocked => Self::Blocked(*BlockReason::ALL.get(usize::from(reason))?),
            Kind::Unmapped => Self::Unmapped(*MissingPart::ALL.get(usize::from(reason))?),
            Kind::Excluded => Self::Excluded,
        })
    }
}

impl KeptBecause {
    /// A stable word for storage, reports and translations.
    pub fn code(self) -> &'static str {
        match self {
            Self::EditedHere => "clearedButEditedHere",
            Self::NotBrought => "clearedButNotBrought",
            Self::Blocked(reason) => reason.code(),
        }
    }

    /// From 1.
    fn number(self) -> u8 {
        match self {
            Self::EditedHere => 1,
            Self::NotBrought => 2,
            Self::Blocked(reason) => 3 + reason as u8,
        }
    }

    fn of_number(number: u8) -> Option<Self> {
        Some(match number {
            1 => Self::EditedHere,
            2 => Self::NotBrought,
            _ => Self::Blocked(*BlockReason::ALL.get(usize::from(number.checked_sub(3)?))?),
        })
    }
}

impl Kind {
    /// All kinds, what asks for attention first.
    pub const ALL: [Self; 8] = [
        Self::New,
        Self::Changed,
        Self::EditedHere,
        Self::Cleared,
        Self::Blocked,
        Self::Unmapped,
        Self::Excluded,
        Self::Same,
    ];

    /// A stable word for storage, reports and translations.
    pub fn code(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Changed => "changed",
            Self::EditedHere => "editedHere",
            Self::Cleared => "cleared",
            Self::Blocked => "blocked",
            Self::Unmapped => "unmapped",
            Self::Excluded => "excluded",
            Self::Same => "same",
        }
    }

    /// Whether entries of this kind can be sent, all of them; of the cleared ones some can
    /// ([`EntryKind::is_sent`]).
    pub fn is_sent(self) -> bool {
        matches!(self, Self::New | Self::Changed | Self::EditedHere)
    }
}

impl KindSet {
    /// Every kind.
    pub const ALL: Self = Self(0b1111_1111);
    /// No kind.
    pub const NONE: Self = Self(0);

    /// Whether a kind is in the set.
    pub fn contains(self, kind: Kind) -> bool {
        self.0 & (1 << kind as u8) != 0
    }

    /// The set with a kind added.
    #[must_use]
    pub fn with(self, kind: Kind) -> Self {
        Self(self.0 | (1 << kind as u8))
    }

    /// The set with a kind taken out.
    #[must_use]
    pub fn without(self, kind: Kind) -> Self {
        Self(self.0 & !(1 << kind as u8))
    }
}

impl FromIterator<Kind> for KindSet {
    fn from_iter<I: IntoIterator<Item = Kind>>(kinds: I) -> Self {
        kinds.into_iter().fold(Self::NONE, Self::with)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_comes_back_from_its_bytes() {
        let plain = [
            EntryKind::Same,
            EntryKind::New,
            EntryKind::Changed,
            EntryKind::EditedHere,
            EntryKind::Excluded,
        ];
        let blocked = BlockReason::ALL
            .iter()
            .map(|&reason| EntryKind::Blocked(reason));
        let unmapped = MissingPart::ALL.into_iter().map(EntryKind::Unmapped);
        let kept = [KeptBecause::EditedHere, KeptBecause::NotBrought].into_iter();
        let kept = kept.chain(BlockReason::ALL.iter().copied().map(KeptBecause::Blocked));
        let cleared = std::iter::once(None).chain(kept.map(Some));
        let cleared = cleared.map(EntryKind::Cleared);
        for kind in plain
            .into_iter()
            .chain(blocked)
            .chain(unmapped)
            .chain(cleared)
        {
            assert_eq!(EntryKind::from_bytes(kind.to_bytes()), Some(kind));
        }
    }

    #[test]
    fn sets_of_kinds() {
        let set = KindSet::from_iter([Kind::New, Kind::Same]);
        assert!(set.contains(Kind::Same) && !set.contains(Kind::Blocked));
        assert!(!set.without(Kind::Same).contains(Kind::Same));
        assert_eq!(KindSet::from_iter(Kind::ALL), KindSet::ALL);
    }
}
