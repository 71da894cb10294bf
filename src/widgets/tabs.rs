//! Several views of one thing, after the WAI-ARIA pattern: one tab stop, arrow keys move,
//! Enter or Space opens (opening may load, so moving alone does not).

use super::unique_id;
use crate::browser::document;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

/// One tab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tab {
    /// What `selected` is when it is open.
    pub key: String,
    /// Its words.
    pub label: String,
}

/// A row of tabs and the panel below it.
#[component]
pub fn Tabs(
    /// What the tabs are views of.
    #[prop(into)]
    label: String,
    /// The tabs.
    tabs: Vec<Tab>,
    /// The key of the open one, both ways.
    selected: RwSignal<String>,
    /// The content of the open tab; made anew when it changes.
    children: ChildrenFn,
) -> impl IntoView {
    let prefix = StoredValue::new(unique_id("tab"));
    let count = tabs.len();
    let id = move |index: usize| prefix.with_value(|prefix| format!("{prefix}-{index}"));
    let panel_id = move || prefix.with_value(|prefix| format!("{prefix}-panel"));
    let keys = StoredValue::new(tabs.iter().map(|tab| tab.key.clone()).collect::<Vec<_>>());
    let open_index = move || {
        keys.with_value(|keys| {
            keys.iter()
                .position(|key| *key == selected.get())
                .unwrap_or(0)
        })
    };
    let on_key = move |event: KeyboardEvent, index: usize| {
        let is_rtl = document::is_right_to_left();
        let next = match event.key().as_str() {
            "ArrowRight" => step(index, count, !is_rtl),
            "ArrowLeft" => step(index, count, is_rtl),
            "Home" => 0,
            "End" => count.saturating_sub(1),
            _ => return,
        };
        event.prevent_default();
        document::focus(&id(next));
    };
    let buttons = tabs.into_iter().enumerate().map(|(index, tab)| {
        let is_open = move || open_index() == index;
        view! {
            <button id=id(index) type="button" role="tab" class="tab" aria-controls=panel_id()
                aria-selected=move || is_open().to_string() tabindex=move || if is_open() { "0" } else { "-1" }
                on:click=move |_| selected.set(tab.key.clone())
                on:keydown=move |event| on_key(event, index)>
                {tab.label}
            </button>
        }
    });
    view! {
        <div class="tabs" role="tablist" aria-label=label>{buttons.collect_view()}</div>
        <div id=panel_id() role="tabpanel" aria-labelledby=move || id(open_index()) class="tab-panel stack">
            {move || { selected.track(); children() }}
        </div>
    }
}

/// The next or the one before, round and round.
fn step(index: usize, count: usize, forward: bool) -> usize {
    if count == 0 {
        return 0;
    }
    (index + if forward { 1 } else { count - 1 }) % count
}

#[cfg(test)]
mod tests {
    use super::step;

    #[test]
    fn arrows_go_round() {
        assert_eq!(step(2, 3, true), 0);
        assert_eq!(step(0, 3, false), 2);
        assert_eq!(step(1, 3, false), 0);
        assert_eq!(step(0, 0, true), 0);
    }
}
