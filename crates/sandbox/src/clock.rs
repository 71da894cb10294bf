//! The only place that reads the clock. A sandbox can be given a fixed date
//! (`--today`), because open and expired periods follow from it; the time of
//! day then still runs, so that later changes are later. A test that simulates time
//! brings a clock of its own, which only it advances.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use chrono::{DateTime, NaiveDate, NaiveDateTime};

/// The server's idea of now, in UTC (the recorded servers ran in UTC).
#[derive(Clone, Debug, Default)]
pub struct Clock {
    /// The fixed date, or none for the real one.
    pub today: Option<NaiveDate>,
    /// Milliseconds since 1970, advanced by somebody else; none for the real time. The
    /// date is then this one's, too.
    pub simulated: Option<Arc<AtomicI64>>,
}

impl Clock {
    /// Date and time, UTC.
    pub fn now(&self) -> NaiveDateTime {
        if let Some(millis) = &self.simulated {
            let millis = millis.load(Ordering::Relaxed);
            let now = DateTime::from_timestamp_millis(millis).unwrap_or_default();
            return now.naive_utc();
        }
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        let real = i64::try_from(since.as_millis())
            .ok()
            .and_then(DateTime::from_timestamp_millis)
            .unwrap_or_default()
            .naive_utc();
        match self.today {
            Some(date) => date.and_time(real.time()),
            None => real,
        }
    }

    /// Milliseconds since 1970 by this clock.
    pub fn millis(&self) -> i64 {
        self.now().and_utc().timestamp_millis()
    }

    /// As DHIS2 writes times in metadata: `2026-11-22T01:27:20.712`.
    pub fn timestamp(&self) -> String {
        self.now().format("%Y-%m-%dT%H:%M:%S%.3f").to_string()
    }

    /// As HTTP writes times: `Sun, 22 Nov 2026 01:27:20 GMT`.
    pub fn http_date(&self) -> String {
        self.now().format("%a, %d %b %Y %H:%M:%S GMT").to_string()
    }
}
