//! The table of values, one row each, with what chooses, orders and finds them. Only the rows on
//! the screen are asked for, so a million are as quick as ten.

mod drawn;
mod jump;
mod newest;
mod parts;
mod tools;

use super::filter::{Filter, Look, ORDERS, column_of, pressed};
use super::work;
use crate::ask::ask;
use crate::pages::ProblemNotice;
use crate::text::t;
use crate::widgets::{Column, RowSource, Rows, VirtualTable};
use drawn::drawn;
use jump::{BOX_ID, Jump};
use leptos::prelude::*;
use newest::Newest;
use parts::PartsDialog;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tools::Tools;
use tributary_exchange::problem::Problem;
use tributary_exchange::questions::import::PlanRow;

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
    let look = RwSignal::new(Look {
        order: ORDERS[0].0.to_owned(),
        ..Look::default()
    });
    let problem = RwSignal::new(None::<Problem>);
    let found = RwSignal::new(None::<u32>);
    let marked = RwSignal::new(None::<usize>);
    let opened = RwSignal::new(None::<PlanRow>);
    let newest = StoredValue::new_local(Newest::default());
    let periods = Arc::new(work::work().with_untracked(|work| work.periods.clone()));
    let source = Signal::derive(move || {
        let (filter, look) = (filter.get(), look.get());
        let periods = Arc::clone(&periods);
        // The first question has the engine choose and sort; the others only look them up.
        let is_first = Arc::new(AtomicBool::new(true));
        RowSource::new(move |range: Range<usize>| {
            let number = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
            let question = filter.question(&look, number(range.start), number(range.len()));
            let periods = Arc::clone(&periods);
            let is_first = is_first.swap(false, Ordering::Relaxed);
            async move {
                let turn = if is_first {
                    let newest = newest.try_get_value()?;
                    // Other rows are wanted by now.
                    Some(newest.turn().await?)
                } else {
                    None
                };
                let answer = ask(&question).await;
                drop(turn);
                match answer {
                    Ok(window) => {
                        problem.try_set(None);
                        found.try_set(Some(window.total));
                        let total = usize::try_from(window.total).unwrap_or(usize::MAX);
                        Some(Rows {
                            total,
                            rows: window
                                .rows
                                .iter()
                                .map(|row| drawn(row, &periods, opened))
                                .collect(),
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
    Effect::new(move |_| {
        source.track();
        marked.set(None);
    });
    let columns = vec![
        Column::text(t("import.columnOrgUnit"), "16%").sortable(),
        Column::text(t("import.columnPeriod"), "13%").sortable(),
        Column::text(t("import.columnDataElement"), "26%").sortable(),
        Column::number(t("import.columnHere"), "15%").sortable(),
        Column::number(t("import.columnSource"), "9%").sortable(),
        Column::text(t("import.columnWhat"), "21%").sortable(),
    ];
    let sorted = Memo::new(move |_| look.with(|look| column_of(&look.order)));
    let on_sort = Callback::new(move |column| {
        look.update(|look| look.order = pressed(&look.order, column).to_owned());
    });
    let question = Callback::new(move |()| {
        filter.with_untracked(|filter| look.with_untracked(|look| filter.question(look, 0, 0)))
    });
    view! {
        <div class="stack">
            <div id=TABLE_ID>
                <Tools look found/>
            </div>
            <Jump question found marked/>
            {move || problem.get().map(|problem| view! { <ProblemNotice problem/> })}
            <div class="import-table" id=BOX_ID>
                <VirtualTable caption columns source empty=Signal::stored(t("import.noRows"))
                    reveal=marked marked=marked sorted=sorted on_sort=on_sort/>
            </div>
            <PartsDialog opened/>
        </div>
    }
}
