//! What is doubtful in the mapping, a line for each kind, with a way to the rows.

use super::held;
use super::screen::Screen;
use super::state::{FindingGroup, grouped};
use super::walk::PART_HEADING;
use crate::browser::document;
use crate::route::Route;
use crate::text::{has_text, t, t_count, t_with};
use crate::widgets::{Notice, NoticeKind};
use leptos::prelude::*;
use tributary_exchange::questions::mapping::MappingFilter;

/// The notice; there while there are findings.
#[component]
pub fn Findings(
    /// The screen.
    screen: Screen,
) -> impl IntoView {
    let groups = Memo::new(move |_| screen.state.with(|state| grouped(&state.findings)));
    move || {
        let groups = groups.get();
        (!groups.is_empty()).then(|| {
            let count = groups.iter().map(|group| group.count).sum();
            let lines = groups
                .into_iter()
                .map(|group| view! { <Line screen group/> })
                .collect_view();
            view! {
                <Notice kind=NoticeKind::Warning title=t_count("mapping.findings", count, &[])>
                    <ul class="mapping-findings">{lines}</ul>
                </Notice>
            }
        })
    }
}

#[component]
fn Line(screen: Screen, group: FindingGroup) -> impl IntoView {
    let key = format!("mapping.finding.{}", group.kind);
    let key = if has_text(&key) {
        key
    } else {
        "mapping.finding.other".to_owned()
    };
    let part_name = t(&format!("mapping.part.{}", group.part.name()));
    let words = t_count(&key, group.count, &[("part", &part_name)]);
    let href = Route::Mapping {
        connection: screen.connection(),
        part: group.part.name().to_owned(),
    }
    .href();
    let is_here = group.part == screen.part;
    let (part, rows) = (group.part, group.rows.clone());
    let show = move |event: leptos::ev::MouseEvent| {
        if is_here {
            event.prevent_default();
            screen.filter.set(MappingFilter::All);
            screen.only.set(rows.clone());
            document::focus(PART_HEADING);
        } else {
            held::leave_rows(part, rows.clone());
        }
    };
    view! {
        <li>
            <span>{words}" "</span>
            <span class="muted">{examples(&group)}" "</span>
            <a href=href on:click=show>{t("mapping.findingShow")}<span class="visually-hidden">": "{part_name}</span></a>
        </li>
    }
}

/// The first findings by name: "For example: A, B → C".
fn examples(group: &FindingGroup) -> String {
    let pairs: Vec<String> = group
        .examples
        .iter()
        .map(|(sources, target)| format!("{} → {target}", sources.join(", ")))
        .collect();
    if pairs.is_empty() {
        String::new()
    } else {
        t_with("mapping.findingExamples", &[("names", &pairs.join("; "))])
    }
}
