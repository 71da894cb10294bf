//! The part of docs/servers.md that is written from the lists in the code: the differences
//! between versions, and what the suite checks.

use crate::behaviours;
use std::fmt::Write as _;
use tributary_dhis2::differences::{Evidence, items};
use tributary_dhis2::{Differences, Version};

/// The versions of the table: those whose answers were recorded.
const VERSIONS: [Version; 4] = [
    Version::new(40, 12, 0),
    Version::new(41, 9, 0),
    Version::new(42, 5, 2),
    Version::new(43, 1, 0),
];

/// The generated part, as Markdown.
#[must_use]
pub fn generated() -> String {
    let mut text = String::new();
    differences(&mut text);
    text.push('\n');
    checks(&mut text);
    text
}

/// One row for each difference.
fn differences(text: &mut String) {
    text.push_str("| the server … |");
    for version in VERSIONS {
        put(text, format_args!(" {version} |"));
    }
    text.push_str(" what Tributary does | since | seen in |\n|---|");
    text.push_str(&"---|".repeat(VERSIONS.len() + 3));
    text.push('\n');
    for item in items() {
        put(text, format_args!("| {} |", cell(item.what)));
        for version in VERSIONS {
            put(
                text,
                format_args!(" {} |", item.value(&Differences::of(version))),
            );
        }
        let seen: Vec<String> = item.evidence.iter().map(evidence).collect();
        put(
            text,
            format_args!(
                " {} | {} | {} |\n",
                cell(item.so),
                cell(item.since),
                seen.join("; ")
            ),
        );
    }
}

fn evidence(evidence: &Evidence) -> String {
    match evidence {
        Evidence::Recorded { scenario, step } => format!("`{scenario}` \"{}\"", cell(step)),
        Evidence::Measured(words) => format!("measured: {}", cell(words)),
        Evidence::Source(place) => format!("DHIS2's source: {}", cell(place)),
    }
}

/// One row for each behaviour.
fn checks(text: &mut String) {
    text.push_str("| check | what has to hold |\n|---|---|\n");
    for one in behaviours::all() {
        put(
            text,
            format_args!("| {} | {} |\n", one.full_name(), cell(one.what)),
        );
    }
}

/// A text that does not end its cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

fn put(text: &mut String, words: std::fmt::Arguments<'_>) {
    // Writing to a String cannot fail.
    let _ = text.write_fmt(words);
}

#[cfg(test)]
mod tests {
    use super::generated;
    use tributary_dhis2::differences::items;

    #[test]
    fn every_row_has_all_its_cells() {
        let text = generated();
        let rows: Vec<&str> = text.lines().take_while(|line| !line.is_empty()).collect();
        assert_eq!(rows.len(), items().len() + 2);
        for row in rows {
            let cells = row.replace("\\|", "").matches('|').count();
            assert_eq!(cells, 9, "{row}");
        }
    }
}
