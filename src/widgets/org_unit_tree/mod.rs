//! Choosing org units in their tree, after the WAI-ARIA tree pattern: one tab stop; arrows
//! move, open and close; Home and End; Space ticks; `*` opens all siblings. Only what is on the
//! screen is drawn, so that ten thousand units are as quick as ten.

mod ticks;
mod units;

#[cfg(test)]
mod tests;

use super::icon::{Icon, IconKind};
use super::unique_id;
use super::window::visible_range;
use crate::browser::document;
use crate::text::{t, t_count};
use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;
pub use ticks::{Tick, Ticks};
pub use units::{TreeRow, TreeUnit, UnitTree};

/// Height of a row in pixels; the style sheet has the same.
const ROW_HEIGHT: f64 = 30.0;

/// The tree, with a box to search in.
#[component]
pub fn OrgUnitTree(
    /// What is chosen here.
    #[prop(into)]
    label: String,
    /// The units.
    #[prop(into)]
    tree: Signal<Arc<UnitTree>>,
    /// What is ticked, both ways.
    ticks: RwSignal<Ticks>,
) -> impl IntoView {
    let id = StoredValue::new(unique_id("tree"));
    let row_id = move |node: usize| id.with_value(|id| format!("{id}-{node}"));
    let box_node = NodeRef::<html::Div>::new();
    let open = RwSignal::new(BTreeSet::<usize>::new());
    let search = RwSignal::new(String::new());
    let active = RwSignal::new(0_usize);
    let has_focus = RwSignal::new(false);
    let (scroll_top, set_scroll_top) = signal(0.0_f64);
    let (viewport, set_viewport) = signal(360.0_f64);
    Effect::new(move |_| {
        let roots = tree.with(|tree| tree.roots());
        active.set(0);
        open.set(roots.into_iter().collect());
    });
    let rows = Memo::new(move |_| {
        tree.with(|tree| open.with(|open| search.with(|search| tree.rows(open, search))))
    });
    let window = Memo::new(move |_| {
        visible_range(
            scroll_top.get(),
            viewport.get(),
            ROW_HEIGHT,
            rows.with(Vec::len),
        )
    });
    // Place of the active unit among the rows; the first row when it is not to be seen.
    let active_place = move || {
        rows.with(|rows| {
            rows.iter()
                .position(|row| row.node == active.get())
                .unwrap_or(0)
        })
    };
    let measure = move || {
        if let Some(node) = box_node.get_untracked() {
            set_viewport.set(f64::from(node.client_height()).max(ROW_HEIGHT));
            set_scroll_top.set(f64::from(node.scroll_top()));
        }
    };
    Effect::new(move |_| {
        if box_node.get().is_some() {
            measure();
        }
    });
    let go = move |place: usize| {
        let Some(node) = rows.with_untracked(|rows| rows.get(place).map(|row| row.node)) else {
            return;
        };
        active.set(node);
        let Some(element) = box_node.get_untracked() else {
            return;
        };
        let top = place as f64 * ROW_HEIGHT;
        let (seen_from, view) = (
            f64::from(element.scroll_top()),
            f64::from(element.client_height()),
        );
        if top < seen_from {
            element.set_scroll_top(top as i32);
        } else if top + ROW_HEIGHT > seen_from + view {
            element.set_scroll_top((top + ROW_HEIGHT - view).ceil() as i32);
        }
    };
    let set_open = move |node: usize, to: bool| {
        open.update(|open| {
            if to {
                open.insert(node);
            } else {
                open.remove(&node);
            }
        });
    };
    let toggle = move |node: usize| {
        active.set(node);
        tree.with_untracked(|tree| ticks.update(|ticks| ticks.toggle(tree, node)));
    };
    let on_key = move |event: KeyboardEvent| {
        let place = untrack(active_place);
        let Some(row) = rows.with_untracked(|rows| rows.get(place).copied()) else {
            return;
        };
        let (opens, closes) = if document::is_right_to_left() {
            ("ArrowLeft", "ArrowRight")
        } else {
            ("ArrowRight", "ArrowLeft")
        };
        let last = rows.with_untracked(Vec::len).saturating_sub(1);
        let is_searching = search.with_untracked(|search| !search.is_empty());
        match event.key().as_str() {
            "ArrowDown" => go((place + 1).min(last)),
            "ArrowUp" => go(place.saturating_sub(1)),
            "Home" => go(0),
            "End" => go(last),
            key if key == opens => match row.open {
                Some(true) => go((place + 1).min(last)),
                Some(false) => set_open(row.node, true),
                None => {}
            },
            key if key == closes => {
                if row.open == Some(true) && !is_searching {
                    set_open(row.node, false);
                } else if let Some(parent) = tree.with_untracked(|tree| tree.parent(row.node)) {
                    go(rows.with_untracked(|rows| {
                        rows.iter().position(|row| row.node == parent).unwrap_or(0)
                    }));
                }
            }
            "*" => tree.with_untracked(|tree| {
                let siblings = tree
                    .parent(row.node)
                    .map_or_else(|| tree.roots(), |parent| tree.children(parent));
                open.update(|open| {
                    open.extend(siblings.into_iter().filter(|node| tree.has_children(*node)));
                });
            }),
            " " | "Enter" => toggle(row.node),
            _ => return,
        }
        event.prevent_default();
    };
    let drawn = move || {
        let range = window.get().rows;
        rows.with(|rows| rows.get(range).map(<[TreeRow]>::to_vec).unwrap_or_default())
    };
    let found = move || {
        search.with(|search| {
            if search.is_empty() {
                return String::new();
            }
            let count = tree.with(|tree| {
                rows.with(|rows| {
                    rows.iter()
                        .filter(|row| tree.matches(row.node, search))
                        .count()
                })
            });
            t_count(
                "widget.treeFound",
                u64::try_from(count).unwrap_or_default(),
                &[],
            )
        })
    };
    let chosen = move || {
        let count = tree.with(|tree| ticks.with(|ticks| ticks.covered(tree)));
        t_count(
            "widget.treeChosen",
            u64::try_from(count).unwrap_or_default(),
            &[],
        )
    };
    let tree_label = label.clone();
    view! {
        <div class="tree-frame">
            <div class="row row-spread tree-tools">
                <input class="input input-dense" type="search" autocomplete="off" aria-label=t("widget.treeSearch")
                    placeholder=t("widget.treeSearch")
                    on:input=move |event| {
                        search.set(event_target_value(&event));
                        go(0);
                    }/>
                <span class="muted" role="status">{found}" "{chosen}</span>
            </div>
            <div node_ref=box_node class="tree-box" on:scroll=move |_| measure()>
                <div style:height=move || format!("{}px", window.get().before)></div>
                <div role="tree" class="tree" tabindex="0" aria-label=tree_label aria-multiselectable="true"
                    aria-activedescendant=move || rows.with(|rows| rows.get(active_place()).map(|row| row_id(row.node)))
                    on:focus=move |_| { has_focus.set(true); go(untrack(active_place)); }
                    on:blur=move |_| has_focus.set(false)
                    on:keydown=on_key>
                    <For each=drawn key=|row| (row.node, row.open) let:row>
                        <TreeItem row tree ticks id=row_id(row.node)
                            search active=Signal::derive(move || has_focus.get() && active.get() == row.node)
                            on_open=Callback::new(move |to| set_open(row.node, to))
                            on_toggle=Callback::new(move |()| toggle(row.node))/>
                    </For>
                </div>
                <div style:height=move || format!("{}px", window.get().after)></div>
                {move || rows.with(Vec::is_empty).then(|| view! { <p class="tree-empty muted">{t("widget.treeNone")}</p> })}
            </div>
        </div>
    }
}

