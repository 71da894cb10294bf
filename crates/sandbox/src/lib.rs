//! A stand-in for real DHIS2 servers, for people who have none at hand and for
//! tests. It answers as recordings of real servers show that DHIS2 2.40–2.43
//! answer; where a recording is silent, it refuses rather than guesses.

pub mod analytics;
pub mod answer;
pub mod apps;
pub mod clock;
pub mod collections;
pub mod command;
pub mod context;
pub mod cors;
pub mod data_values;
pub mod demo;
pub mod entry;
pub mod faults;
pub mod headers;
pub mod http;
pub mod jobs;
pub mod login;
pub mod me;
pub mod messages;
pub mod metadata;
pub mod options;
pub mod pace;
pub mod random;
pub mod request;
pub mod router;
pub mod routes;
pub mod sample;
pub mod server;
pub mod session;
pub mod settings;
pub mod shell;
pub mod state;
pub mod store;
pub mod stores;
pub mod system;
pub mod tokens;
pub mod values;
pub mod version;

pub use http::{RunningServer, start};
pub use options::ServerOptions;
pub use pace::Pace;
pub use version::ServerVersion;
