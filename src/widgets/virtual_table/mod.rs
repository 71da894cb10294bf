//! A table of any length: only the rows on the screen exist, and only stretches of rows around
//! them are asked for. It is a real table to a screen reader, with the true number of rows, and
//! its heads sort.

mod data;
mod known;

pub use data::{Cell, Column, Row, RowSource, Rows, Sorted};

use super::tag::Tag;
use super::unique_id;
use super::window::{Layout, Place};
use crate::browser::timer::Timer;
use crate::text::t;
use known::{Known, STRETCH};
use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;
use std::sync::Arc;

/// Height of a row in pixels; the style sheet has the same.
const ROW_HEIGHT: f64 = 37.0;
/// So long nothing is scrolled before the scrollbar is put where it belongs, in milliseconds.
const REST: u32 = 150;

/// The table.
#[component]
pub fn VirtualTable(
    /// What the table shows; read out before its rows.
    #[prop(into)]
    caption: String,
    /// The columns.
    columns: Vec<Column>,
    /// Where the rows come from; a new source shows new rows from the top.
    #[prop(into)]
    source: Signal<RowSource>,
    /// What to say when there are none.
    #[prop(into)]
    empty: Signal<String>,
    /// The source's rows changed: counts up, and they are asked for again in place.
    #[prop(into, optional)]
    version: Signal<u32>,
    /// A row to be scrolled to when it is not seen.
    #[prop(into, optional)]
    reveal: Signal<Option<usize>>,
    /// A row that is marked: the one that was looked for.
    #[prop(into, optional)]
    marked: Signal<Option<usize>>,
    /// The column that the rows are sorted by, if it is one.
    #[prop(into, optional)]
    sorted: Signal<Option<Sorted>>,
    /// Told which column's head was pressed.
    #[prop(into, optional)]
    on_sort: Option<Callback<usize>>,
) -> impl IntoView {
    let box_node = NodeRef::<html::Div>::new();
    let head_node = NodeRef::<html::Thead>::new();
    let (place, set_place) = signal(Place::default());
    let (viewport, set_viewport) = signal(600.0_f64);
    let known = Known::new();
    let count = move || known.total.get().unwrap_or(0);
    let layout = Memo::new(move |_| Layout {
        viewport: viewport.get(),
        row_height: ROW_HEIGHT,
        count: count(),
    });
    // The scrollbar is moved, and the place is known beforehand: what the browser then tells of
    // it is no way that somebody went.
    let go = move |to: Place| {
        set_place.set(to);
        if let Some(node) = box_node.get_untracked() {
            node.set_scroll_top(to.scroll_top.round() as i32);
        }
    };
    let settle = move || {
        let layout = layout.get_untracked();
        if let Some(to) = place.get_untracked().settled(&layout) {
            go(to);
        }
    };
    let measure = move || {
        if let Some(node) = box_node.get_untracked() {
            let head = head_node
                .get_untracked()
                .map_or(0, |head| head.offset_height());
            set_viewport.set(f64::from(node.client_height() - head).max(ROW_HEIGHT));
        }
    };
    let rest = StoredValue::new_local(None::<Timer>);
    let scrolled = move || {
        let Some(node) = box_node.get_untracked() else {
            return;
        };
        let layout = layout.get_untracked();
        let to = place
            .get_untracked()
            .scrolled(f64::from(node.scroll_top()), &layout);
        set_place.set(to);
        if to.is_stuck(&layout) {
            settle();
        }
        rest.set_value(Some(Timer::after(REST, settle)));
    };
    let window = Memo::new(move |_| place.get().window(&layout.get()));
    let rows = Memo::new(move |_| window.with(|window| window.rows.clone()));
    Effect::new(move |_| {
        source.track();
        known.forget();
        known.total.set(None);
        go(Place::default());
    });
    Effect::new(move |_| {
        version.track();
        known.forget();
    });
    Effect::new(move |_| {
        let rows = if known.total.get().is_none() {
            0..1
        } else {
            rows.get()
        };
        version.track();
        let source = source.get();
        known.stretches.track();
        known.answers.track();
        known.ask_for(&source, rows);
    });
    Effect::new(move |_| {
        // Its height is known only once there are rows in it, and the browser has laid them out.
        if known.total.get().is_some() {
            request_animation_frame(measure);
        }
    });
    Effect::new(move |_| {
        let Some(row) = reveal.get() else {
            return;
        };
        let layout = layout.get_untracked();
        let first = place.get_untracked().first_row(&layout);
        // The row that is half seen takes one.
        let seen = layout.whole_rows().max(2) - 1;
        if row < first || row >= first + seen {
            go(layout.at_row(row.saturating_sub(seen / 2)));
        }
    });
    let on_resize = window_event_listener(leptos::ev::resize, move |_| measure());
    on_cleanup(move || on_resize.remove());
    let on_key = move |event: KeyboardEvent| {
        if event.target() != event.current_target() {
            return;
        }
        let layout = layout.get_untracked();
        let page = layout.whole_rows().max(2) - 1;
        let at = place.get_untracked().first_row(&layout);
        let to = match event.key().as_str() {
            "PageDown" => at + page,
            "PageUp" => at.saturating_sub(page),
            "ArrowDown" => at + 1,
            "ArrowUp" => at.saturating_sub(1),
            "Home" => 0,
            "End" => layout.count,
            _ => return,
        };
        event.prevent_default();
        go(layout.at_row(to));
    };
    let heads = columns.iter().enumerate().map(|(place, column)| {
        let class = if column.is_number { "number" } else { "" };
        let title = column.title.clone();
        let Some(on_sort) = on_sort.filter(|_| column.is_sortable) else {
            return view! { <th scope="col" class=class>{title}</th> }.into_any();
        };
        let order = move || match sorted.get().filter(|sorted| sorted.column == place) {
            Some(sorted) if sorted.descending => "descending",
            Some(_) => "ascending",
            None => "none",
        };
        view! {
            <th scope="col" class=class aria-sort=order>
                <button type="button" class="table-sort" on:click=move |_| on_sort.run(place)>{title}</button>
            </th>
        }
        .into_any()
    });
    let heads = heads.collect_view();
    let widths = columns.iter().map(|column| {
        let width = column.width.clone();
        view! { <col style:width=width/> }
    });
    let widths = widths.collect_view();
    let columns = StoredValue::new(columns);
    let column_count = columns.with_value(Vec::len);
    let caption_id = unique_id("table");
    let labelled_by = caption_id.clone();
    let body = move || {
        if known.total.get() == Some(0) {
            let span = column_count.to_string();
            return view! { <tr><td class="table-empty" colspan=span>{empty.get()}</td></tr> }
                .into_any();
        }
        let range = move || rows.get().collect::<Vec<_>>();
        view! {
            <tr class="table-space" aria-hidden="true"><td colspan=column_count.to_string() style:height=move || format!("{}px", window.get().before)></td></tr>
            <For each=range key=|index| *index let:index>
                <TableRow index known columns marked/>
            </For>
            <tr class="table-space" aria-hidden="true"><td colspan=column_count.to_string() style:height=move || format!("{}px", window.get().after)></td></tr>
        }
        .into_any()
    };
    view! {
        <div node_ref=box_node class="table-box" tabindex="0" role="region" aria-labelledby=labelled_by
            aria-busy=move || known.total.get().is_none().to_string()
            on:scroll=move |_| scrolled() on:keydown=on_key>
            <table class="table table-virtual" aria-rowcount=move || (count() + 1).to_string()>
                <caption id=caption_id class="visually-hidden">{caption}</caption>
                <colgroup>{widths}</colgroup>
                <thead node_ref=head_node><tr aria-rowindex="1">{heads}</tr></thead>
                <tbody>{body}</tbody>
            </table>
        </div>
    }
}

