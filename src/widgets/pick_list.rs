//! Choosing one of many by typing a part of its name: the WAI-ARIA combobox with a list.
//! The list may have any length; what is not on the screen is not drawn, and the options may
//! come from elsewhere (the Worker), in order of likelihood.

use super::field::{Field, described_by};
use super::search::fold;
use super::unique_id;
use crate::browser::document;
use crate::text::{t, t_count};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

/// Options that are asked for and drawn at first; more come when the end is reached.
const PORTION: usize = 50;

/// One of the things to choose from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PickOption {
    /// What is chosen.
    pub value: String,
    /// Its name.
    pub label: String,
    /// What tells it from others of the same name: a code, the unit above.
    pub detail: String,
}

/// Options that match.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// How many match in all.
    pub total: usize,
    /// The first of them, as many as were asked for or fewer.
    pub options: Vec<PickOption>,
}

type Answer = Pin<Box<dyn Future<Output = Option<Options>>>>;

/// Where options come from.
#[derive(Clone)]
pub struct OptionSource(Arc<dyn Fn(String, usize) -> Answer + Send + Sync>);

impl OptionSource {
    /// A source that is asked for the first so many options that contain a text.
    pub fn new<F>(ask: impl Fn(String, usize) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Option<Options>> + 'static,
    {
        Self(Arc::new(move |search, limit| Box::pin(ask(search, limit))))
    }

    /// A source of options that are all there; searched without regard to accents and capitals.
    pub fn of(options: Vec<PickOption>) -> Self {
        let folded: Vec<String> = options
            .iter()
            .map(|option| fold(&format!("{} {}", option.label, option.detail)))
            .collect();
        let all = Arc::new((options, folded));
        Self::new(move |search, limit| {
            let found = matching(&all.0, &all.1, &search, limit);
            async move { Some(found) }
        })
    }
}

/// The first options that contain every word of the search.
fn matching(options: &[PickOption], folded: &[String], search: &str, limit: usize) -> Options {
    let search = fold(search);
    let words: Vec<&str> = search.split_whitespace().collect();
    let mut found = Options::default();
    for (option, text) in options.iter().zip(folded) {
        if words.iter().all(|word| text.contains(word)) {
            found.total += 1;
            if found.options.len() < limit {
                found.options.push(option.clone());
            }
        }
    }
    found
}

/// A box to type in, with the matching options below it.
#[component]
pub fn PickList(
    /// The label.
    #[prop(into)]
    label: Signal<String>,
    /// Where the options come from.
    #[prop(into)]
    source: Signal<OptionSource>,
    /// The present choice, if there is one.
    #[prop(into)]
    chosen: Signal<Option<PickOption>>,
    /// Told what is chosen; nothing when the choice is taken back.
    #[prop(into)]
    on_choose: Callback<Option<PickOption>>,
    /// How to choose.
    #[prop(into, optional)]
    help: Signal<String>,
    /// What is wrong with the choice.
    #[prop(into, optional)]
    error: Signal<String>,
    /// The flat form, for tables.
    #[prop(optional)]
    dense: bool,
    /// The label is only for screen readers (in tables).
    #[prop(optional)]
    label_hidden: bool,
    /// The input's id, for focus.
    #[prop(into, optional)]
    id: Option<String>,
) -> impl IntoView {
    let id = StoredValue::new(id.unwrap_or_else(|| unique_id("pick")));
    let input_id = id.get_value();
    let list_id = move || id.with_value(|id| format!("{id}-list"));
    let option_id = move |index: usize| id.with_value(|id| format!("{id}-{index}"));
    let typed = RwSignal::new(None::<String>);
    let is_open = RwSignal::new(false);
    let active = RwSignal::new(None::<usize>);
    let limit = RwSignal::new(PORTION);
    let found = RwSignal::new(None::<Options>);
    let asked = StoredValue::new(0_u32);
    let shown_text = move || {
        typed
            .get()
            .unwrap_or_else(|| chosen.get().map(|option| option.label).unwrap_or_default())
    };

    Effect::new(move |_| {
        if !is_open.get() {
            return;
        }
        let answer = (source.get().0)(typed.get().unwrap_or_default(), limit.get());
        asked.update_value(|asked| *asked = asked.wrapping_add(1));
        let mine = asked.get_value();
        spawn_local(async move {
            let answer = answer.await;
            // A later letter was typed meanwhile, or the list is gone.
            if asked.try_get_value() == Some(mine) {
                found.set(Some(answer.unwrap_or_default()));
            }
        });
    });
    let open = move || {
        if !is_open.get_untracked() {
            limit.set(PORTION);
            active.set(None);
            is_open.set(true);
        }
    };
    let close = move || {
        is_open.set(false);
        typed.set(None);
        found.set(None);
        active.set(None);
    };
    let choose = move |index: usize| {
        let option = found.with_untracked(|found| found.as_ref()?.options.get(index).cloned());
        if let Some(option) = option {
            close();
            on_choose.run(Some(option));
        }
    };
    let go = move |index: usize| {
        let (there, total) = found.with_untracked(|found| {
            found
                .as_ref()
                .map_or((0, 0), |found| (found.options.len(), found.total))
        });
        if there == 0 {
            return;
        }
        active.set(Some(index.min(there - 1)));
        if index + 5 > there && there < total {
            limit.update(|limit| *limit += PORTION);
        }
        document::reveal(&option_id(index.min(there - 1)));
    };
    let on_key = move |event: KeyboardEvent| {
        let at = active.get_untracked();
        match event.key().as_str() {
            "ArrowDown" if is_open.get_untracked() => go(at.map_or(0, |at| at + 1)),
            "ArrowDown" => open(),
            "ArrowUp" if event.alt_key() => close(),
            "ArrowUp" if is_open.get_untracked() => go(at.unwrap_or(0).saturating_sub(1)),
            "PageDown" if is_open.get_untracked() => go(at.map_or(0, |at| at + 8)),
            "PageUp" if is_open.get_untracked() => go(at.unwrap_or(0).saturating_sub(8)),
            "Enter" if is_open.get_untracked() => match at {
                Some(at) => choose(at),
                None => return,
            },
            "Escape" if is_open.get_untracked() => close(),
            "Escape" if chosen.get_untracked().is_some() => on_choose.run(None),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    };
    let options = move || {
        let Some(found) = found.get() else {
            return ().into_any();
        };
        let present = chosen.get_untracked().map(|option| option.value);
        let entries = found.options.into_iter().enumerate().map(|(index, option)| {
            let is_chosen = present.as_ref() == Some(&option.value);
            view! {
                <li id=option_id(index) role="option" class="pick-option" aria-selected=is_chosen.to_string()
                    class:pick-active=move || active.get() == Some(index)
                    // Pressing must not take the focus from the input, which would close the list.
                    on:mousedown=move |event| event.prevent_default()
                    on:click=move |_| choose(index)>
                    <span>{option.label}</span>
                    <span class="pick-detail">{option.detail}</span>
                </li>
            }
        });
        entries.collect_view().into_any()
    };
    let more = move || {
        let more = found.with(|found| {
            found
                .as_ref()
                .map_or(0, |found| found.total.saturating_sub(found.options.len()))
        });
        (more > 0).then(|| {
            view! {
                <button type="button" tabindex="-1" class="button button-small"
                    on:mousedown=move |event| event.prevent_default()
                    on:click=move |_| limit.update(|limit| *limit += PORTION)>
                    {t_count("widget.pickMore", u64::try_from(more).unwrap_or_default(), &[])}
                </button>
            }
        })
    };
    let said = move || {
        let total = found.with(|found| found.as_ref().map(|found| found.total));
        match total {
            _ if !is_open.get() => String::new(),
            None => t("widget.pickLoading"),
            Some(total) => t_count(
                "widget.pickCount",
                u64::try_from(total).unwrap_or_default(),
                &[],
            ),
        }
    };
    let is_empty =
        move || found.with(|found| found.as_ref().is_none_or(|found| found.options.is_empty()));
    view! {
        <div class="pick" class:pick-bare=label_hidden>
            <Field id=input_id.clone() label=label help=help error=error>
                <input class="input" class:input-dense=dense id=input_id.clone() type="text" role="combobox" autocomplete="off"
                    aria-autocomplete="list" aria-controls=list_id() aria-describedby=described_by(&input_id)
                    aria-expanded=move || is_open.get().to_string()
                    aria-activedescendant=move || active.get().map(option_id)
                    aria-invalid=move || (!error.get().is_empty()).then_some("true")
                    placeholder=t("widget.pickPlaceholder")
                    prop:value=shown_text
                    on:input=move |event| {
                        typed.set(Some(event_target_value(&event)));
                        limit.set(PORTION);
                        active.set(None);
                        is_open.set(true);
                    }
                    on:click=move |_| open()
                    on:blur=move |_| close()
                    on:keydown=on_key/>
                <div class="pick-popup" hidden=move || !is_open.get()>
                    <ul id=list_id() role="listbox" class="pick-options" aria-label=move || label.get()
                        hidden=is_empty>{options}</ul>
                    <div class="pick-said"><span role="status">{said}</span>{more}</div>
                </div>
            </Field>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn option(label: &str, detail: &str) -> PickOption {
        PickOption {
            value: label.to_owned(),
            label: label.to_owned(),
            detail: detail.to_owned(),
        }
    }

    fn found(options: &[PickOption], search: &str, limit: usize) -> (usize, Vec<String>) {
        let folded: Vec<String> = options
            .iter()
            .map(|option| fold(&format!("{} {}", option.label, option.detail)))
            .collect();
        let found = matching(options, &folded, search, limit);
        (
            found.total,
            found
                .options
                .into_iter()
                .map(|option| option.label)
                .collect(),
        )
    }

    #[test]
    fn every_word_must_occur_in_name_or_detail() {
        let options = [
            option("Kétou Centre", "Plateau"),
            option("Ketou Nord", "Plateau"),
            option("Pobè", "Plateau"),
        ];
        assert_eq!(
            found(&options, "KETOU plat", 9),
            (2, vec!["Kétou Centre".to_owned(), "Ketou Nord".to_owned()])
        );
        assert_eq!(found(&options, "pobe", 9), (1, vec!["Pobè".to_owned()]));
        assert_eq!(found(&options, "", 1).0, 3);
        assert_eq!(found(&options, "", 1).1.len(), 1);
        assert_eq!(found(&options, "zz", 9), (0, vec![]));
    }
}
