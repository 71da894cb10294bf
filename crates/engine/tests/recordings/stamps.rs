//! The stamps on values that real servers gave, in CSV and in JSON: every one of them is a
//! moment, since a value whose stamp cannot be read could never be found edited.

use serde_json::Value;
use tributary_engine::moment::Moment;

use crate::place::recording;

const VERSIONS: [&str; 4] = ["2.40.12", "2.41.9", "2.42.5.2", "2.43.1"];
const SCENARIOS: [&str; 2] = ["export", "import-good"];

/// The stamps in an answer with values: of CSV by the column's title, of JSON by its name.
fn stamps(response: &Value) -> Vec<String> {
    if let Some(values) = response["json"]["dataValues"].as_array() {
        let stamps = values
            .iter()
            .filter_map(|value| value["lastUpdated"].as_str());
        return stamps.map(str::to_owned).collect();
    }
    let text = response["text"].as_str().unwrap_or_default();
    let mut lines = text.lines();
    let titles = lines.next().unwrap_or_default();
    let Some(column) = titles.split(',').position(|title| title == "lastupdated") else {
        return Vec::new();
    };
    // The stamp comes before comments, and no value before it has a comma.
    lines
        .filter_map(|line| line.split(',').nth(column))
        .filter(|stamp| stamp.starts_with("20"))
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_recorded_stamp_is_a_moment() {
    for version in VERSIONS {
        let mut seen = 0;
        for scenario in SCENARIOS {
            let recording = recording(&format!("{version}/{scenario}.json"));
            for step in recording["steps"].as_array().unwrap() {
                for stamp in stamps(&step["response"]) {
                    let expected = stamp.replace("+0000", "Z");
                    assert_eq!(
                        Moment::parse(&stamp).to_text(),
                        expected,
                        "{version} {scenario} {}",
                        step["name"]
                    );
                    seen += 1;
                }
            }
        }
        assert!(seen > 60, "{version}: {seen} stamps");
    }
}
