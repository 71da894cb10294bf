//! Where values of several sources belong in one place here, and what is made of them: a rule
//! for everything, and one for each data element that several of the source go to.

use super::screen::Screen;
use crate::text::{t, t_count, t_with};
use crate::widgets::{Button, Card, Choice, OptionSource, PickList, PickOption, Select};
use leptos::prelude::*;
use leptos::task::spawn_local;
use tributary_exchange::questions::mapping::{CombinedItem, MappingChange, TargetOption};

/// The rules, the most usual first.
const RULES: [&str; 5] = ["sum", "last", "max", "min", "first"];

/// The section; there while values meet somewhere, or a rule is set.
#[component]
pub fn CombiningRules(
    /// The screen.
    screen: Screen,
) -> impl IntoView {
    let is_there = Memo::new(move |_| {
        screen.state.with(|state| {
            let found = &state.combining;
            !found.items.is_empty()
                || !found.rule.is_empty()
                || found.org_units + found.attribute_option_combos > 0
        })
    });
    move || is_there.get().then(|| view! { <Rules screen/> })
}

#[component]
fn Rules(screen: Screen) -> impl IntoView {
    let met = move || {
        let (units, attributes) = screen.state.with(|state| {
            let found = &state.combining;
            (found.org_units, found.attribute_option_combos)
        });
        let lines = [
            ("mapping.combine.units", units),
            ("mapping.combine.attributes", attributes),
        ];
        lines
            .into_iter()
            .filter(|(_, count)| *count > 0)
            .map(|(key, count)| view! { <p>{t_count(key, u64::from(count), &[])}</p> })
            .collect_view()
    };
    let rule = Memo::new(move |_| screen.state.with(|state| state.combining.rule.clone()));
    let items = Memo::new(move |_| {
        screen.state.with(|state| {
            let items = state.combining.items.iter();
            items
                .map(|item| item.target.key.clone())
                .collect::<Vec<_>>()
        })
    });
    view! {
        <Card title=t("mapping.combine.title")>
            <p>{t("mapping.combine.text")}</p>
            {met}
            <Rule screen target=String::new() label=t("mapping.combine.all") none="mapping.combine.none" rule
                order=Signal::derive(Vec::new)/>
            <ul class="mapping-combined">
                <For each=move || items.get() key=Clone::clone let:key>
                    <Item screen key/>
                </For>
            </ul>
            <Another screen/>
        </Card>
    }
}

/// Gives one more data element a rule of its own, where org units or attribute option combos
/// meet, and with them everything.
#[component]
fn Another(screen: Screen) -> impl IntoView {
    let others = Memo::new(move |_| screen.state.with(|state| state.combining.others.clone()));
    let source = Signal::derive(move || {
        let options = others.get().into_iter().map(|option| PickOption {
            value: option.key,
            label: option.name,
            detail: option.detail,
        });
        OptionSource::of(options.collect())
    });
    let choose = move |chosen: Option<PickOption>| {
        let Some(chosen) = chosen else { return };
        // A line is there with its rule; which one it shall be is chosen there.
        let rule = screen
            .state
            .with_untracked(|state| match &state.combining.rule {
                rule if rule.is_empty() => RULES.first().copied().unwrap_or_default().to_owned(),
                rule => rule.clone(),
            });
        screen.combine(chosen.value, rule, Vec::new());
    };
    let is_there = Memo::new(move |_| screen.editable.get() && !others.with(Vec::is_empty));
    move || {
        is_there.get().then(|| {
            view! {
                <PickList dense=true label=Signal::stored(t("mapping.combine.another")) source
                    help=Signal::stored(t("mapping.combine.anotherHelp"))
                    chosen=Signal::stored(None) on_choose=Callback::new(choose)/>
            }
        })
    }
}

