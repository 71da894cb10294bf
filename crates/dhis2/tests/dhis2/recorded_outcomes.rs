//! What import answers say of values, held against what the same server gave back afterwards,
//! and whom a refused request was refused for.
use crate::common::{VERSIONS, cell, differences, named, sent, steps};
use std::collections::BTreeSet;
use tributary_dhis2::values::{ImportAnswer, Outcome, OutgoingValue, read_json};

/// The answers are held against what the same server gave back afterwards: what was accepted
/// is there, what was only ever refused is not.
#[test]
fn what_was_accepted_reads_back_and_what_was_refused_does_not() {
    for version in VERSIONS {
        let rules = differences(version);
        for (scenario, reading, months) in [
            ("import-bad-values", "what was saved", "202201"..="202312"),
            (
                "import-bad-requests",
                "what this scenario saved",
                "202109"..="202112",
            ),
        ] {
            let mut accepted = BTreeSet::new();
            let mut refused = BTreeSet::new();
            let mut unknown = BTreeSet::new();
            let mut there = BTreeSet::new();
            for step in steps(version, scenario) {
                if step.name == reading {
                    let body = &step.response.body;
                    read_json(body, |row| {
                        there.insert(
                            [
                                row.data_element,
                                row.period,
                                row.org_unit,
                                row.category_option_combo,
                                row.attribute_option_combo,
                            ]
                            .map(str::to_owned),
                        );
                    })
                    .unwrap();
                }
                let Some(values) = sent(&step) else { continue };
                let (status, body) = (step.response.status, &step.response.body);
                // "period is no period" is a 500 of 2.43: nothing is known, and nothing of it
                // may be said.
                let Ok(answer) = ImportAnswer::parse(&rules, status, body, values.len()) else {
                    unknown.extend(values.iter().map(cell));
                    continue;
                };
                for (value, outcome) in values.iter().zip(&answer.outcomes) {
                    match outcome {
                        Outcome::Accepted(_) => accepted.insert(cell(value)),
                        Outcome::Refused { .. } => refused.insert(cell(value)),
                        Outcome::Unknown => unknown.insert(cell(value)),
                    };
                }
            }
            assert!(
                !there.is_empty() && !refused.is_empty(),
                "{version} {scenario}"
            );
            for cell in refused
                .difference(&accepted)
                .filter(|cell| !unknown.contains(*cell))
            {
                assert!(!there.contains(cell), "{version} {scenario} {cell:?}");
            }
            // The reading asks for one data set and some months of it.
            let in_reading = |cell: &&[String; 5]| {
                let [element, period, unit, ..] = *cell;
                months.contains(&period.as_str())
                    && period.len() == 6
                    && element == "deIntZeroP1"
                    && unit.starts_with("ouFacA1")
            };
            let mut checked = 0;
            for cell in accepted.iter().filter(in_reading) {
                assert!(there.contains(cell), "{version} {scenario} {cell:?}");
                checked += 1;
            }
            assert!(checked > 1, "{version} {scenario}: only {checked}");
        }
    }
}

/// An answer and the values that it is about, as they were sent.
fn with_values(version: &str, scenario: &str, name: &str) -> (ImportAnswer, Vec<[String; 5]>) {
    let step = named(version, scenario, name);
    let values: Vec<_> = sent(&step).unwrap().iter().map(cell).collect();
    let (status, body) = (step.response.status, &step.response.body);
    let answer = ImportAnswer::parse(&differences(version), status, body, values.len());
    (answer.unwrap(), values)
}

fn outgoing(cell: &[String; 5]) -> OutgoingValue<'_> {
    OutgoingValue {
        data_element: &cell[0],
        period: &cell[1],
        org_unit: &cell[2],
        category_option_combo: &cell[3],
        attribute_option_combo: &cell[4],
        value: "1",
        comment: None,
    }
}

#[test]
fn a_refused_request_names_the_values_that_it_was_refused_for() {
    let bad = "import-bad-values";
    for (scenario, name, guilty) in [
        (
            "import-bad-requests",
            "five good and one unassigned",
            vec![5],
        ),
        (
            "import-bad-requests",
            "clerk, own and other region",
            vec![1],
        ),
        (
            "import-bad-requests",
            "two equal cells, other value",
            vec![0, 1],
        ),
        ("import-bad-requests", "clerk, expired period", vec![0]),
        (bad, "unknown data element, beside a good one", vec![1]),
        (bad, "unknown org unit, beside a good one", vec![1]),
        (bad, "unknown coc, beside a good one", vec![1]),
        (bad, "unknown aoc, beside a good one", vec![1]),
        (bad, "no period, beside a good one", vec![1]),
        (bad, "no org unit, beside a good one", vec![1]),
        (bad, "no data element, beside a good one", vec![1]),
        (bad, "org unit not assigned, beside a good one", vec![1]),
        (bad, "org unit closed, beside a good one", vec![1]),
        (bad, "period of another type, beside a good one", vec![1]),
        (bad, "period before opening, beside a good one", vec![1]),
        (bad, "element not in set, beside a good one", vec![1]),
        (bad, "coc of another combo, beside a good one", vec![1]),
        (
            bad,
            "default coc for age element, beside a good one",
            vec![1],
        ),
        (bad, "aoc of another combo, beside a good one", vec![1]),
        ("zz-import-rules", "dated option, before, clerk", vec![0]),
        (
            "zz-import-rules",
            "option of another region, clerk",
            vec![0],
        ),
        ("zz-import-rules", "after approval, clerk", vec![0]),
        // Names no value: the data set, an option.
        (
            "zz-import-rules",
            "data set without write access, clerk",
            vec![],
        ),
        ("zz-import-rules", "unshared option, clerk", vec![]),
        // Not refused as a whole.
        ("import-bad-requests", "five good and two bad types", vec![]),
    ] {
        let (answer, cells) = with_values("2.43.1", scenario, name);
        let values: Vec<_> = cells.iter().map(outgoing).collect();
        assert_eq!(answer.guilty(&values), guilty, "{name}");
        // Up to 2.42 nothing is refused but single values and whole data sets.
        let (answer, cells) = with_values("2.41.9", scenario, name);
        let values: Vec<_> = cells.iter().map(outgoing).collect();
        assert!(answer.guilty(&values).is_empty(), "{name}");
    }
}

/// Every recorded refusal of a whole request in which a good value stood: the guilty one is
/// never the good one.
#[test]
fn a_good_value_is_never_guilty() {
    let mut seen = 0;
    for step in steps("2.43.1", "import-bad-values") {
        let Some(values) = sent(&step).filter(|values| values.len() == 2) else {
            continue;
        };
        let cells: Vec<_> = values.iter().map(cell).collect();
        let (status, body) = (step.response.status, &step.response.body);
        let Ok(answer) = ImportAnswer::parse(&differences("2.43.1"), status, body, 2) else {
            continue;
        };
        let values: Vec<_> = cells.iter().map(outgoing).collect();
        let guilty = answer.guilty(&values);
        assert!(!guilty.contains(&0), "{}: {answer:?}", step.name);
        seen += guilty.len();
    }
    assert!(seen > 10, "{seen}");
}
