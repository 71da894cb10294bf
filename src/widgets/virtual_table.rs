//! A table of any length: only the rows on the screen exist, and only stretches of rows around
//! them are asked for. It is a real table to a screen reader, with the true number of rows.

use super::tag::{Tag, TagKind};
use super::unique_id;
use super::window::{first_row, scroll_position, visible_range};
use crate::text::t;
use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::ops::Range;
use std::pin::Pin;
use std::sync::Arc;

/// Rows are asked for in stretches of this many.
const STRETCH: usize = 100;
/// Stretches that are kept; further ones are let go of, the farthest first.
const KEPT: usize = 24;
/// Height of a row in pixels; the style sheet has the same.
const ROW_HEIGHT: f64 = 37.0;

/// A column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Column {
    /// Its head.
    pub title: String,
    /// Its width in the style sheet's terms (`20%`, `120px`); empty shares what is left.
    pub width: String,
    /// It holds numbers, which stand at the line's end.
    pub is_number: bool,
}

impl Column {
    /// A column of text.
    pub fn text(title: impl Into<String>, width: &str) -> Self {
        Self {
            title: title.into(),
            width: width.to_owned(),
            is_number: false,
        }
    }

    /// A column of numbers.
    pub fn number(title: impl Into<String>, width: &str) -> Self {
        Self {
            is_number: true,
            ..Self::text(title, width)
        }
    }
}

/// What stands where a row and a column meet.
#[derive(Clone)]
pub enum Cell {
    /// Words or a number, already as the language writes them.
    Text(String),
    /// The same with something less important behind it.
    Pair(String, String),
    /// A state.
    Tag(TagKind, String),
    /// Anything else: buttons, inputs.
    View(ViewFn),
}

/// A row: one cell per column; the first one names the row.
#[derive(Clone)]
pub struct Row {
    /// The cells.
    pub cells: Vec<Cell>,
}

/// Rows that were asked for.
#[derive(Clone, Default)]
pub struct Rows {
    /// How many there are in all.
    pub total: usize,
    /// Those of the range, or fewer at the end.
    pub rows: Vec<Row>,
}

type Answer = Pin<Box<dyn Future<Output = Option<Rows>>>>;

/// Where rows come from.
#[derive(Clone)]
pub struct RowSource(Arc<dyn Fn(Range<usize>) -> Answer + Send + Sync>);

