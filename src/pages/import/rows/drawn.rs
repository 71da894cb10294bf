//! One value of a plan or a report as a row of the table.

use crate::pages::import::period_name::{day_words, words_of};
use crate::pages::import::words;
use crate::text::{self, t_with};
use crate::widgets::{Button, Cell, Row, Tag};
use leptos::prelude::*;
use tributary_exchange::questions::import::{PeriodChoice, PlanRow};

/// The row, in the order of the table's columns. Where several source cells go into it, a
/// button says so and tells `open` to show them.
pub(super) fn drawn(
    row: &PlanRow,
    periods: &[PeriodChoice],
    open: RwSignal<Option<PlanRow>>,
) -> Row {
    let combos: Vec<&str> = [&row.category_option_combo, &row.attribute_option_combo]
        .into_iter()
        .filter(|name| !name.is_empty())
        .map(String::as_str)
        .collect();
    let here = match &row.present {
        None => Cell::Text(String::from("–")),
        Some(value) => {
            let changed: Vec<String> = [row.stored_by.clone(), day_words(&row.last_updated)]
                .into_iter()
                .filter(|part| !part.is_empty())
                .collect();
            Cell::Pair(text::value(value), changed.join(", "))
        }
    };
    let coming = match &row.stored_as {
        None => Cell::Text(text::value(&row.value)),
        Some(stored) => Cell::Pair(
            text::value(&row.value),
            t_with("import.storedAs", &[("value", &text::value(stored))]),
        ),
    };
    let (colour, state) = words::outcome(row).unwrap_or_else(|| words::kind(row.kind));
    let reason = words::row_reason(row);
    let made_of = row.parts.as_ref().map(words::parts_mark);
    let own = row.clone();
    let what = ViewFn::from(move || {
        let (state, reason, full) = (state.clone(), reason.clone(), reason.clone());
        view! {
            <Tag kind=colour text=state/>
            {made_of.clone().map(|mark| {
                let row = own.clone();
                view! { " "<Button small=true on_press=move |()| open.set(Some(row.clone()))>{mark}</Button> }
            })}
            {(!reason.is_empty()).then(|| view! { <span class="muted import-reason" title=full>{reason}</span> })}
        }
    });
    Row {
        cells: vec![
            Cell::Text(row.org_unit.clone()),
            Cell::Text(words_of(&row.period, periods)),
            Cell::Pair(row.data_element.clone(), combos.join(" · ")),
            here,
            coming,
            Cell::View(what),
        ],
    }
}
