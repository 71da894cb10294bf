//! The data elements of the three reports, each in the words of both sides.

use super::catalogue::{Element, Measure, Wording};

const COUNT: &str = "INTEGER_ZERO_OR_POSITIVE";

/// Outpatients and malaria in a month.
pub const PLAIN: &[Element] = &[
    Element {
        measure: Measure::NewVisits,
        destination: wording(
            "OPD new visits",
            "OPD new visits",
            "OPD_NEW",
            COUNT,
            "Nouvelles consultations externes",
        ),
        source: wording("Outpatients, new", "Outpatients new", "OPD_NEW", COUNT, ""),
    },
    Element {
        measure: Measure::ReturnVisits,
        destination: wording(
            "OPD return visits",
            "OPD return visits",
            "OPD_RET",
            COUNT,
            "Consultations de suivi",
        ),
        source: wording(
            "Outpatients, follow-up",
            "Outpatients follow-up",
            "",
            COUNT,
            "",
        ),
    },
    // The source allows decimals here (some districts report averages): those do
    // not fit the destination's value type.
    Element {
        measure: Measure::Suspected,
        destination: wording(
            "Malaria suspected cases",
            "Malaria suspected",
            "MAL_SUSP",
            COUNT,
            "Cas suspects de paludisme",
        ),
        source: wording(
            "Fever cases suspected of malaria",
            "Fever, susp. malaria",
            "MAL_SUSP",
            "NUMBER",
            "",
        ),
    },
    Element {
        measure: Measure::Tested,
        destination: wording(
            "Malaria tests done (RDT and microscopy)",
            "Malaria tests done",
            "MAL_TEST",
            COUNT,
            "Tests de paludisme réalisés (TDR et microscopie)",
        ),
        source: wording(
            "RDT + slides examined",
            "RDT + slides",
            "RDT_SLIDE",
            COUNT,
            "",
        ),
    },
    Element {
        measure: Measure::Positive,
        destination: wording(
            "Malaria tests positive",
            "Malaria tests positive",
            "MAL_POS",
            COUNT,
            "Tests de paludisme positifs",
        ),
        source: wording(
            "RDT + slides positive",
            "RDT + slides pos.",
            "MAL_POS",
            COUNT,
            "",
        ),
    },
    Element {
        measure: Measure::Referred,
        destination: wording(
            "Malaria cases referred",
            "Malaria referred",
            "MAL_REF",
            COUNT,
            "Cas de paludisme référés",
        ),
        source: wording(
            "Referrals for severe malaria",
            "Referrals severe",
            "MAL_REF",
            COUNT,
            "",
        ),
    },
    Element {
        measure: Measure::Deaths,
        destination: wording(
            "Malaria deaths",
            "Malaria deaths",
            "MAL_DEATH",
            COUNT,
            "Décès dus au paludisme",
        ),
        source: wording(
            "Deaths, malaria (all ages)",
            "Deaths malaria",
            "MAL_DEATHS",
            COUNT,
            "",
        ),
    },
    Element {
        measure: Measure::SyrupStock,
        destination: wording(
            "Paracetamol syrup on hand at month end (litres)",
            "Paracetamol syrup on hand (l)",
            "STOCK_SYRUP",
            "NUMBER",
            "Sirop de paracétamol en fin de mois (litres)",
        ),
        source: wording(
            "Paracetamol syrup closing balance",
            "Paracetamol balance",
            "STOCK_SYRUP",
            "NUMBER",
            "",
        ),
    },
    // Shares above 100 are taken by the source and refused by the destination.
    Element {
        measure: Measure::NetUse,
        destination: wording(
            "Pregnant women who slept under a net (%)",
            "Women under net (%)",
            "NET_USE",
            "PERCENTAGE",
            "Femmes enceintes ayant dormi sous moustiquaire (%)",
        ),
        source: wording(
            "LLIN use, pregnant women, percent",
            "LLIN use ANC %",
            "LLIN_USE",
            "NUMBER",
            "",
        ),
    },
    Element {
        measure: Measure::StockOut,
        destination: wording(
            "ACT out of stock for 7 days or more",
            "ACT stock-out",
            "ACT_OUT",
            "BOOLEAN",
            "Rupture de CTA de 7 jours ou plus",
        ),
        source: wording(
            "Stock-out of ACT (≥ 7 d)",
            "Stock-out ACT",
            "ACT_OUT",
            "BOOLEAN",
            "",
        ),
    },
    // Free text at the source: some write the option's code in lower case.
    Element {
        measure: Measure::Microscope,
        destination: wording(
            "State of the microscope",
            "State of microscope",
            "MICROSCOPE",
            "TEXT",
            "État du microscope",
        ),
        source: wording("Microscope", "Microscope", "", "TEXT", ""),
    },
    Element {
        measure: Measure::Remark,
        destination: wording(
            "Remark on the month",
            "Remark",
            "REMARK",
            "TEXT",
            "Remarque sur le mois",
        ),
        source: wording("Comments", "Comments", "REMARKS", "TEXT", ""),
    },
    Element {
        measure: Measure::LarvaSites,
        destination: None,
        source: wording(
            "Larval sites treated",
            "Larval sites",
            "LSM_SITES",
            COUNT,
            "",
        ),
    },
];

