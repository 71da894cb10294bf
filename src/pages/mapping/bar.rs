//! At the bottom: storing, what is not stored yet, and where to go on.

use super::screen::Screen;
use super::state::{counts, next_part, to_do};
use crate::route::Route;
use crate::text::{t, t_count, t_with, whole};
use crate::widgets::{Button, ButtonKind, LinkButton};
use leptos::prelude::*;

/// The bar.
#[component]
pub fn BottomBar(
    /// The screen.
    screen: Screen,
) -> impl IntoView {
    let unsaved = Memo::new(move |_| screen.state.with(|state| state.unsaved));
    let standing = move || match (unsaved.get(), screen.ledger.with(|ledger| ledger.unsaved())) {
        _ if screen.saving.get() => t("mapping.saving"),
        (false, _) => t("mapping.allSaved"),
        (true, 0) => t("mapping.unsavedSome"),
        (true, changes) => t_count("mapping.unsaved", changes, &[]),
    };
    let reason = Signal::derive(move || {
        if unsaved.get() {
            String::new()
        } else {
            t("mapping.nothingToSave")
        }
    });
    let next = Memo::new(move |_| {
        screen.state.with(|state| {
            let part = next_part(&state.parts, screen.part)?;
            Some((part, to_do(&counts(&state.parts, part))))
        })
    });
    let next_link = move || {
        match next.get() {
        Some((part, left)) => {
            let href = Route::Mapping { connection: screen.connection(), part: part.name().to_owned() }.href();
            let name = t(&format!("mapping.part.{}", part.name()));
            let words = if left == 0 {
                t_with("mapping.next", &[("part", &name)])
            } else {
                t_with("mapping.nextToDo", &[("part", &name), ("n", &whole(u64::from(left)))])
            };
            view! { <LinkButton href>{words}</LinkButton> }.into_any()
        }
        None => view! { <LinkButton href=Route::ExchangeNew.href()>{t("mapping.makeExchange")}</LinkButton> }.into_any(),
    }
    };
    view! {
        <div class="bottom-bar mapping-bar">
            {move || screen.editable.get().then(|| view! {
                <Button kind=ButtonKind::Primary on_press=move |()| screen.save() loading=screen.saving disabled_reason=reason>
                    {t("mapping.save")}
                </Button>
                <span class="mapping-standing" role="status">{standing}</span>
            })}
            {next_link}
        </div>
    }
}
