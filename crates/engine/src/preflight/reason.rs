//! Why a value is not sent although it differs.

use std::fmt;

macro_rules! reasons {
    ($($(#[doc = $doc:expr])+ $name:ident = $code:literal, [$($server:literal),*],)+) => {
        /// Why a value is not sent: what data entry in DHIS2 would not allow, or
        /// what no server keeps as it was sent. DHIS2 2.40–2.42 take most of
        /// these without a word and then show the value nowhere; 2.43 refuses
        /// the whole request. Names in quotes are steps of the recordings
        /// "import-bad-values" and "zz-import-rules".
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum BlockReason {
            $($(#[doc = $doc])+ $name,)+
        }

        impl BlockReason {
            /// All reasons, in the order in which they are looked for.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// A stable word for storage, reports and translations.
            pub fn code(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)+
                }
            }

            /// DHIS2's own codes for the same fault, which its documentation explains: up to
            /// 2.42, then from 2.43. None where no server refuses it.
            pub fn server_codes(self) -> &'static [&'static str] {
                match self {
                    $(Self::$name => &[$($server),*],)+
                }
            }
        }
    };
}

reasons! {
    /// Several source values meet in this cell, and the mapping does not say how to combine them.
    /// 2.43 refuses equal keys in one request (E8128), earlier ones keep the last.
    SeveralSourceValues = "severalSourceValues", ["E8128"],
    /// Several source values meet in this cell, and the mapping's rule cannot combine them: it
    /// is for numbers, and they are none, or too long.
    NotCombinable = "notCombinable", [],
    /// The source sent a value that was not asked for in this slice, so nobody knows what is present.
    OutsideSlice = "outsideSlice", [],
    /// The data set does not exist or the user cannot see it: E7600, E8010
    /// ("data set not shared, clerk").
    DataSetUnknown = "dataSetUnknown", ["E7600", "E8010"],
    /// The user may not write data of this data set: E7601, E8010
    /// ("data set without write access, clerk"; up to 2.42 taken when the request does not name the set).
    NoDataWriteAccess = "noDataWriteAccess", ["E7601", "E8010"],
    /// The user lacks `F_DATAVALUE_ADD`, which `POST /api/dataValueSets` asks for on all versions.
    NoAuthority = "noAuthority", [],
    /// The id is not a period, or one that data entry never offers: E7611, 500 on 2.43
    /// ("period is no period").
    PeriodInvalid = "periodInvalid", ["E7611"],
    /// The period is not of the data set's type: E8021, taken up to 2.42 ("period of another type").
    PeriodOfAnotherType = "periodOfAnotherType", ["E7632", "E8021"],
    /// The period lies further ahead than `openFuturePeriods` allows: E7641, E8030
    /// ("far future"; 2.43 takes it from superusers).
    PeriodInFuture = "periodInFuture", ["E7641", "E8030"],
    /// The period ended more than `expiryDays` ago, the user lacks `F_EDIT_EXPIRED`, and the org
    /// unit has no lock exception: E7640, E8030 ("expired before the exception, clerk").
    PeriodExpired = "periodExpired", ["E7640", "E8030"],
    /// The data set names input periods and this is not one, or not one that is open today: E7643
    /// ("input period closed, admin", "input period not listed, clerk"). 2.43.1 takes the closed ones.
    InputPeriodClosed = "inputPeriodClosed", ["E7643", "E8030"],
    /// The data set has input periods, and this version refuses the open ones: 2.43.0 and 2.43.1
    /// ("input period open, clerk").
    InputPeriodsRefused = "inputPeriodsRefused", ["E8030"],
    /// The org unit does not exist: E7612, E8022 ("unknown org unit").
    OrgUnitUnknown = "orgUnitUnknown", ["E7612", "E8022"],
    /// The org unit is outside the user's capture hierarchy: E7617, E8011.
    OrgUnitOutsideHierarchy = "orgUnitOutsideHierarchy", ["E7617", "E8011"],
    /// The org unit is not assigned to the data set: E8022, taken up to 2.42 ("org unit not assigned").
    OrgUnitNotAssigned = "orgUnitNotAssigned", ["E7636", "E8022"],
    /// The org unit opened after the period: E8031, taken up to 2.42 ("period before opening").
    OrgUnitNotYetOpen = "orgUnitNotYetOpen", ["E2019", "E8031"],
    /// The org unit closed before the period: E8031, taken up to 2.42 ("org unit closed").
    OrgUnitClosed = "orgUnitClosed", ["E2019", "E8031"],
    /// The data element is not in the data set: E8020, taken up to 2.42 ("element not in set").
    ElementNotInDataSet = "elementNotInDataSet", ["E7633", "E8020"],
    /// The category option combo is not of the element's combo, or of the one that the data set
    /// uses instead: E8024, taken up to 2.42 ("coc of another combo", "default coc for age element").
    CategoryOptionComboNotOfElement = "categoryOptionComboNotOfElement", ["E7634", "E8024"],
    /// The user may not write data with one of the category options: E7614, E8012.
    CategoryOptionNotWritable = "categoryOptionNotWritable", ["E7614", "E8012"],
    /// The attribute option combo is not of the data set's combo: E8023, taken up to 2.42 ("aoc of another combo").
    AttributeOptionComboNotOfDataSet = "attributeOptionComboNotOfDataSet", ["E7635", "E8023"],
    /// The user may not write data with one of the attribute options: E7615, E8012 ("unshared option, clerk").
    AttributeOptionNotWritable = "attributeOptionNotWritable", ["E7615", "E8012"],
    /// The period does not lie wholly within the dates of the attribute options: E7638, E8032
    /// ("dated option, before, clerk").
    AttributeOptionOutsideDates = "attributeOptionOutsideDates", ["E7638", "E8032"],
    /// The org unit is none of those that an attribute option is limited to: E7639, E8025
    /// ("option of another region, admin").
    AttributeOptionOfOtherOrgUnits = "attributeOptionOfOtherOrgUnits", ["E7639", "E8025"],
    /// The data of this period are approved: E7642, E8033 ("after approval, clerk"; superusers too).
    AlreadyApproved = "alreadyApproved", ["E7642", "E8033"],
    /// There is no value, at most a comment: E7618, E8120 ("blank", "comment only").
    ValueMissing = "valueMissing", ["E7618", "E8120"],
    /// The value names a file or an image, which stays on the server that it was uploaded to.
    ValueIsFile = "valueIsFile", [],
    /// The value does not fit the value type on every version: E7619, E8122 ("integer 12.0", "boolean yes" …).
    ValueNotOfType = "valueNotOfType", ["E7619", "E8122"],
    /// The value is not the code of an option of the option set: E7621, E8123 ("option by name").
    ValueNotAnOption = "valueNotAnOption", ["E7621", "E8123"],
    /// A zero where zeros are not significant: up to 2.42 the server drops it and answers 200,
    /// counting it nowhere ("zero not significant").
    ZeroNotSignificant = "zeroNotSignificant", [],
}

impl fmt::Display for BlockReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::BlockReason;

    #[test]
    fn codes_are_unique() {
        let mut codes: Vec<_> = BlockReason::ALL
            .iter()
            .map(|reason| reason.code())
            .collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), BlockReason::ALL.len());
    }
}
