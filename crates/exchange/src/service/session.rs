//! Who is logged in, and where: read once, side by side, and kept for the session.

use chrono::NaiveDate;
use futures_util::join;
use tributary_dhis2::me::Me;
use tributary_dhis2::system::SystemInfo;
use tributary_dhis2::{Client, Differences, Failure, FailureKind, Transport};
use tributary_engine::period::{calendar, parse_date};

use super::{Service, exchanges, store};
use crate::problem::{Problem, ProblemSide};
use crate::questions::session::{OpenSession, Rights, Session};

/// The authority that the app's manifest brings: sees and changes connections,
/// mappings and exchanges without any further right.
const MANAGE_AUTHORITY: &str = "F_TRIBUTARY_MANAGE";

/// The destination and the person, as long as the session lasts.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// What differs in this version of the destination.
    pub(super) differences: Differences,
    /// The destination.
    pub(super) system: SystemInfo,
    /// The person.
    pub(super) me: Me,
}

impl Place {
    /// The server's date: what "last month" and "future" are counted from. The
    /// browser's own clock is never asked, it may be wrong.
    pub(super) fn today(&self) -> Result<NaiveDate, Problem> {
        self.system
            .today()
            .and_then(parse_date)
            .ok_or_else(|| Problem::of(ProblemSide::Destination, "noServerDate"))
    }

    /// The server's time stamp when the session began.
    pub(super) fn stamp(&self) -> String {
        self.system.server_date.clone().unwrap_or_default()
    }

    /// What the person may do.
    pub(super) fn rights(&self, use_app: bool) -> Rights {
        let make_routes = self.me.may_create_routes();
        Rights {
            use_app,
            configure: make_routes || self.me.has_authority(MANAGE_AUTHORITY),
            make_routes,
            add_values: self.me.may_write_values(),
            has_org_units: !self.me.organisation_units.is_empty(),
        }
    }
}

/// Reads person and server anew, and the exchanges beside them.
pub(super) async fn open<T: Transport + Clone>(
    service: &Service<T>,
    _: OpenSession,
) -> Result<Session, Problem> {
    // The version is not known yet: the newest rules do for these reads, which are
    // alike in all versions.
    let first = Client::own(service.transport.clone(), Differences::before_known());
    let (me, identity, listing) = join!(first.me(), first.identify(), store::listing(&first));
    let place = keep(service, me, identity)?;
    let (exchanges, use_app) = match listing {
        Ok(listing) => (
            exchanges::summaries(service, &listing, &place.me.username),
            true,
        ),
        // The namespace is closed to those without the app's authority.
        Err(Failure {
            kind: FailureKind::Forbidden,
            ..
        }) => (Vec::new(), false),
        Err(other) => return Err(other.into()),
    };
    Ok(Session {
        user_id: place.me.id.clone(),
        username: place.me.username.clone(),
        user_name: place.me.name.clone(),
        ui_locale: place.me.settings.key_ui_locale.clone().unwrap_or_default(),
        server_release: place.system.version.clone(),
        server_name: place.system.system_name.clone().unwrap_or_default(),
        newer_than_known: place
            .differences
            .version
            .is_some_and(|version| version.newer_than_known()),
        today: place.today()?.to_string(),
        rights: place.rights(use_app),
        exchanges,
    })
}

/// The person and the server: as kept, or read now.
pub(super) async fn place<T: Transport + Clone>(service: &Service<T>) -> Result<Place, Problem> {
    if let Some(place) = service.place.borrow().as_ref() {
        return Ok(place.clone());
    }
    refresh(service).await
}

/// Reads person and server anew: rights, org units and the date may have changed.
pub(super) async fn refresh<T: Transport + Clone>(service: &Service<T>) -> Result<Place, Problem> {
    let first = Client::own(service.transport.clone(), Differences::before_known());
    let (me, identity) = join!(first.me(), first.identify());
    keep(service, me, identity)
}

fn keep<T>(
    service: &Service<T>,
    me: Result<Me, Failure>,
    identity: Result<(SystemInfo, Differences), Failure>,
) -> Result<Place, Problem> {
    let me = me?;
    let (system, differences) = identity?;
    if !calendar::is_iso(&system.calendar) {
        return Err(
            Problem::of(ProblemSide::Destination, "otherCalendar").with_message(system.calendar)
        );
    }
    let place = Place {
        differences,
        system,
        me,
    };
    *service.place.borrow_mut() = Some(place.clone());
    Ok(place)
}
