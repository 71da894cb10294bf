//! The table of values, one row each, with a box to search in and a choice of order. Only the
//! rows on the screen are asked for, so a hundred thousand are as quick as ten.

use super::filter::{Filter, ORDERS};
use super::period_name::{day_words, words_of};
use super::{words, work};
use crate::ask::ask;
use crate::browser::timer::Timer;
use crate::pages::ProblemNotice;
use crate::text::{self, t, t_count, t_with};
use crate::widgets::{Cell, Choice, Column, Row, RowSource, Rows, Select, Tag, VirtualTable};
use leptos::prelude::*;
use std::ops::Range;
use std::sync::Arc;
use tributary_exchange::problem::Problem;
use tributary_exchange::questions::import::{PeriodChoice, PlanRow};

/// So long nothing must be typed before it is searched, in milliseconds.
const PAUSE: u32 = 250;

/// The id of the table with its tools, for showing it.
pub const TABLE_ID: &str = "import-values";

/// The table with its tools.
#[component]
pub fn ValueTable(
    /// What the table shows; read out before its rows.
    #[prop(into)]
    caption: String,
    /// Which rows.
    #[prop(into)]
    filter: Signal<Filter>,
) -> impl IntoView {
    let search = RwSignal::new(String::new());
    let order = RwSignal::new(String::from(ORDERS[0].0));
    let problem = RwSignal::new(None::<Problem>);
    let found = RwSignal::new(None::<u64>);
    let timer = StoredValue::new_local(None::<Timer>);
    let type_in = move |typed: String| {
        let then = move || {
            search.try_set(typed);
        };
        timer.set_value(Some(Timer::after(PAUSE, then)));
    };
    let periods = Arc::new(work::work().with_untracked(|work| work.periods.clone()));
    let source = Signal::derive(move || {
        let (filter, search, order) = (filter.get(), search.get(), order.get());
        let periods = Arc::clone(&periods);
        RowSource::new(move |range: Range<usize>| {
            let number = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
            let question =
                filter.question(&search, &order, number(range.start), number(range.len()));
            let periods = Arc::clone(&periods);
            async move {
                match ask(&question).await {
                    Ok(window) => {
                        problem.try_set(None);
                        found.try_set(Some(u64::from(window.total)));
                        let total = usize::try_from(window.total).unwrap_or(usize::MAX);
                        Some(Rows {
                            total,
                            rows: window.rows.iter().map(|row| drawn(row, &periods)).collect(),
                        })
                    }
                    Err(failed) if failed.kind == "noPlan" => {
                        work::plan_lost();
                        None
                    }
                    Err(failed) => {
                        problem.try_set(Some(failed));
                        None
                    }
                }
            }
        })
    });
    let orders = ORDERS
        .map(|order| Choice::new(order.0, t(order.3)))
        .to_vec();
    let columns = vec![
        Column::text(t("import.columnOrgUnit"), "16%"),
        Column::text(t("import.columnPeriod"), "13%"),
        Column::text(t("import.columnDataElement"), "26%"),
        Column::number(t("import.columnHere"), "15%"),
        Column::number(t("import.columnSource"), "9%"),
        Column::text(t("import.columnWhat"), "21%"),
    ];
    let number_found = move || {
        found
            .get()
            .map(|count| t_count("import.rowsFound", count, &[]))
    };
    view! {
        <div class="import-tools" id=TABLE_ID>
            <div class="field">
                <label class="field-label" for="import-search">{t("import.search")}</label>
                <input id="import-search" class="input input-dense" type="search" autocomplete="off"
                    on:input=move |event| type_in(event_target_value(&event))/>
            </div>
            <Select label=Signal::stored(t("import.sort")) choices=Signal::stored(orders) value=order dense=true/>
            <p class="muted import-found" role="status">{number_found}</p>
        </div>
        {move || problem.get().map(|problem| view! { <ProblemNotice problem/> })}
        <div class="import-table">
            <VirtualTable caption columns source empty=Signal::stored(t("import.noRows"))/>
        </div>
    }
}

fn drawn(row: &PlanRow, periods: &[PeriodChoice]) -> Row {
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
    let (colour, state) = match row.outcome {
        Some(outcome) => words::outcome(outcome),
        None => words::kind(row.kind),
    };
    let reason = words::row_reason(row);
    let what = ViewFn::from(move || {
        let (state, reason, full) = (state.clone(), reason.clone(), reason.clone());
        view! {
            <Tag kind=colour text=state/>
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
