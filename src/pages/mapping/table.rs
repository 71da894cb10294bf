//! The rows of a part: what there is at the source, what is chosen for it, and the choices
//! that need no list.

use super::screen::Screen;
use super::walk::row_id;
use crate::ask::ask;
use crate::text::{has_text, t, t_with};
use crate::widgets::{Button, Cell, Column, Row, RowSource, Rows, Tag, TagKind, VirtualTable};
use leptos::prelude::*;
use tributary_exchange::questions::mapping::{
    MappingChange, MappingFilter, MappingPart, MappingRow, Proposal, RowChoice, TargetOption,
};

/// The table of a part.
#[component]
pub fn RowTable(
    /// The screen.
    screen: Screen,
) -> impl IntoView {
    let source = Signal::derive(move || {
        screen.filter.track();
        screen.search.track();
        screen.only.track();
        RowSource::new(move |range| async move {
            let version = screen.version.try_get_untracked()?;
            let limit = u32::try_from(range.len()).unwrap_or(u32::MAX);
            match ask(&screen.rows(range.start, limit)).await {
                Ok(window) => {
                    let is_editable = screen.state.try_with_untracked(|state| state.editable)?;
                    let rows = window.rows.into_iter().enumerate();
                    let rows = rows.map(|(place, row)| {
                        drawn(screen, range.start + place, row, version, is_editable)
                    });
                    Some(Rows {
                        total: window.total as usize,
                        rows: rows.collect(),
                    })
                }
                Err(problem) => {
                    screen.fail(problem);
                    None
                }
            }
        })
    });
    let empty = Signal::derive(move || {
        let is_searched = !screen.search.get().is_empty() || !screen.only.get().is_empty();
        let key = match screen.filter.get() {
            _ if is_searched => "mapping.empty.search",
            MappingFilter::All => "mapping.empty.all",
            MappingFilter::Open => "mapping.empty.toDo",
            MappingFilter::Proposed => "mapping.empty.proposed",
            MappingFilter::Mapped => "mapping.empty.mapped",
            MappingFilter::Excluded => "mapping.empty.leftOut",
        };
        t(key)
    });
    let is_editable = screen.state.with_untracked(|state| state.editable);
    let mut columns = vec![
        Column::text(
            t("mapping.column.source"),
            if is_editable { "36%" } else { "50%" },
        ),
        Column::text(t("mapping.column.destination"), ""),
    ];
    if is_editable {
        columns.push(Column::text(t("mapping.column.actions"), "250px"));
    }
    view! {
        <VirtualTable caption=t(&format!("mapping.caption.{}", screen.part.name())) columns source empty
            version=screen.version reveal=screen.reveal/>
    }
}

fn drawn(screen: Screen, index: usize, row: MappingRow, version: u32, is_editable: bool) -> Row {
    let (named, chosen) = (row.clone(), row.clone());
    let mut cells = vec![
        Cell::View(ViewFn::from(move || source_cell(screen, &named))),
        Cell::View(ViewFn::from(move || choice_cell(screen.part, &chosen))),
    ];
    if is_editable {
        cells.push(Cell::View(ViewFn::from(move || {
            action_cell(screen, index, &row, version)
        })));
    }
    Row { cells }
}

fn source_cell(screen: Screen, row: &MappingRow) -> AnyView {
    let own = row.key.clone();
    let is_edited = move || {
        screen.editing.with(|editing| {
            editing
                .as_ref()
                .is_some_and(|editing| editing.row.key == own)
        })
    };
    let note = note(screen.part, &row.detail, &row.code);
    let full = format!("{} {note}", row.name);
    view! {
        <span class="mapping-name" class:mapping-edited=is_edited title=full>
            {row.name.clone()}" "<span class="muted">{note}</span>
        </span>
    }
    .into_any()
}

fn choice_cell(part: MappingPart, row: &MappingRow) -> AnyView {
    match (&row.choice, &row.proposal) {
        (RowChoice::To(target), _) => {
            view! { <Tag kind=TagKind::Positive text=t("mapping.is.mapped")/>" "{target_view(part, target)} }.into_any()
        }
        (RowChoice::Excluded, _) => view! { <Tag text=t("mapping.is.leftOut")/> }.into_any(),
        (RowChoice::Open, Some(proposal)) => {
            view! { <Tag kind=TagKind::Neutral text=evidence(proposal)/>" "{target_view(part, &proposal.target)} }.into_any()
        }
        (RowChoice::Open, None) => view! { <Tag kind=TagKind::Warning text=t("mapping.is.open")/> }.into_any(),
    }
}

