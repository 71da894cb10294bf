//! How a server is to be: version, port, database, date, and the switches that
//! tests and the demonstration need.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicI64;

use chrono::NaiveDate;

use crate::pace::Pace;
use crate::version::ServerVersion;

/// What a server is started with.
#[derive(Clone, Debug)]
pub struct ServerOptions {
    /// Which DHIS2 it is.
    pub version: ServerVersion,
    /// Port on 127.0.0.1; 0 takes any free one.
    pub port: u16,
    /// The database file; none keeps everything in memory.
    pub database: Option<PathBuf>,
    /// Removes an existing database file first.
    pub fresh: bool,
    /// The server's date; none for the real one.
    pub today: Option<NaiveDate>,
    /// A clock that a test advances, in milliseconds since 1970; none for the real one.
    pub simulated_clock: Option<Arc<AtomicI64>>,
    /// Whether `/apps/{key}` is served (2.42 and later). The recorded servers had no shell.
    pub shell: bool,
    /// Adds to app files the policy that a strict reverse proxy would add.
    pub strict_proxy: bool,
    /// `route.remote_servers_allowed` of dhis.conf (2.42 and later): globs over
    /// `scheme://host[:port]`. DHIS2's own default is `https://*` alone.
    pub route_allow_list: Vec<String>,
    /// Prints a line for each request.
    pub log: bool,
    /// How long data values take; none for as quickly as it goes.
    pub pace: Option<Pace>,
}

impl ServerOptions {
    /// A server of this version on any free port, in memory, with nothing in it.
    pub fn new(version: ServerVersion) -> Self {
        Self {
            version,
            port: 0,
            database: None,
            fresh: false,
            today: None,
            simulated_clock: None,
            shell: false,
            strict_proxy: false,
            route_allow_list: ["http://localhost*", "http://127.0.0.1*", "https://*"]
                .map(str::to_owned)
                .to_vec(),
            log: false,
            pace: None,
        }
    }
}