#[component]
fn TreeItem(
    row: TreeRow,
    tree: Signal<Arc<UnitTree>>,
    ticks: RwSignal<Ticks>,
    id: String,
    search: RwSignal<String>,
    active: Signal<bool>,
    on_open: Callback<bool>,
    on_toggle: Callback<()>,
) -> impl IntoView {
    let node = row.node;
    let (name, level, place) = tree.with_untracked(|tree| {
        let name = tree
            .unit(node)
            .map(|unit| unit.name.clone())
            .unwrap_or_default();
        (name, tree.level(node), tree.place(node))
    });
    let tick = Memo::new(move |_| tree.with(|tree| ticks.with(|ticks| ticks.state(tree, node))));
    let is_hit = move || search.with(|search| tree.with(|tree| tree.matches(node, search)));
    let handle = match row.open {
        None => ().into_any(),
        Some(is_open) => {
            let icon = if is_open {
                IconKind::ChevronDown
            } else {
                IconKind::ChevronRight
            };
            view! {
                <span class="tree-handle" on:click=move |event| {
                    event.stop_propagation();
                    on_open.run(!is_open);
                }><Icon kind=icon/></span>
            }
            .into_any()
        }
    };
    view! {
        <div id=id role="treeitem" class="tree-row" class:tree-active=move || active.get()
            attr:aria-level=level.to_string() aria-posinset=place.0.to_string() aria-setsize=place.1.to_string()
            aria-expanded=row.open.map(|open| open.to_string())
            aria-checked=move || match tick.get() { Tick::On => "true", Tick::Off => "false", Tick::Mixed => "mixed" }
            style:padding-inline-start=format!("{}px", (level - 1) * 20 + 4)
            on:click=move |_| on_toggle.run(())>
            <span class="tree-place">{handle}</span>
            <span class="tree-tick" aria-hidden="true" class:tree-on=move || tick.get() == Tick::On class:tree-mixed=move || tick.get() == Tick::Mixed>
                {move || (tick.get() == Tick::On).then(|| view! { <Icon kind=IconKind::Check/> })}
            </span>
            <span class="tree-name" class:tree-hit=is_hit>{name}</span>
        </div>
    }
}
