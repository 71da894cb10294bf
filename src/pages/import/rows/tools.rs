//! What chooses and orders the rows: a box to search in, lists of the plan's org units and data
//! elements, and, where the heads of the table are out of sight, a list of orders.

use crate::ask::ask;
use crate::browser::timer::Timer;
use crate::pages::import::filter::{Look, ORDERS};
use crate::text::{t, t_count};
use crate::widgets::{Button, Choice, OptionSource, Options, PickList, PickOption, Select};
use leptos::prelude::*;
use tributary_exchange::questions::browse::{PlanPart, PlanParts, RowPart};

/// So long nothing must be typed before it is searched, in milliseconds.
pub(super) const PAUSE: u32 = 250;

/// The tools.
#[component]
pub(super) fn Tools(
    /// What is chosen, both ways.
    look: RwSignal<Look>,
    /// How many rows there are, once it is known.
    #[prop(into)]
    found: Signal<Option<u32>>,
) -> impl IntoView {
    let typed = RwSignal::new(String::new());
    let order = RwSignal::new(look.with_untracked(|look| look.order.clone()));
    let org_unit = RwSignal::new(None::<PickOption>);
    let data_element = RwSignal::new(None::<PickOption>);
    let timer = StoredValue::new_local(None::<Timer>);
    let type_in = move |text: String| {
        typed.set(text.clone());
        let then = move || {
            look.try_update(|look| look.search = text);
        };
        timer.set_value(Some(Timer::after(PAUSE, then)));
    };
    // List and heads of the table say the same.
    Effect::new(move |_| {
        let chosen = order.get();
        if look.with_untracked(|look| look.order != chosen) {
            look.update(|look| look.order = chosen);
        }
    });
    Effect::new(move |_| {
        let chosen = look.with(|look| look.order.clone());
        if order.with_untracked(|order| *order != chosen) {
            order.set(chosen);
        }
    });
    Effect::new(move |_| {
        let value = |chosen: RwSignal<Option<PickOption>>| {
            chosen.with(|chosen| chosen.as_ref().map(|option| option.value.clone()))
        };
        let (unit, element) = (
            value(org_unit).unwrap_or_default(),
            value(data_element).unwrap_or_default(),
        );
        let is_other =
            look.with_untracked(|look| look.org_unit != unit || look.data_element != element);
        if is_other {
            look.update(|look| {
                look.org_unit = unit;
                look.data_element = element;
            });
        }
    });
    let is_chosen = Memo::new(move |_| {
        !typed.with(String::is_empty)
            || org_unit.with(Option::is_some)
            || data_element.with(Option::is_some)
    });
    let clear = move |()| {
        timer.set_value(None);
        typed.set(String::new());
        look.update(|look| look.search.clear());
        org_unit.set(None);
        data_element.set(None);
    };
    let orders = ORDERS
        .map(|order| Choice::new(order.0, t(order.3)))
        .to_vec();
    let number_found = move || {
        found
            .get()
            .map(|count| t_count("import.rowsFound", u64::from(count), &[]))
    };
    view! {
        <div class="import-tools">
            <div class="field">
                <label class="field-label" for="import-search">{t("import.search")}</label>
                <input id="import-search" class="input input-dense" type="search" autocomplete="off"
                    prop:value=typed
                    on:input=move |event| type_in(event_target_value(&event))/>
            </div>
            <PickList dense=true label=Signal::stored(t("import.filterOrgUnit")) source=Signal::stored(parts(RowPart::OrgUnit))
                chosen=org_unit on_choose=Callback::new(move |to| org_unit.set(to))/>
            <PickList dense=true label=Signal::stored(t("import.filterDataElement")) source=Signal::stored(parts(RowPart::DataElement))
                chosen=data_element on_choose=Callback::new(move |to| data_element.set(to))/>
            <div class="import-order">
                <Select label=Signal::stored(t("import.sort")) choices=Signal::stored(orders) value=order dense=true/>
            </div>
            <div class="import-found">
                <span class="muted" role="status">{number_found}</span>
                {move || is_chosen.get().then(|| view! {
                    <Button small=true on_press=clear>{t("import.clearFilters")}</Button>
                })}
            </div>
        </div>
    }
}

/// The org units or data elements of the plan, asked for as somebody types.
fn parts(part: RowPart) -> OptionSource {
    OptionSource::new(move |search, limit| async move {
        let question = PlanParts {
            part,
            search,
            limit: u32::try_from(limit).unwrap_or(u32::MAX),
        };
        let found = ask(&question).await.ok()?;
        let option = |part: PlanPart| PickOption {
            value: part.id,
            label: part.name,
            detail: t_count("import.rowsFound", u64::from(part.rows), &[]),
        };
        Some(Options {
            total: usize::try_from(found.total).unwrap_or(usize::MAX),
            options: found.parts.into_iter().map(option).collect(),
        })
    })
}
