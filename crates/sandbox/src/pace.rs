//! How long a server takes for data values. A sandbox answers at once, a real server does not:
//! with `--pace recorded` reading and writing data values take at least as long as they took the
//! real servers that were recorded, so that what a client does can be timed by the clock. Off
//! unless asked for; nothing but `/api/dataValueSets` is slowed down.
//!
//! Source: the measurements beside the recordings (one machine, PostgreSQL 15, 100 224 values of
//! 58 facilities in nine years by sixteen cells), as far as they go:
//!
//! | | 2.42.5.2 | 2.43.1 |
//! |---|---|---|
//! | all values read as gzipped CSV, in ten requests | 6.0 s | 9.0 s |
//! | all sent again, in requests of the size that suits the version | 84 s (10 000) | 171 s (1 000) |
//! | 1 000 of them that differ, in one request | 2.9 s | 1.7 s |
//! | new ones in requests of 100 | 122 a second | 429 a second |
//! | … of 5 000, of 10 000 | 1 200, 1 820 | 576, 251 |
//!
//! Where two figures differ the one of the 100 224 values holds, and small requests are rather
//! taken for dearer than they were: a client that sends little is not flattered. What a reading request costs beside its values does not show in them, so it costs what it
//! costs here. The servers were asked one thing at a time, so two requests about values take
//! their turns. Of 2.40 and 2.41 nothing was measured.

use std::io::Read;
use std::time::Duration;

use flate2::read::GzDecoder;
use tokio::time::Instant;

use crate::answer::Answer;
use crate::request::Request;
use crate::version::ServerVersion;

/// Points of a line: so many values in a request, so many milliseconds.
type Line = &'static [(u64, u64)];

/// What values cost a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    read: Line,
    write: Line,
}

const V42: Pace = Pace {
    read: &[(0, 0), (100_224, 6_000)],
    write: &[(0, 2_290), (1_000, 2_900), (10_000, 8_400)],
};

/// Writing becomes dearer from some thousand values in a request on.
const V43: Pace = Pace {
    read: &[(0, 0), (100_224, 9_000)],
    write: &[
        (0, 200),
        (1_000, 1_710),
        (2_000, 3_420),
        (5_000, 8_700),
        (10_000, 40_000),
    ],
};

impl Pace {
    /// That of the recorded server of this version, if it was measured.
    pub fn recorded(version: ServerVersion) -> Option<Self> {
        match version {
            ServerVersion::V42 => Some(V42),
            ServerVersion::V43 => Some(V43),
            ServerVersion::V40 | ServerVersion::V41 => None,
        }
    }

    /// What giving out so many values in one answer takes.
    pub fn reading(&self, values: u64) -> Duration {
        on(self.read, values)
    }

    /// What taking in so many values of one request takes.
    pub fn writing(&self, values: u64) -> Duration {
        on(self.write, values)
    }

    fn time(&self, request: &Request, answer: &Answer) -> Duration {
        if request.method == "GET" {
            self.reading(values_in(&answer.body))
        } else {
            self.writing(values_in(&request.body))
        }
    }
}

/// Whether a request is one that the pace is about.
pub fn is_about_values(request: &Request) -> bool {
    let path = request.path.strip_prefix("/api/").unwrap_or_default();
    let path = path.trim_start_matches(|c: char| c.is_ascii_digit());
    path.trim_start_matches('/').starts_with("dataValueSets")
}

/// Waits until as much time has gone by since `began` as this request takes.
pub async fn keep(pace: Pace, began: Instant, request: &Request, answer: &Answer) {
    tokio::time::sleep_until(began + pace.time(request, answer)).await;
}

/// The line at a place; beyond its last point it goes on as before.
fn on(line: Line, values: u64) -> Duration {
    let piece = line
        .windows(2)
        .find(|piece| piece.last().is_some_and(|(at, _)| values <= *at))
        .or_else(|| line.windows(2).last());
    let Some(&[(from, low), (to, high)]) = piece else {
        return Duration::ZERO;
    };
    let beyond = values.saturating_sub(from).saturating_mul(high - low);
    Duration::from_millis(low) + Duration::from_micros(beyond * 1_000 / (to - from))
}

/// How many values a body has, JSON, XML or CSV, gzipped or not.
fn values_in(body: &[u8]) -> u64 {
    let mut plain = Vec::new();
    let body = if body.starts_with(&[0x1f, 0x8b]) {
        GzDecoder::new(body).read_to_end(&mut plain).ok();
        &plain
    } else {
        body
    };
    let text = String::from_utf8_lossy(body);
    let count = match text.trim_start().as_bytes().first() {
        Some(b'{') => text.matches("\"dataElement\"").count(),
        Some(b'<') => text.matches("<dataValue ").count(),
        _ => text.lines().count().saturating_sub(1),
    };
    count as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(times: u64, time: Duration) -> f64 {
        times as f64 * time.as_secs_f64()
    }

    /// Each figure of the measurements comes out again, within a few in a hundred.
    #[test]
    fn the_measurements_come_out_again() {
        let near = |seconds: f64, measured: f64| {
            let off = (seconds - measured).abs() / measured;
            assert!(off < 0.03, "{seconds} s instead of {measured} s");
        };
        near(seconds(10, V42.reading(10_022)), 6.0);
        near(seconds(10, V43.reading(10_022)), 9.0);
        near(seconds(10, V42.writing(10_022)), 84.0);
        near(seconds(1, V42.writing(1_000)), 2.9);
        near(seconds(100, V43.writing(1_000)), 171.0);
        near(seconds(1, V43.writing(1_000)), 1.7);
        near(5_000.0 / seconds(1, V43.writing(5_000)), 576.0);
        near(10_000.0 / seconds(1, V43.writing(10_000)), 251.0);
    }

    #[test]
    fn values_are_counted_in_every_form() {
        let json = br#"{"dataSet":"x","dataValues":[{"dataElement":"a"},{"dataElement":"b"}]}"#;
        assert_eq!(values_in(json), 2);
        assert_eq!(values_in(b"dataelement,value\na,1\nb,2\nc,3\n"), 3);
        assert_eq!(
            values_in(b"<dataValueSet><dataValue a=\"b\"/></dataValueSet>"),
            1
        );
        assert_eq!(values_in(b""), 0);
        let is_paced = |path| is_about_values(&Request::new("GET", path));
        assert!(is_paced("/api/dataValueSets.csv?dataSet=x") && is_paced("/api/42/dataValueSets"));
        assert!(!is_paced("/api/routes/x/run/dataValueSets.csv") && !is_paced("/api/dataStore"));
    }
}
