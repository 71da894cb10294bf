//! What the plan comes to, kind by kind: boxes with a number that show or hide their rows,
//! and below them a bar with their shares.

use crate::pages::import::filter::{Filter, count_of};
use crate::text::{t, whole};
use leptos::prelude::*;
use tributary_exchange::questions::import::{KindCounts, RowKind};

/// The boxes and the bar.
#[component]
pub(super) fn KindBoxes(
    /// How many there are.
    counts: KindCounts,
    /// What is looked at, both ways.
    filter: RwSignal<Filter>,
) -> impl IntoView {
    // Deletions are rare: they have a box only where there are some.
    let shown = RowKind::ALL
        .into_iter()
        .filter(|kind| *kind != RowKind::Cleared || counts.cleared > 0);
    let boxes = shown.map(|kind| {
        let count = count_of(&counts, kind);
        let name = t(&format!("kind.{}", kind.name()));
        let class = format!("import-box import-kind-{}", kind.name());
        let inside = view! {
            <span class="import-box-number">{whole(count)}</span>
            <span class="import-box-name">{name}</span>
        };
        if count == 0 {
            return view! { <li><div class=format!("{class} import-box-empty")>{inside}</div></li> }.into_any();
        }
        let is_pressed = move || filter.with(|filter| filter.kinds.contains(&kind));
        view! {
            <li>
                <button type="button" class=class aria-pressed=move || is_pressed().to_string()
                    on:click=move |_| filter.update(|filter| filter.toggle(kind))>{inside}</button>
            </li>
        }
        .into_any()
    });
    // They are none of the values that were read.
    let of_source = RowKind::ALL
        .into_iter()
        .filter(|kind| *kind != RowKind::Cleared);
    let shares = of_source.filter_map(|kind| {
        let width = share(count_of(&counts, kind), counts.pulled)?;
        Some(view! { <div class=format!("import-share import-kind-{}", kind.name()) style:width=width></div> })
    });
    view! {
        <div role="group" aria-label=t("import.kindsLabel") class="stack">
            <ul class="import-boxes">{boxes.collect_view()}</ul>
            <div class="import-shares" aria-hidden="true">{shares.collect_view()}</div>
            <p class="muted">{t("import.kindsHelp")}</p>
        </div>
    }
}

/// A part of the whole as a width; nothing for no part.
pub(in crate::pages::import) fn share(part: u64, of: u64) -> Option<String> {
    #[expect(clippy::cast_precision_loss, reason = "counts are small")]
    let per_cent = part as f64 * 100.0 / of.max(1) as f64;
    (part > 0).then(|| format!("{per_cent:.3}%"))
}

#[cfg(test)]
mod tests {
    use super::share;

    #[test]
    fn shares_are_parts_of_the_whole() {
        assert_eq!(share(1, 4).as_deref(), Some("25.000%"));
        assert_eq!(share(0, 4), None);
        assert_eq!(share(0, 0), None);
    }
}