#[component]
fn TableRow(
    index: usize,
    known: Known,
    columns: StoredValue<Vec<Column>>,
    marked: Signal<Option<usize>>,
) -> impl IntoView {
    // Only a row whose own stretch came or changed is drawn again.
    let stretch = Memo::new_with_compare(
        move |_| {
            known
                .stretches
                .with(|stretches| stretches.get(&(index / STRETCH)).cloned())
        },
        |one, other| match (one, other) {
            (Some(Some(one)), Some(Some(other))) => !Arc::ptr_eq(one, other),
            (Some(None), Some(None)) => false,
            _ => true,
        },
    );
    let cells = move || {
        let row = stretch
            .get()
            .and_then(|rows| rows.get(index % STRETCH).cloned());
        columns.with_value(|columns| {
            let Some(row) = row else {
                let span = columns.len().to_string();
                return view! { <th scope="row" class="muted" colspan=span>{t("widget.rowLoading")}</th> }
                    .into_any();
            };
            let cells = columns.iter().enumerate().map(|(place, column)| {
                let class = if column.is_number { "number" } else { "" };
                let content = row.cells.get(place).map(draw);
                if place == 0 {
                    view! { <th scope="row" class=class>{content}</th> }.into_any()
                } else {
                    view! { <td class=class>{content}</td> }.into_any()
                }
            });
            cells.collect_view().into_any()
        })
    };
    let current = move || (marked.get() == Some(index)).then_some("true");
    view! { <tr aria-rowindex=(index + 2).to_string() aria-current=current>{cells}</tr> }
}

fn draw(cell: &Cell) -> AnyView {
    match cell {
        Cell::Text(text) => {
            let full = text.clone();
            view! { <span title=full>{text.clone()}</span> }.into_any()
        }
        Cell::Pair(text, note) => {
            let full = format!("{text} {note}");
            view! { <span title=full>{text.clone()}" "<span class="muted">{note.clone()}</span></span> }.into_any()
        }
        Cell::Tag(kind, text) => view! { <Tag kind=*kind text=text.clone()/> }.into_any(),
        Cell::View(view) => view.run(),
    }
}
