//! What went into a row that several source cells go into, with names.

use std::collections::HashSet;

use tributary_engine::plan::{PartState, Parts};

use crate::questions::import::{RowPart, RowParts};
use crate::service::import::run::Run;

/// The parts of a row. Source org units are told only where several of them meet.
pub(super) fn row_parts(run: &Run, parts: Parts<'_>) -> RowParts {
    let name = |symbol| run.names.name(&run.symbols, symbol).to_owned();
    let units: HashSet<_> = parts.iter().map(|part| part.cell.org_unit).collect();
    let unit = |symbol| {
        if units.len() < 2 {
            return String::new();
        }
        run.names.at_the_source(&run.symbols, symbol).to_owned()
    };
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    RowParts {
        rule: parts.rule.code().to_owned(),
        present: number(parts.present()),
        expected: number(parts.expected()),
        parts: parts
            .iter()
            .map(|part| RowPart {
                data_element: name(part.cell.data_element),
                category_option_combo: name(part.cell.category_option_combo),
                attribute_option_combo: name(part.cell.attribute_option_combo),
                org_unit: unit(part.cell.org_unit),
                value: (part.state != PartState::Missing).then(|| part.value.to_owned()),
                taken: part.state == PartState::Taken,
            })
            .collect(),
    }
}
