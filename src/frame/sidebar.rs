//! The side navigation; on narrow screens a row above the content. A person who may only
//! import has one section and needs no navigation.

use super::FrameFacts;
use crate::route::{Route, Section};
use crate::text::t;
use crate::widgets::{Icon, IconKind};
use leptos::prelude::*;

#[component]
pub(super) fn Sidebar(route: ReadSignal<Route>, facts: Signal<FrameFacts>) -> impl IntoView {
    let configures = Memo::new(move |_| facts.get().configures);
    move || {
        configures.get().then(|| {
            let entries = [
                (Section::Import, Route::Import, IconKind::Import, t("frame.import")),
                (Section::Connections, Route::Connections, IconKind::Link, t("frame.connections")),
                (Section::Exchanges, Route::Exchanges, IconKind::Exchange, t("frame.exchanges")),
            ];
            let entries = entries.map(|(section, to, icon, label)| {
                let current = move || (route.get().section() == section).then_some("page");
                view! { <li><a href=to.href() aria-current=current><Icon kind=icon/>{label}</a></li> }
            });
            view! {
                <nav class="sidebar" aria-label=t("frame.navigation")>
                    <ul>{entries.into_iter().collect_view()}</ul>
                </nav>
            }
        })
    }
}
