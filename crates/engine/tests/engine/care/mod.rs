//! Properties of combined and cleared values: random mappings in which much meets, with and
//! without rules, sources that deleted some of their values, destinations that were edited.

mod model;
mod properties;
mod world;

use tributary_engine::mapping::{Choice, CombinationRule, Item};
use tributary_engine::moment::Moment;
use tributary_engine::plan::{EntryKind, Plan};
use tributary_engine::symbol::Symbol;
use tributary_engine::values::ValueTable;

use crate::support::*;

/// An element that is in two of the source's data sets is read with each: the same value,
/// which is added once, and of two states of it the later one.
#[test]
fn a_value_that_was_read_twice_is_added_once() {
    let item = |element: &str| Item {
        data_element: element.into(),
        category_option_combo: DEFAULT.into(),
    };
    let mut mapping = same_to_same(&catalogue());
    mapping.set_item(item("deSource001"), Choice::To(item("deInteger01")));
    mapping.combinations.default = Some(CombinationRule::Sum);
    let mut bench = Bench::new(&mapping);
    let slice = slice(
        &mut bench.symbols,
        "dsMonthly01",
        "202301",
        &[("ouFacA10001", "ouFacA10001")],
    );
    let mut source = ValueTable::new();
    for (element, text, stamp) in [
        ("deInteger01", "5", 1),
        ("deSource001", "7", 1),
        ("deInteger01", "6", 2),
        ("deSource001", "7", 1),
    ] {
        let key = [element, "-", "-", "ouFacA10001", "202301"];
        let cell = cell(&mut bench.symbols, key);
        source.push(cell, text, Symbol::EMPTY, Moment::from_millis(stamp), false);
    }
    let part = bench.compare(&slice, &source, &ValueTable::new());
    let mut plan = Plan::new();
    plan.push(part).unwrap();
    let entry = plan.get(0).unwrap();
    assert_eq!((entry.kind, entry.source_value), (EntryKind::New, "13"));
    let parts = plan.parts(0).unwrap();
    assert_eq!((parts.present(), parts.expected()), (2, 2));
    assert_eq!((plan.counts().pulled, plan.counts().combined), (4, 3));
}
