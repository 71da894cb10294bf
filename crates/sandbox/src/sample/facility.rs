//! The kinds of facilities: what they are called in French and in English, how
//! other systems shorten that, how busy they are.

/// The kind of a health facility.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FacilityKind {
    RegionalHospital,
    DistrictHospital,
    HealthCentre,
    HealthPost,
    Dispensary,
    Maternity,
    Clinic,
}

/// How a kind is written in one language: in full, then the ways in which
/// people shorten it.
pub struct KindWords {
    /// As the ministry writes it.
    pub full: &'static str,
    /// As others write it.
    pub short: &'static [&'static str],
}

impl FacilityKind {
    /// The words for it.
    pub fn words(self, french: bool) -> KindWords {
        let (full, short): (&str, &[&str]) = match (self, french) {
            (Self::RegionalHospital, true) => ("Hôpital régional", &["HR", "Hop. Rég.", "CHR"]),
            (Self::RegionalHospital, false) => {
                ("Regional Hospital", &["RH", "Reg. Hosp.", "Regional Hosp"])
            }
            (Self::DistrictHospital, true) => (
                "Hôpital de district",
                &["HD", "Hop. District", "Hôp. de Distr."],
            ),
            (Self::DistrictHospital, false) => {
                ("District Hospital", &["DH", "Dist. Hosp.", "District Hosp"])
            }
            (Self::HealthCentre, true) => ("Centre de santé", &["CS", "CSI", "C.S.", "Ctre Santé"]),
            (Self::HealthCentre, false) => {
                ("Health Centre", &["HC", "H/C", "Health Ctr", "Hlth Centre"])
            }
            (Self::HealthPost, true) => ("Poste de santé", &["PS", "P.S.", "Pste Santé"]),
            (Self::HealthPost, false) => ("Health Post", &["HP", "H/Post", "Hlth Post"]),
            (Self::Dispensary, true) => ("Dispensaire", &["Disp.", "Disp", "Dispens."]),
            (Self::Dispensary, false) => ("Dispensary", &["Disp.", "Disp", "Dispens."]),
            (Self::Maternity, true) => ("Maternité", &["Mat.", "Mater.", "Maternite"]),
            (Self::Maternity, false) => ("Maternity", &["Mat.", "Matern."]),
            (Self::Clinic, true) => ("Clinique", &["Clin.", "Cl."]),
            (Self::Clinic, false) => ("Clinic", &["Clin.", "Cl."]),
        };
        KindWords { full, short }
    }

    /// New outpatients in an ordinary month.
    pub fn usual_attendance(self) -> u64 {
        match self {
            Self::RegionalHospital => 5200,
            Self::DistrictHospital => 2500,
            Self::HealthCentre => 650,
            Self::HealthPost => 130,
            Self::Dispensary => 190,
            Self::Maternity => 90,
            Self::Clinic => 310,
        }
    }

    /// Whether patients stay overnight.
    pub fn has_beds(self) -> bool {
        matches!(
            self,
            Self::RegionalHospital | Self::DistrictHospital | Self::HealthCentre
        )
    }
}
