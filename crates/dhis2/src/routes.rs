//! DHIS2 Routes: the server-side door to a source.
//!
//! A Route holds the source's address and the secret of an account there; the app only ever
//! names its code. The secret is posted once, when the Route is made. A Route is never
//! updated afterwards: any update without the secret loses it ("patch the name", "run after
//! the patch" of `routes`).

mod address;
mod secret;

pub use address::{AddressFault, normalise_address};
pub use secret::{Credentials, Secret};

use crate::client::{Client, Reading, parse, segment};
use crate::differences::Differences;
use crate::failure::{Failure, FailureKind, Side};
use crate::me::Me;
use crate::query::Query;
use crate::system::SystemInfo;
use crate::transport::{Method, Transport};
use crate::wire::{WebMessage, null_to_default};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// Seconds that a Route may wait for its source: the most that DHIS2 takes. Its default of 5
/// is too short for any export.
pub const ROUTE_TIMEOUT_SECONDS: u32 = 60;

/// A Route, as far as it can be read: never with its secret.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Route {
    /// Uid.
    pub id: String,
    /// Code: what `api/routes/<code>/run` is called by.
    pub code: Option<String>,
    /// Name.
    #[serde(deserialize_with = "null_to_default")]
    pub name: String,
    /// The source's address, `https://…/api/**`.
    #[serde(deserialize_with = "null_to_default")]
    pub url: String,
    /// Whether it is switched off.
    #[serde(deserialize_with = "null_to_default")]
    pub disabled: bool,
    /// Seconds that it waits for the source; `None` where the server knows no such setting.
    pub response_timeout_seconds: Option<u32>,
}

impl Route {
    /// Whether it takes paths below its address, as a source needs it.
    #[must_use]
    pub fn takes_paths(&self) -> bool {
        self.url.ends_with("/**")
    }
}

/// What a new Route is made of.
#[derive(Clone, Debug)]
pub struct NewRoute {
    /// Code: letters, digits, `-`; unique on the server.
    pub code: String,
    /// Name; unique on the server.
    pub name: String,
    /// The source's DHIS2 address without `/api`: see [`normalise_address`].
    pub address: String,
    /// The account at the source.
    pub credentials: Credentials,
    /// Uids of the user groups that may run it.
    pub reader_groups: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RouteBody<'a> {
    name: &'a str,
    code: &'a str,
    url: String,
    disabled: bool,
    auth: secret::AuthBody<'a>,
    headers: IndexMap<&'static str, &'static str>,
    response_timeout_seconds: u32,
    sharing: SharingBody<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SharingBody<'a> {
    public: &'static str,
    user_groups: IndexMap<&'a str, GroupAccess<'a>>,
}

#[derive(Serialize)]
struct GroupAccess<'a> {
    id: &'a str,
    access: &'static str,
}

/// The body of the request that makes a Route. Nobody but its maker and the given groups may
/// run it: whoever may read a Route may call *every* method on every path of the source.
fn route_body(route: &NewRoute) -> RouteBody<'_> {
    RouteBody {
        name: &route.name,
        code: &route.code,
        url: format!("{}/api/**", route.address),
        disabled: false,
        auth: route.credentials.body(),
        headers: IndexMap::from([("X-Requested-With", "XMLHttpRequest")]),
        response_timeout_seconds: ROUTE_TIMEOUT_SECONDS,
        sharing: SharingBody {
            public: "--------",
            user_groups: route
                .reader_groups
                .iter()
                .map(|id| {
                    let access = "r-------";
                    (id.as_str(), GroupAccess { id, access })
                })
                .collect(),
        },
    }
}

/// What a Route's test found behind it.
#[derive(Clone, Debug, PartialEq)]
pub struct RouteTest {
    /// The source.
    pub system: SystemInfo,
    /// Its rules.
    pub differences: Differences,
    /// The account that the Route holds.
    pub me: Me,
}

impl<T: Transport> Client<T> {
    /// The Routes that the person sees.
    ///
    /// # Errors
    /// Every [`Failure`].
    pub async fn routes(&self) -> Result<Vec<Route>, Failure> {
        let fields = "id,code,name,url,disabled,responseTimeoutSeconds";
        self.list("routes", fields, Query::new()).await
    }

    /// Makes a Route and gives back its uid. The secret is sent here and nowhere else.
    ///
    /// # Errors
    /// [`FailureKind::RouteNotPermittedToCreate`], [`FailureKind::HostNotAllowed`] (2.42+),
    /// [`FailureKind::Conflict`] (code or name taken, address refused), every other.
    pub async fn create_route(&self, route: &NewRoute) -> Result<String, Failure> {
        let path = "routes";
        let body = serde_json::to_vec(&route_body(route)).map_err(|error| {
            let kind = FailureKind::BadRequest;
            Failure::new(Side::Destination, kind, path, error.to_string())
        })?;
        let response = self
            .write(Method::Post, path, &Query::new(), Some(body))
            .await?;
        let message: WebMessage = parse(self.side(), path, &response)?;
        message
            .response
            .and_then(|report| report.uid)
            .ok_or_else(|| {
                let kind = FailureKind::WrongContent;
                Failure::new(self.side(), kind, path, "no uid in the answer")
            })
    }

    /// Removes a Route by its uid.
    ///
    /// # Errors
    /// Every [`Failure`].
    pub async fn delete_route(&self, id: &str) -> Result<(), Failure> {
        let path = format!("routes/{}", segment(id));
        self.write(Method::Delete, &path, &Query::new(), None)
            .await?;
        Ok(())
    }

    /// Reads through this client's Route who and what is there.
    ///
    /// # Errors
    /// Every [`Failure`]: this is how a wrong address, secret or sharing shows.
    pub async fn test_route(&self) -> Result<RouteTest, Failure> {
        let (system, differences) = self.identify().await?;
        let me = self.me().await?;
        Ok(RouteTest {
            system,
            differences,
            me,
        })
    }

    /// Reads one Route by its uid.
    ///
    /// # Errors
    /// Every [`Failure`].
    pub async fn route(&self, id: &str) -> Result<Route, Failure> {
        let fields = "id,code,name,url,disabled,responseTimeoutSeconds";
        let query = Query::new().with("fields", fields);
        let path = format!("routes/{}", segment(id));
        self.get_json(&path, &query, Reading::Small).await
    }
}
