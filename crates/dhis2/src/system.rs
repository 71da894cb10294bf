//! What server this is: `/api/system/info`.

use crate::client::{Client, Reading, parse};
use crate::differences::Differences;
use crate::failure::{Expected, Failure, FailureKind};
use crate::query::Query;
use crate::transport::Transport;
use crate::version::Version;
use crate::wire::null_to_default;
use serde::Deserialize;

/// The server, in its own words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SystemInfo {
    /// `2.42.5.2`, `2.43-SNAPSHOT`.
    #[serde(deserialize_with = "null_to_default")]
    pub version: String,
    /// The calendar that period ids are written in: `iso8601` mostly.
    #[serde(deserialize_with = "null_to_default")]
    pub calendar: String,
    /// The server's address as it thinks it is; wrong behind some proxies.
    pub context_path: Option<String>,
    /// The name that its people gave it.
    pub system_name: Option<String>,
    /// Its clock: `2026-11-22T02:20:24.703`, without a zone, in its own time.
    pub server_date: Option<String>,
    /// Its time zone: `UTC`, `Africa/Kinshasa`.
    pub server_time_zone_id: Option<String>,
    /// When it answered, as HTTP says it, in UTC: `Sun, 22 Nov 2026 02:20:24 GMT`. Proxies
    /// and servers send it, and DHIS2 has no say in it.
    #[serde(skip)]
    pub answered: Option<String>,
}

impl SystemInfo {
    /// Today at the server, `YYYY-MM-DD`.
    #[must_use]
    pub fn today(&self) -> Option<&str> {
        self.server_date.as_deref().and_then(|date| date.get(..10))
    }

    /// Whether its own time is UTC, so that [`Self::server_date`] can be compared with the
    /// stamps of values, which name their zone.
    #[must_use]
    pub fn runs_in_utc(&self) -> bool {
        let zones = ["UTC", "Etc/UTC", "GMT", "Etc/GMT", "Z", "Zulu", "Universal"];
        let zone = self.server_time_zone_id.as_deref().unwrap_or_default();
        zones.contains(&zone)
    }
}

impl<T: Transport> Client<T> {
    /// Reads what server stands behind the door.
    ///
    /// # Errors
    /// Every [`Failure`].
    pub async fn system_info(&self) -> Result<SystemInfo, Failure> {
        // 2.40 does not filter fields here and answers all of them, which does no harm.
        let fields = "version,calendar,contextPath,systemName,serverDate,serverTimeZoneId";
        let query = Query::new().with("fields", fields);
        let path = "system/info";
        let json = "application/json";
        let response = self
            .get(path, &query, Expected::Json, json, Reading::Small)
            .await?;
        let info: SystemInfo = parse(self.side(), path, &response)?;
        Ok(SystemInfo {
            answered: response.header("date").map(str::to_owned),
            ..info
        })
    }

    /// Reads the server and chooses the rules for its version.
    ///
    /// # Errors
    /// Every [`Failure`]; [`FailureKind::UnsupportedVersion`] below 2.40.
    pub async fn identify(&self) -> Result<(SystemInfo, Differences), Failure> {
        let info = self.system_info().await?;
        match Version::parse(&info.version) {
            Ok(version) => Ok((info, Differences::of(version))),
            Err(error) => Err(Failure::new(
                self.side(),
                FailureKind::UnsupportedVersion,
                "api/system/info",
                error.to_string(),
            )),
        }
    }
}
