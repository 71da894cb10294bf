//! Sample data: a country that does not exist, as two servers describe it.
//!
//! The **destination** is the HMIS of Lumandé: country, 8 regions, 48 districts,
//! 1 200 facilities with French and English names; three monthly data sets (12
//! plain elements; 3 elements by age and sex; 4 elements by funding partner, an
//! attribute category combo) and two years of values, about 90 in 100 reports
//! there, malaria rising and falling with the seasons. Some facilities have no
//! code, some are closed, some are in no data set.
//!
//! The **source** is a malaria programme's own server: 300 facilities in a tree
//! without regions, all ids other, codes the same for 60 in 100, missing for 25,
//! other for 15, names written as people write them (in eight ways); elements,
//! options and data sets with other names, some with equal codes. Its values are
//! the destination's, except that
//! - the last month is only here, the month before mostly so, and some late reports;
//! - 3 in 100 were corrected here and not at the destination;
//! - some do not fit the destination: decimals for a count ("Malaria suspected
//!   cases"), shares above 100 ("slept under a net"), option codes in lower case
//!   ("State of the microscope"), facilities that the destination closed, an
//!   element that it lacks ("Larval sites treated"), facilities that it lacks;
//! - zeros of "Malaria cases referred" are kept here and not there;
//! - of 300, three each were closed, renamed, merged (two here, one there: their
//!   counts add up) or are not known at the destination ([`SampleWorld::pairs`]).
//!
//! People. Both servers have `admin` already (`admin:district`, made by the server).
//!
//! | server | user | password | may |
//! |---|---|---|---|
//! | destination | `manager` | `Manager1!` | routes, metadata, apps, the app, data entry in the whole country; group "HMIS managers" |
//! | destination | `clerk` | `Clerk123!` | the app and data entry in one district; group "Data entry clerks" |
//! | destination | `lecteur` | `Lecteur1!` | the app, without data entry |
//! | destination | `visitor` | `Visitor1!` | log in, not the app |
//! | source | `reader` | `Reader123!` | read all data, write nothing |
//!
//! All of it follows from [`SampleOptions`] alone: no clock, no chance.
//! [`dress()`] does the same for somebody else's metadata, [`other_uids()`] gives a
//! payload other ids.

mod catalogue;
mod country;
mod destination;
mod dress;
mod elements;
mod facility;
mod figures;
mod metadata;
mod month;
mod org_units;
mod other_uids;
mod people;
mod periods;
mod places;
mod programme;
mod random;
mod reports;
mod source;
mod spelling;
#[cfg(test)]
mod tests;
mod uid;
mod value_types;
mod values;

use serde_json::{Map, Value};

pub use dress::{DressOptions, DressSide, dress};
pub use other_uids::other_uids;
pub use people::APP_AUTHORITY;
pub use programme::Story;
pub use uid::{FIXED_UIDS, is_uid};
pub use values::{SampleValue, SampleValues};

use country::Country;
use month::Month;
use people::People;
use programme::{Known, Programme};
use random::{draw, key};

/// How large the world is and when it ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SampleOptions {
    /// Facilities at the destination.
    pub facilities: usize,
    /// Months with values.
    pub months: usize,
    /// Year and month (1–12) of the latest values.
    pub last_month: (i32, u32),
    /// Facilities at the source.
    pub source_facilities: usize,
}

impl SampleOptions {
    /// The full size: 1 200 facilities, 300 of them at the source, 24 months.
    pub fn full(last_month: (i32, u32)) -> Self {
        Self {
            facilities: 1200,
            months: 24,
            last_month,
            source_facilities: 300,
        }
    }
}

/// Both servers and what truly corresponds.
pub struct SampleWorld {
    /// The ministry's server.
    pub destination: SampleServer,
    /// The programme's server.
    pub source: SampleServer,
    /// For each facility of the source, the facility that it is.
    pub pairs: Vec<SamplePair>,
}

/// What one server holds before anybody works with it.
pub struct SampleServer {
    /// A payload for `POST /api/metadata`, users with passwords among it.
    pub metadata: Value,
    /// Its data values.
    pub values: SampleValues,
    /// Uid of the root org unit, to which the administrator is to be assigned.
    pub root: String,
}

/// A facility of the source and the same facility at the destination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SamplePair {
    /// Org unit uid at the source.
    pub source: String,
    /// Org unit uid at the destination, if it has it.
    pub destination: Option<String>,
    /// What is particular about it.
    pub story: Story,
}

/// Seed of everything drawn for the sample world.
const SEED: u64 = 0x7472_6962_7574_6172;

/// Makes the world. Equal options give equal worlds, on every machine.
pub fn generate(options: &SampleOptions) -> SampleWorld {
    let last_month = Month::new(options.last_month.0, options.last_month.1);
    let months = last_month.window(options.months.max(1));
    let mut country = Country::new(SEED, options.facilities.max(1), last_month);
    let programme = Programme::new(&mut country, options.source_facilities, last_month);
    let destination = destination::write_destination(
        draw(&[SEED, key("destination")]),
        &country,
        &programme,
        &months,
    );
    let source = source::write_source(draw(&[SEED, key("source")]), &country, &programme, &months);
    let pairs = programme
        .units
        .iter()
        .zip(&source.units)
        .map(|(unit, uid)| SamplePair {
            source: uid.clone(),
            destination: match unit.facility {
                Known::Here(index) => Some(destination.tree.facilities[index].clone()),
                Known::Elsewhere(_) => None,
            },
            story: unit.story,
        })
        .collect();
    SampleWorld {
        destination: destination.server,
        source: source.server,
        pairs,
    }
}

impl SampleServer {
    /// Puts the parts of a payload into the order in which they refer to each other.
    fn assemble(
        root: &str,
        org_units: Vec<Value>,
        levels: Vec<Value>,
        collections: Map<String, Value>,
        people: People,
        values: SampleValues,
    ) -> Self {
        let mut metadata = Map::new();
        metadata.insert("organisationUnits".into(), org_units.into());
        metadata.insert("organisationUnitLevels".into(), levels.into());
        metadata.extend(collections);
        metadata.insert("userRoles".into(), people.user_roles.into());
        metadata.insert("userGroups".into(), people.user_groups.into());
        metadata.insert("users".into(), people.users.into());
        Self {
            metadata: metadata.into(),
            values,
            root: root.to_owned(),
        }
    }
}
