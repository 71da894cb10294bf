//! What is counted, as the two servers write it down: the destination is the
//! ministry's HMIS, the source a malaria programme's own server. One entry per
//! data element, with the words, codes and value types of both sides.

use super::elements::{AGE_AND_SEX, PARTNER, PLAIN};

/// Which of the two servers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// The ministry's HMIS, into which values are brought.
    Destination,
    /// The programme's server, from which values come.
    Source,
}

/// What a data element counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Measure {
    NewVisits,
    ReturnVisits,
    Suspected,
    Tested,
    Positive,
    Referred,
    Deaths,
    SyrupStock,
    NetUse,
    StockOut,
    Microscope,
    Remark,
    LarvaSites,
    Confirmed,
    Severe,
    Admitted,
    NetsAntenatal,
    NetsChildren,
    HomesSprayed,
    VolunteersTrained,
}

/// Name, short name, code (empty: none), DHIS2 value type, French name (empty: none).
pub struct Wording {
    /// Full name.
    pub name: &'static str,
    /// Short name.
    pub short_name: &'static str,
    /// Code, or empty.
    pub code: &'static str,
    /// DHIS2 value type.
    pub value_type: &'static str,
    /// The French translation of the name, or empty.
    pub french: &'static str,
}

/// One data element on both sides; `None` where a side does not have it.
pub struct Element {
    /// What it counts.
    pub measure: Measure,
    /// At the destination.
    pub destination: Option<Wording>,
    /// At the source.
    pub source: Option<Wording>,
}

impl Element {
    /// Its wording on a side.
    pub fn wording(&self, side: Side) -> Option<&Wording> {
        match side {
            Side::Destination => self.destination.as_ref(),
            Side::Source => self.source.as_ref(),
        }
    }
}

/// A data set on both sides.
pub struct Report {
    /// Word that the uid is made from.
    pub key: &'static str,
    /// At the destination: name, short name, code, French name.
    pub destination: Wording,
    /// At the source.
    pub source: Wording,
    /// Its data elements.
    pub elements: &'static [Element],
    /// How cells are broken down.
    pub breakdown: Breakdown,
}

/// How a report breaks its cells down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Breakdown {
    /// One cell per element.
    Plain,
    /// One cell per age group and sex.
    AgeAndSex,
    /// One report per funding partner.
    Partner,
}

const fn title(
    name: &'static str,
    short_name: &'static str,
    code: &'static str,
    french: &'static str,
) -> Wording {
    Wording {
        name,
        short_name,
        code,
        value_type: "",
        french,
    }
}

/// The three reports.
pub const REPORTS: [Report; 3] = [
    Report {
        key: "monthly",
        destination: title(
            "HMIS 05 Outpatients and malaria, monthly",
            "HMIS 05 Outpatients and malaria",
            "HMIS05",
            "SNIS 05 Consultations et paludisme, mensuel",
        ),
        source: title(
            "NMCP monthly malaria report",
            "NMCP monthly",
            "NMCP_MONTHLY",
            "",
        ),
        elements: PLAIN,
        breakdown: Breakdown::Plain,
    },
    Report {
        key: "age-sex",
        destination: title(
            "HMIS 06 Malaria cases by age and sex",
            "HMIS 06 Malaria by age and sex",
            "HMIS06",
            "SNIS 06 Cas de paludisme par âge et sexe",
        ),
        source: title(
            "NMCP line-list summary (sex, age)",
            "NMCP sex/age summary",
            "HMIS06",
            "",
        ),
        elements: AGE_AND_SEX,
        breakdown: Breakdown::AgeAndSex,
    },
    Report {
        key: "partner",
        destination: title(
            "HMIS 11 Nets and spraying by funding partner",
            "HMIS 11 Nets and spraying",
            "HMIS11",
            "SNIS 11 Moustiquaires et pulvérisation par partenaire",
        ),
        source: title(
            "NMCP vector control by donor",
            "NMCP vector control",
            "NMCP_VC",
            "",
        ),
        elements: PARTNER,
        breakdown: Breakdown::Partner,
    },
];

/// A category option on both sides: (name, code) at the destination, then at the source.
pub type OptionWords = [(&'static str, &'static str); 2];

/// Age groups, youngest first.
pub const AGES: [OptionWords; 4] = [
    [("0-4y", "AGE_0_4"), ("<5 years", "U5")],
    [("5-14y", "AGE_5_14"), ("5 to 14 years", "AGE_5_14")],
    [("15-49y", "AGE_15_49"), ("15 to 49 years", "")],
    [("50y+", "AGE_50"), ("50 years and over", "50PLUS")],
];

/// Sexes.
pub const SEXES: [OptionWords; 2] = [
    [("Male", "SEX_M"), ("M", "SEX_M")],
    [("Female", "SEX_F"), ("F", "SEX_F")],
];

/// Funding partners.
pub const PARTNERS: [OptionWords; 3] = [
    [("State budget", "STATE"), ("Govt", "GOV")],
    [("Fonds Solidarité Santé", "FSS"), ("FSS", "FSS")],
    [("Blue River Foundation", "BRF"), ("Blue River Fdn", "BRF")],
];

/// The states of a microscope: name and code.
pub const MICROSCOPE_STATES: [(&str, &str); 3] = [
    ("Working", "WORKING"),
    ("In repair", "REPAIR"),
    ("None", "NONE"),
];

/// Remarks as clerks write them, with the signs that spoil a CSV reader.
pub const REMARKS: [&str; 6] = [
    "Rupture de TDR du 12 au 19",
    "Staff on leave, two days closed",
    "Inondation; accès difficile",
    "Report by phone (\"no form left\")",
    "Campagne de vaccination, moins de consultations",
    "New nurse started; figures checked & corrected",
];
