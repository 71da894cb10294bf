//! Outcomes add up, slice by slice and in all.

use crate::support::*;
use tributary_engine::outcome::{Outcome, OutcomeLog, Outcomes};
use tributary_engine::plan::Plan;

#[test]
fn outcomes_are_counted_by_slice() {
    let mut bench = Bench::new(&same_to_same(&catalogue()));
    let mut plan = Plan::new();
    for period in ["202301", "202302"] {
        let slice = slice(
            &mut bench.symbols,
            "dsMonthly01",
            period,
            &[("ouFacA10001", "ouFacA10001")],
        );
        let values = [
            ("deNumber001", "-", "-", "ouFacA10001", "3"),
            ("deInteger01", "-", "-", "ouFacA10001", "4"),
            ("deBoolean01", "-", "-", "ouFacA10001", "maybe"),
        ];
        let source = table(&mut bench.symbols, period, &values);
        let part = bench.compare(&slice, &source, &Default::default());
        plan.push(part).unwrap();
    }
    let mut log = OutcomeLog::new(&plan);
    let confirmed: Vec<u32> = log.iter().map(|(entry, _)| entry).collect();
    assert_eq!(
        confirmed,
        [1, 2, 4, 5],
        "the blocked boolean comes first in each slice"
    );
    assert!(
        !log.set(0, Outcome::Written),
        "a blocked entry has no outcome"
    );
    let code = log.code_number("E7640");
    assert_eq!(log.code_number("E7640"), code);
    assert_eq!(log.code(code), "E7640");
    assert!(log.set(1, Outcome::Written));
    assert!(log.set(2, Outcome::Rejected(code)));
    assert!(log.set(5, Outcome::Unknown));
    let expected = |confirmed, written, rejected, unknown, not_sent| Outcomes {
        confirmed,
        written,
        rejected,
        unknown,
        not_sent,
    };
    assert_eq!(log.of_slice(&plan, 0), expected(2, 1, 1, 0, 0));
    assert_eq!(log.of_slice(&plan, 1), expected(2, 0, 0, 1, 1));
    assert_eq!(log.total(&plan), expected(4, 1, 1, 1, 1));
    assert!(log.total(&plan).check().is_ok());
    assert!(expected(4, 1, 1, 1, 0).check().is_err());
}