/// One data element of the destination.
#[component]
fn Item(screen: Screen, key: String) -> impl IntoView {
    let wanted = key.clone();
    let item = Memo::new(move |_| {
        screen.state.with(|state| {
            let mut items = state.combining.items.iter();
            items
                .find(|item| item.target.key == wanted)
                .cloned()
                .unwrap_or_default()
        })
    });
    let rule = Memo::new(move |_| item.with(|item| item.rule.clone()));
    let order = Signal::derive(move || item.with(keys));
    let name = item.with_untracked(|item| full_name(&item.target));
    let sources = move || {
        item.with(|item| {
            let names: Vec<String> = item.sources.iter().map(full_name).collect();
            t_with("mapping.combine.from", &[("names", &names.join(", "))])
        })
    };
    let target = key.clone();
    let by_priority = move || {
        let target = target.clone();
        (rule.get() == "first").then(|| view! { <Priorities screen target item/> })
    };
    view! {
        <li class="stack">
            <p><strong>{name.clone()}</strong>" "<span class="muted">{sources}</span></p>
            <Rule screen target=key label=t_with("mapping.combine.of", &[("name", &name)])
                none="mapping.combine.asAll" rule order/>
            {by_priority}
        </li>
    }
}

/// The choice of a rule.
#[component]
fn Rule(
    screen: Screen,
    /// Key of the destination's item; empty for everything.
    target: String,
    label: String,
    /// Text key for no rule of its own.
    none: &'static str,
    rule: Memo<String>,
    /// The source's items by priority.
    order: Signal<Vec<String>>,
) -> impl IntoView {
    let words = move |rule: &str| match rule {
        "" => t(none),
        rule => t(&format!("rule.{rule}")),
    };
    let choices: Vec<Choice> = std::iter::once("")
        .chain(RULES)
        .map(|rule| Choice::new(rule, words(rule)))
        .collect();
    let value = RwSignal::new(rule.get_untracked());
    Effect::new(move |_| {
        let now = rule.get();
        if value.get_untracked() != now {
            value.set(now);
        }
    });
    Effect::new(move |_| {
        let chosen = value.get();
        if chosen != rule.get_untracked() {
            screen.combine(target.clone(), chosen, order.get_untracked());
        }
    });
    let shown = label.clone();
    move || {
        let label = label.clone();
        if screen.editable.get() {
            let choices = choices.clone();
            view! { <Select label=Signal::stored(label) choices=Signal::stored(choices) value dense=true/> }
                .into_any()
        } else {
            let shown = shown.clone();
            view! { <p>{shown}": "{move || words(&rule.get())}</p> }.into_any()
        }
    }
}

/// The source's items, the first in priority first; each but the first can be moved up.
#[component]
fn Priorities(screen: Screen, target: String, item: Memo<CombinedItem>) -> impl IntoView {
    let target = StoredValue::new(target);
    let lines = move || {
        let sources = item.with(|item| item.sources.clone());
        let entries = sources.iter().enumerate().map(|(place, source)| {
            let name = full_name(source);
            let up = t_with("mapping.combine.upOf", &[("name", &name)]);
            let up = (place > 0 && screen.editable.get()).then(|| {
                let press = move |()| {
                    let mut order = item.with_untracked(keys);
                    if place < order.len() {
                        order.swap(place - 1, place);
                        screen.combine(target.get_value(), "first".to_owned(), order);
                    }
                };
                view! { <Button small=true on_press=press>{t("mapping.combine.up")}<span class="visually-hidden">": "{up}</span></Button> }
            });
            view! { <li>{name}" "{up}</li> }
        });
        entries.collect_view()
    };
    view! {
        <p class="muted">{t("mapping.combine.order")}</p>
        <ol class="mapping-priorities">{lines}</ol>
    }
}

fn keys(item: &CombinedItem) -> Vec<String> {
    let sources = item.sources.iter();
    sources.map(|source| source.key.clone()).collect()
}

/// Name and detail: "Malaria cases (under 5)".
fn full_name(option: &TargetOption) -> String {
    if option.detail.is_empty() {
        option.name.clone()
    } else {
        format!("{} ({})", option.name, option.detail)
    }
}

impl Screen {
    /// Sets the rule for a data element of the destination, or for everything.
    fn combine(self, target: String, rule: String, order: Vec<String>) {
        let change = MappingChange::Combine {
            target,
            rule,
            order,
        };
        spawn_local(async move {
            if self.change(change, 1).await {
                self.said.set(t("mapping.combine.done"));
            }
        });
    }
}
