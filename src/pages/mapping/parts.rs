//! The four parts with how far each is: links, since each part has its own address.

use super::screen::Screen;
use super::state::{counts, follows_data_sets, to_do};
use crate::route::Route;
use crate::text::{t, t_count, t_with, whole};
use crate::widgets::{Tag, TagKind};
use leptos::prelude::*;
use tributary_exchange::questions::mapping::MappingPart;

/// The list of parts.
#[component]
pub fn Parts(
    /// The screen.
    screen: Screen,
) -> impl IntoView {
    let entries = MappingPart::ALL
        .into_iter()
        .map(|part| view! { <Part screen part/> });
    view! { <nav class="mapping-parts" aria-label=t("mapping.parts")><ul>{entries.collect_view()}</ul></nav> }
}

#[component]
fn Part(screen: Screen, part: MappingPart) -> impl IntoView {
    let is_here = part == screen.part;
    let href = Route::Mapping {
        connection: screen.connection(),
        part: part.name().to_owned(),
    }
    .href();
    let state = Memo::new(move |_| screen.state.with(|state| counts(&state.parts, part)));
    let waits = move || {
        let no_data_sets = screen
            .state
            .with(|state| counts(&state.parts, MappingPart::DataSets).mapped == 0);
        no_data_sets && follows_data_sets(part)
    };
    let meter = move || {
        let state = state.get();
        if waits() {
            return view! { <span class="muted">{t("mapping.waitsForDataSets")}</span> }.into_any();
        }
        let percent = |rows: u32| {
            format!(
                "{}%",
                f64::from(rows) * 100.0 / f64::from(state.total.max(1))
            )
        };
        let (mapped, excluded) = (percent(state.mapped), percent(state.excluded));
        let numbers = t_with(
            "mapping.meter",
            &[
                ("mapped", &whole(u64::from(state.mapped))),
                ("total", &whole(u64::from(state.total))),
            ],
        );
        let tag = |kind: TagKind, key: &str, rows: u32| {
            (rows > 0).then(|| view! { <Tag kind text=t_count(key, u64::from(rows), &[])/> })
        };
        view! {
            <span class="mapping-meter" aria-hidden="true">
                <span class="mapping-meter-mapped" style:width=mapped></span>
                <span class="mapping-meter-excluded" style:width=excluded></span>
            </span>
            <span class="mapping-numbers">{numbers}</span>
            <span class="mapping-tags">
                {tag(TagKind::Warning, "mapping.tag.toDo", to_do(&state))}
                {tag(TagKind::Neutral, "mapping.tag.proposed", state.proposed)}
                {tag(TagKind::Default, "mapping.tag.leftOut", state.excluded)}
            </span>
        }
        .into_any()
    };
    view! {
        <li>
            <a class="mapping-part" href=href aria-current=is_here.then_some("page")>
                <span class="mapping-part-name">{t(&format!("mapping.part.{}", part.name()))}</span>
                {meter}
            </a>
        </li>
    }
}
