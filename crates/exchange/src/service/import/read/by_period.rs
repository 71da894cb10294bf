//! What was read for several periods at one go, taken apart into the slices that it is of.

use tributary_engine::symbol::Symbol;
use tributary_engine::values::ValueTable;

/// The values of each of the periods, in their order, with what was deleted of them; `None`
/// where there are some of another.
/// What was read for one period is passed on as it is.
pub(super) fn by_period(table: ValueTable, periods: &[Symbol]) -> Option<Vec<ValueTable>> {
    if let [_] = periods {
        return Some(vec![table]);
    }
    let mut tables = vec![ValueTable::new(); periods.len()];
    // Servers give them in some order of their own, mostly many of one period in a row.
    let mut last = 0;
    for value in table.iter() {
        let period = value.cell.period;
        if periods.get(last) != Some(&period) {
            last = periods.iter().position(|known| *known == period)?;
        }
        tables.get_mut(last)?.push(
            value.cell,
            value.text,
            value.stored_by,
            value.last_updated,
            value.has_comment,
        );
    }
    for cell in table.deleted() {
        let place = periods.iter().position(|known| *known == cell.period)?;
        tables.get_mut(place)?.push_deleted(*cell);
    }
    Some(tables)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tributary_engine::cell::Cell;
    use tributary_engine::moment::Moment;
    use tributary_engine::symbol::Symbols;

    #[test]
    fn values_come_to_their_periods_in_their_order() {
        let mut symbols = Symbols::new();
        let periods = ["202601", "202602", "202603"].map(|id| symbols.intern(id));
        let mut table = ValueTable::new();
        for (text, period) in [("a", 2), ("b", 0), ("c", 2), ("d", 2)] {
            let cell = Cell {
                data_element: symbols.intern("deInteger01"),
                category_option_combo: symbols.intern("HllvX50cXC0"),
                attribute_option_combo: symbols.intern("HllvX50cXC0"),
                org_unit: symbols.intern(text),
                period: periods[period],
            };
            table.push(cell, text, Symbol::EMPTY, Moment::UNKNOWN, false);
        }
        let texts = |table: &ValueTable, periods: &[Symbol]| -> Option<Vec<String>> {
            let tables = by_period(table.clone(), periods)?;
            let tables = tables.iter();
            Some(
                tables
                    .map(|table| table.iter().map(|value| value.text).collect())
                    .collect(),
            )
        };
        assert_eq!(
            texts(&table, &periods),
            Some(vec!["b".into(), String::new(), "acd".into()])
        );
        assert_eq!(
            texts(&table, &periods[1..]),
            None,
            "one of them is of none of the periods"
        );
        let deleted = table.cells()[2];
        table.push_deleted(deleted);
        let tables = by_period(table.clone(), &periods).unwrap();
        let deleted: Vec<_> = tables.iter().map(|table| table.deleted().len()).collect();
        assert_eq!(deleted, [0, 0, 1]);
        assert_eq!(texts(&table, &periods[..1]), Some(vec!["abcd".into()]));
    }

    #[test]
    fn what_was_deleted_comes_to_its_period_too() {
        let mut symbols = Symbols::new();
        let periods = ["202601", "202602"].map(|id| symbols.intern(id));
        let mut table = ValueTable::new();
        for period in [1, 1, 0] {
            let [element, combo] = ["deInteger01", "HllvX50cXC0"].map(|id| symbols.intern(id));
            table.push_deleted(Cell {
                data_element: element,
                category_option_combo: combo,
                attribute_option_combo: combo,
                org_unit: symbols.intern("ouFacA10001"),
                period: periods[period],
            });
        }
        let tables = by_period(table.clone(), &periods).unwrap();
        let deleted: Vec<usize> = tables.iter().map(|table| table.deleted().len()).collect();
        assert_eq!(deleted, [1, 2]);
        assert!(by_period(table.clone(), &[]).is_none());
        let one = by_period(table, &periods[..1]).unwrap();
        assert_eq!(one[0].deleted().len(), 3);
    }
}