/// Malaria by age group and sex.
pub const AGE_AND_SEX: &[Element] = &[
    Element {
        measure: Measure::Confirmed,
        destination: wording(
            "Malaria confirmed cases",
            "Malaria confirmed",
            "MAL_CONF",
            COUNT,
            "Cas confirmés de paludisme",
        ),
        source: wording(
            "Confirmed malaria",
            "Confirmed malaria",
            "MAL_CONF",
            COUNT,
            "",
        ),
    },
    Element {
        measure: Measure::Severe,
        destination: wording(
            "Malaria severe cases",
            "Malaria severe",
            "MAL_SEV",
            COUNT,
            "Cas de paludisme grave",
        ),
        source: wording("Severe malaria", "Severe malaria", "MAL_SEVERE", COUNT, ""),
    },
    Element {
        measure: Measure::Admitted,
        destination: wording(
            "Malaria admissions",
            "Malaria admissions",
            "MAL_ADM",
            COUNT,
            "Hospitalisations pour paludisme",
        ),
        source: wording(
            "Inpatients with malaria",
            "Inpatients malaria",
            "",
            COUNT,
            "",
        ),
    },
];

/// Nets and spraying, by funding partner.
pub const PARTNER: &[Element] = &[
    Element {
        measure: Measure::NetsAntenatal,
        destination: wording(
            "Nets given at antenatal visits",
            "Nets given, antenatal",
            "NET_ANC",
            COUNT,
            "Moustiquaires remises en CPN",
        ),
        source: wording("LLIN distributed ANC", "LLIN ANC", "NET_ANC", COUNT, ""),
    },
    Element {
        measure: Measure::NetsChildren,
        destination: wording(
            "Nets given to children at vaccination",
            "Nets given, vaccination",
            "NET_EPI",
            COUNT,
            "Moustiquaires remises à la vaccination",
        ),
        source: wording("LLIN distributed EPI", "LLIN EPI", "LLIN_EPI", COUNT, ""),
    },
    Element {
        measure: Measure::HomesSprayed,
        destination: wording(
            "Homes sprayed",
            "Homes sprayed",
            "IRS_HOMES",
            COUNT,
            "Ménages pulvérisés",
        ),
        source: wording(
            "Households sprayed (IRS)",
            "Households sprayed",
            "IRS_HOMES",
            COUNT,
            "",
        ),
    },
    Element {
        measure: Measure::VolunteersTrained,
        destination: wording(
            "Community volunteers trained",
            "Volunteers trained",
            "VOL_TRAIN",
            COUNT,
            "Relais communautaires formés",
        ),
        source: wording("CHW trained", "CHW trained", "", COUNT, ""),
    },
];

const fn wording(
    name: &'static str,
    short_name: &'static str,
    code: &'static str,
    value_type: &'static str,
    french: &'static str,
) -> Option<Wording> {
    Some(Wording {
        name,
        short_name,
        code,
        value_type,
        french,
    })
}