/// A target's name with what tells it from others.
pub fn target_view(part: MappingPart, target: &TargetOption) -> AnyView {
    let note = note(part, &target.detail, &target.code);
    let full = format!("{} {note}", target.name);
    view! { <span title=full>{target.name.clone()}" "<span class="muted">{note}</span></span> }
        .into_any()
}

/// Why something is proposed, as a tag says it: "Proposed: same code".
pub fn evidence(proposal: &Proposal) -> String {
    let key = format!("mapping.evidence.{}", proposal.evidence);
    if has_text(&key) {
        t_with("mapping.is.proposedFor", &[("evidence", &t(&key))])
    } else {
        t("mapping.is.proposed")
    }
}

/// Detail and code in one line. The detail of a data set is its period type, by DHIS2's name.
pub fn note(part: MappingPart, detail: &str, code: &str) -> String {
    let period_type = format!("periodType.{detail}");
    let detail = if part == MappingPart::DataSets && has_text(&period_type) {
        t(&period_type)
    } else {
        detail.to_owned()
    };
    match (detail.is_empty(), code.is_empty()) {
        (false, false) => format!("{detail} · {code}"),
        (false, true) => detail,
        (true, _) => code.to_owned(),
    }
}

fn action_cell(screen: Screen, index: usize, row: &MappingRow, version: u32) -> AnyView {
    let mut first = Some(row_id(version, index));
    let mut button = |key: &'static str, press: Callback<()>| {
        let name = row.name.clone();
        let words = move || view! { {t(key)}<span class="visually-hidden">" "{name}</span> };
        match first.take() {
            Some(id) => {
                view! { <Button small=true id=id on_press=press>{words()}</Button> }.into_any()
            }
            None => view! { <Button small=true on_press=press>{words()}</Button> }.into_any(),
        }
    };
    let edited = row.clone();
    let edit = Callback::new(move |()| screen.edit(index, edited.clone()));
    let accept = accepting(screen, index, row).map(|accept| button("mapping.accept", accept));
    let choose = button(
        if row.choice == RowChoice::Open {
            "mapping.choose"
        } else {
            "mapping.change"
        },
        edit,
    );
    let exclude = (row.choice != RowChoice::Excluded)
        .then(|| button("mapping.leaveOut", excluding(screen, index, row)));
    let clear = (row.choice != RowChoice::Open)
        .then(|| button("mapping.clear", clearing(screen, index, row)));
    view! { <div class="mapping-actions">{accept}{choose}{exclude}{clear}</div> }.into_any()
}

/// Takes a row's proposal, if there is one.
pub fn accepting(screen: Screen, index: usize, row: &MappingRow) -> Option<Callback<()>> {
    let target = row.proposal.clone()?.target;
    let row = row.clone();
    Some(Callback::new(move |()| {
        screen.decide(
            index,
            row.clone(),
            to(&row, &target.key),
            mapped(&row, &target.name),
        );
    }))
}

/// Leaves a row out on purpose.
pub fn excluding(screen: Screen, index: usize, row: &MappingRow) -> Callback<()> {
    let row = row.clone();
    Callback::new(move |()| {
        let change = MappingChange::Exclude {
            row: row.key.clone(),
        };
        screen.decide(
            index,
            row.clone(),
            change,
            t_with("mapping.said.leftOut", &[("name", &row.name)]),
        );
    })
}

/// Takes the choice of a row back.
pub fn clearing(screen: Screen, index: usize, row: &MappingRow) -> Callback<()> {
    let row = row.clone();
    Callback::new(move |()| {
        let change = MappingChange::Clear {
            row: row.key.clone(),
        };
        screen.decide(
            index,
            row.clone(),
            change,
            t_with("mapping.said.cleared", &[("name", &row.name)]),
        );
    })
}

/// The change that maps a row.
pub fn to(row: &MappingRow, target: &str) -> MappingChange {
    MappingChange::To {
        row: row.key.clone(),
        target: target.to_owned(),
    }
}

/// What is said when a row was mapped.
pub fn mapped(row: &MappingRow, target: &str) -> String {
    t_with(
        "mapping.said.mapped",
        &[("name", &row.name), ("target", target)],
    )
}
