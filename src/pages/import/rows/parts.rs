//! What a value is made of, where several source cells go into it: which were added or chosen,
//! and which are missing.

use crate::pages::import::words;
use crate::text::{self, t};
use crate::widgets::{Button, Dialog, Tag, TagKind};
use leptos::prelude::*;
use tributary_exchange::questions::import::{PlanRow, RowPart};

/// The dialog; open while there is a row in it.
#[component]
pub(super) fn PartsDialog(
    /// The row, both ways.
    opened: RwSignal<Option<PlanRow>>,
) -> impl IntoView {
    let is_open = Signal::derive(move || opened.with(Option::is_some));
    let close = move |()| opened.set(None);
    let actions = move || view! { <Button on_press=close>{t("import.partsClose")}</Button> };
    view! {
        <Dialog open=is_open on_close=close title=t("import.partsTitle") actions=actions>
            {move || opened.get().map(|row| view! { <Made row/> })}
        </Dialog>
    }
}

#[component]
fn Made(row: PlanRow) -> impl IntoView {
    let parts = row.parts.unwrap_or_default();
    let place: Vec<&str> = [
        &row.org_unit,
        &row.data_element,
        &row.category_option_combo,
        &row.attribute_option_combo,
    ]
    .into_iter()
    .filter(|name| !name.is_empty())
    .map(String::as_str)
    .collect();
    let place = place.join(" · ");
    let made = format!("{}: {}", words::parts_mark(&parts), text::value(&row.value));
    let lines = parts.parts.iter().map(line).collect_view();
    view! {
        <p>{place}</p>
        <p><strong>{made}</strong></p>
        <table class="table">
            <thead><tr>
                <th scope="col">{t("import.partsItem")}</th>
                <th scope="col" class="number">{t("import.partsValue")}</th>
                <th scope="col">{t("import.columnWhat")}</th>
            </tr></thead>
            <tbody>{lines}</tbody>
        </table>
    }
}

fn line(part: &RowPart) -> AnyView {
    let names: Vec<&str> = [
        &part.data_element,
        &part.category_option_combo,
        &part.attribute_option_combo,
        &part.org_unit,
    ]
    .into_iter()
    .filter(|name| !name.is_empty())
    .map(String::as_str)
    .collect();
    let (kind, state) = match (&part.value, part.taken) {
        (None, _) => (TagKind::Warning, "import.partsMissing"),
        (Some(_), true) => (TagKind::Positive, "import.partsTaken"),
        (Some(_), false) => (TagKind::Default, "import.partsNotTaken"),
    };
    let value = part
        .value
        .as_ref()
        .map_or_else(|| String::from("–"), |value| text::value(value));
    view! {
        <tr>
            <th scope="row">{names.join(" · ")}</th>
            <td class="number">{value}</td>
            <td><Tag kind text=t(state)/></td>
        </tr>
    }
    .into_any()
}