impl RowSource {
    /// A source that is asked for a range of rows; `None` when they cannot be had (the source
    /// itself tells the person why).
    pub fn new<F>(ask: impl Fn(Range<usize>) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Option<Rows>> + 'static,
    {
        Self(Arc::new(move |range| Box::pin(ask(range))))
    }

    /// A source of rows that are all there.
    pub fn of(rows: Vec<Row>) -> Self {
        let rows = Arc::new(rows);
        Self::new(move |range| {
            let total = rows.len();
            let part = rows
                .get(range.start.min(total)..range.end.min(total))
                .unwrap_or_default()
                .to_vec();
            async move { Some(Rows { total, rows: part }) }
        })
    }
}

/// What the table knows of its rows.
#[derive(Clone, Copy)]
struct Known {
    total: RwSignal<Option<usize>>,
    stretches: RwSignal<BTreeMap<usize, Arc<Vec<Row>>>>,
    asked: StoredValue<BTreeSet<usize>>,
    /// Counts changes of the source, so that answers of an earlier one are dropped.
    generation: StoredValue<u32>,
}

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
) -> impl IntoView {
    let box_node = NodeRef::<html::Div>::new();
    let (scroll_top, set_scroll_top) = signal(0.0_f64);
    let (viewport, set_viewport) = signal(600.0_f64);
    let known = Known {
        total: RwSignal::new(None),
        stretches: RwSignal::new(BTreeMap::new()),
        asked: StoredValue::new(BTreeSet::new()),
        generation: StoredValue::new(0),
    };
    let measure = move || {
        if let Some(node) = box_node.get_untracked() {
            set_viewport.set(f64::from(node.client_height()).max(ROW_HEIGHT));
            set_scroll_top.set(f64::from(node.scroll_top()));
        }
    };
    let count = move || known.total.get().unwrap_or(0);
    let window =
        Memo::new(move |_| visible_range(scroll_top.get(), viewport.get(), ROW_HEIGHT, count()));
    Effect::new(move |_| {
        source.track();
        known.forget();
        known.total.set(None);
        if let Some(node) = box_node.get_untracked() {
            node.set_scroll_top(0);
        }
        set_scroll_top.set(0.0);
    });
    Effect::new(move |_| {
        version.track();
        known.forget();
    });
    Effect::new(move |_| {
        let rows = if known.total.get().is_none() {
            0..1
        } else {
            window.get().rows
        };
        version.track();
        let source = source.get();
        known.stretches.with(|_| ());
        known.ask_for(&source, rows);
    });
    Effect::new(move |_| {
        // Its height is known only once there are rows in it, and the browser has laid them out.
        if known.total.get().is_some() {
            request_animation_frame(measure);
        }
    });
    Effect::new(move |_| {
        let (Some(row), Some(node)) = (reveal.get(), box_node.get_untracked()) else {
            return;
        };
        let (view, all) = (
            viewport.get_untracked(),
            known.total.get_untracked().unwrap_or(0),
        );
        let first = first_row(f64::from(node.scroll_top()), view, ROW_HEIGHT, all);
        // The head and the row that is half seen take two places.
        let seen = (view / ROW_HEIGHT).max(3.0) as usize - 2;
        if row < first || row >= first + seen {
            let to = row.saturating_sub(seen / 2);
            node.set_scroll_top(scroll_position(to, view, ROW_HEIGHT, all).round() as i32);
        }
    });
    let on_resize = window_event_listener(leptos::ev::resize, move |_| measure());
    on_cleanup(move || on_resize.remove());
    let on_key = move |event: KeyboardEvent| {
        let is_own = event.target() == event.current_target();
        let Some(node) = box_node.get_untracked().filter(|_| is_own) else {
            return;
        };
        let (view, all) = (viewport.get_untracked(), count());
        let page = (view / ROW_HEIGHT).max(2.0) as usize - 1;
        let at = first_row(f64::from(node.scroll_top()), view, ROW_HEIGHT, all);
        let to = match event.key().as_str() {
            "PageDown" => at + page,
            "PageUp" => at.saturating_sub(page),
            "ArrowDown" => at + 1,
            "ArrowUp" => at.saturating_sub(1),
            "Home" => 0,
            "End" => all,
            _ => return,
        };
        event.prevent_default();
        node.set_scroll_top(scroll_position(to, view, ROW_HEIGHT, all).round() as i32);
    };
    let heads = columns.iter().map(|column| {
        let class = if column.is_number { "number" } else { "" };
        view! { <th scope="col" class=class>{column.title.clone()}</th> }
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
        let range = move || window.get().rows.collect::<Vec<_>>();
        view! {
            <tr class="table-space" aria-hidden="true"><td colspan=column_count.to_string() style:height=move || format!("{}px", window.get().before)></td></tr>
            <For each=range key=|index| *index let:index>
                <TableRow index known columns/>
            </For>
            <tr class="table-space" aria-hidden="true"><td colspan=column_count.to_string() style:height=move || format!("{}px", window.get().after)></td></tr>
        }
        .into_any()
    };
    view! {
        <div node_ref=box_node class="table-box" tabindex="0" role="region" aria-labelledby=labelled_by
            aria-busy=move || known.total.get().is_none().to_string()
            on:scroll=move |_| measure() on:keydown=on_key>
            <table class="table table-virtual" aria-rowcount=move || (count() + 1).to_string()>
                <caption id=caption_id class="visually-hidden">{caption}</caption>
                <colgroup>{widths}</colgroup>
                <thead><tr aria-rowindex="1">{heads}</tr></thead>
                <tbody>{body}</tbody>
            </table>
        </div>
    }
}

#[component]
fn TableRow(index: usize, known: Known, columns: StoredValue<Vec<Column>>) -> impl IntoView {
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
            let cells = columns.iter().enumerate().map(|(place, column)| {
                let class = if column.is_number { "number" } else { "" };
                let content = match row.as_ref().and_then(|row| row.cells.get(place)) {
                    Some(cell) => draw(cell),
                    None if row.is_none() && place == 0 => {
                        view! { <span class="muted">{t("widget.rowLoading")}</span> }.into_any()
                    }
                    None => ().into_any(),
                };
                if place == 0 {
                    view! { <th scope="row" class=class>{content}</th> }.into_any()
                } else {
                    view! { <td class=class>{content}</td> }.into_any()
                }
            });
            cells.collect_view()
        })
    };
    view! { <tr aria-rowindex=(index + 2).to_string()>{cells}</tr> }
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

impl Known {
    fn forget(self) {
        self.generation
            .update_value(|generation| *generation = generation.wrapping_add(1));
        self.asked.update_value(BTreeSet::clear);
    }

    /// Asks for the stretches of these rows that are neither there nor on their way.
    fn ask_for(self, source: &RowSource, rows: Range<usize>) {
        let last = rows.end.max(1) - 1;
        for stretch in rows.start / STRETCH..=last / STRETCH {
            let is_new = self
                .asked
                .try_update_value(|asked| asked.insert(stretch))
                .unwrap_or(false);
            if !is_new {
                continue;
            }
            let generation = self.generation.get_value();
            let answer = (source.0)(stretch * STRETCH..(stretch + 1) * STRETCH);
            spawn_local(async move {
                let answer = answer.await;
                // The table may be gone, or show something else by now.
                if self.generation.try_get_value() != Some(generation) {
                    return;
                }
                let Some(found) = answer else { return };
                self.stretches.try_update(|stretches| {
                    if stretch == 0 && self.total.get_untracked().is_none() {
                        stretches.clear();
                    }
                    stretches.insert(stretch, Arc::new(found.rows));
                    self.drop_farthest(stretches, stretch);
                });
                if self.total.try_get_untracked().flatten() != Some(found.total) {
                    self.total.set(Some(found.total));
                }
            });
        }
    }

    fn drop_farthest(self, stretches: &mut BTreeMap<usize, Arc<Vec<Row>>>, around: usize) {
        while stretches.len() > KEPT {
            let farthest = stretches
                .keys()
                .copied()
                .max_by_key(|stretch| stretch.abs_diff(around));
            let Some(farthest) = farthest else { return };
            stretches.remove(&farthest);
            self.asked.update_value(|asked| {
                asked.remove(&farthest);
            });
        }
    }
}
