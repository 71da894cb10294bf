//! `/api/completeDataSetRegistrations`: which data sets are complete where and when.

mod read;
mod remove;
mod write;

pub use read::read;
pub use remove::remove;
pub use write::write;

use crate::version::ServerVersion;

fn content_type(version: ServerVersion) -> &'static str {
    if version < ServerVersion::V42 {
        "application/json;charset=utf-8"
    } else {
        "application/json;charset=UTF-8"
    }
}
