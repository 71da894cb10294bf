//! Windows of the plan's rows, with names. The rows that a filter selects are worked out
//! once and kept, so that scrolling only looks them up. [`parts`] tells what went into a row.

mod parts;

use indexmap::IndexMap;
use tributary_engine::outcome::Outcome;
use tributary_engine::plan::{Entry, EntryKind, KeptBecause, Kind, KindSet};
use tributary_engine::symbol::Symbol;
use tributary_engine::view::{Part, PlanView, Sort, SortColumn, ViewQuery};

use super::run::{HeldBack, Run};
use crate::problem::{Problem, ProblemSide};
use crate::questions::browse::{FindRow, PlanPart, PlanParts, PlanPartsFound, RowPart};
use crate::questions::import::{PlanRow, PlanRows, PlanWindow, RowKind, RowOutcome, RowSort};
use crate::service::Service;

/// The rows that the screen looks at.
#[derive(Debug)]
pub(super) struct View {
    /// The question that the rows answer, without its window; none where they may be out
    /// of date at once.
    question: Option<PlanRows>,
    /// Names folded and ranked once for the plan; filters only look them up.
    plan: PlanView,
    /// Indexes in the plan.
    rows: Vec<u32>,
}

/// Answers [`PlanRows`].
pub(in crate::service) async fn rows<T>(
    service: &Service<T>,
    question: PlanRows,
) -> Result<PlanWindow, Problem> {
    let (first, count) = (question.offset as usize, question.limit as usize);
    looking(service, question, |run, view| PlanWindow {
        total: u32::try_from(view.rows.len()).unwrap_or(u32::MAX),
        rows: view
            .rows
            .iter()
            .skip(first)
            .take(count)
            .filter_map(|&index| Some(plan_row(run, index, &run.plan.get(index)?)))
            .collect(),
    })
}

/// Answers [`FindRow`].
pub(in crate::service) async fn find<T>(
    service: &Service<T>,
    question: FindRow,
) -> Result<Option<u32>, Problem> {
    looking(service, question.rows, |run, view| {
        let found = view
            .plan
            .find_org_unit(&run.plan, &view.rows, &question.text);
        found.and_then(|place| u32::try_from(place).ok())
    })
}

/// Answers [`PlanParts`].
pub(in crate::service) async fn parts<T>(
    service: &Service<T>,
    question: PlanParts,
) -> Result<PlanPartsFound, Problem> {
    let mut slot = service.run.borrow_mut();
    let run = slot.as_mut().ok_or_else(no_plan)?;
    let part = match question.part {
        RowPart::OrgUnit => Part::OrgUnit,
        RowPart::DataElement => Part::DataElement,
    };
    let view = run.view.take().unwrap_or_else(|| View {
        question: None,
        plan: named(run),
        rows: Vec::new(),
    });
    let mut found: IndexMap<Symbol, u32> = IndexMap::new();
    for part in view.plan.parts(&run.plan, part, &question.search) {
        *found.entry(run.names.here(part.symbol)).or_default() += part.entries;
    }
    run.view = Some(view);
    let part = |(symbol, rows): (&Symbol, &u32)| PlanPart {
        id: run.symbols.text(*symbol).to_owned(),
        name: run.names.name(&run.symbols, *symbol).to_owned(),
        rows: *rows,
    };
    Ok(PlanPartsFound {
        total: u32::try_from(found.len()).unwrap_or(u32::MAX),
        parts: found
            .iter()
            .take(question.limit as usize)
            .map(part)
            .collect(),
    })
}

fn no_plan() -> Problem {
    Problem::of(ProblemSide::App, "noPlan")
}

/// Looks at the rows that a question asks for, its window left aside: those that were worked
/// out for the last question, if it was the same.
fn looking<T, A>(
    service: &Service<T>,
    question: PlanRows,
    look: impl FnOnce(&Run, &View) -> A,
) -> Result<A, Problem> {
    let mut slot = service.run.borrow_mut();
    let run = slot.as_mut().ok_or_else(no_plan)?;
    let wanted = PlanRows {
        offset: 0,
        limit: 0,
        ..question
    };
    // Outcomes change while values are sent: rows chosen by them are not kept then.
    let changing = service.busy.get() && !(wanted.outcomes.is_empty() && wanted.code.is_empty());
    let view = match run.view.take() {
        Some(view) if view.question.as_ref() == Some(&wanted) && !changing => view,
        earlier => {
            let (plan, rows) = select(run, &wanted, earlier.map(|view| view.plan));
            View {
                question: (!changing).then_some(wanted),
                plan,
                rows,
            }
        }
    };
    let answer = look(run, &view);
    run.view = Some(view);
    Ok(answer)
}

/// A view of the plan with its names folded and ranked.
fn named(run: &Run) -> PlanView {
    PlanView::new(&run.plan, &run.symbols, |symbol| {
        // People search by name; administrators by uid, too.
        format!(
            "{} {}",
            run.names.name(&run.symbols, symbol),
            run.symbols.text(symbol)
        )
    })
}

/// Filters, searches and sorts.
fn select(run: &Run, question: &PlanRows, earlier: Option<PlanView>) -> (PlanView, Vec<u32>) {
    let mut view = earlier.unwrap_or_else(|| named(run));
    view.apply(&run.plan, &query(run, question));
    if question.outcomes.is_empty() && question.code.is_empty() {
        let rows = view.take_rows();
        return (view, rows);
    }
    let shown = |index: &u32| {
        let outcome = run.outcome(*index);
        let fits = question.outcomes.is_empty()
            || outcome
                .is_some_and(|(outcome, _)| question.outcomes.contains(&row_outcome(outcome)));
        fits && (question.code.is_empty()
            || outcome.is_some_and(|(_, code)| code == question.code)
            || run
                .plan
                .get(*index)
                .and_then(|entry| why_not(run, *index, entry.kind))
                .is_some_and(|reason| reason == question.code))
    };
    let mut rows = view.take_rows();
    rows.retain(shown);
    (view, rows)
}

/// What the engine is asked for.
fn query(run: &Run, question: &PlanRows) -> ViewQuery {
    let kinds = if question.kinds.is_empty() {
        KindSet::ALL
    } else {
        question
            .kinds
            .iter()
            .map(|kind| engine_kind(*kind))
            .collect()
    };
    let by = match question.sort {
        RowSort::AsRead => None,
        RowSort::OrgUnit => Some(SortColumn::OrgUnit),
        RowSort::DataElement => Some(SortColumn::DataElement),
        RowSort::Period => Some(SortColumn::Period),
        RowSort::Present => Some(SortColumn::PresentValue),
        RowSort::Source => Some(SortColumn::SourceValue),
        RowSort::Kind => Some(SortColumn::Kind),
    };
    // A uid that the plan does not know has no rows, rather than all.
    let known = |uid: &str| run.symbols.get(uid);
    ViewQuery {
        kinds,
        org_units: (!question.org_unit.is_empty()).then(|| {
            let chosen = known(&question.org_unit).into_iter();
            chosen.flat_map(|unit| run.names.all_of(unit)).collect()
        }),
        data_elements: (!question.data_element.is_empty())
            .then(|| known(&question.data_element).into_iter().collect()),
        text: question.search.clone(),
        sort: by.map(|by| Sort {
            by,
            descending: question.descending,
        }),
    }
}

fn engine_kind(kind: RowKind) -> Kind {
    match kind {
        RowKind::New => Kind::New,
        RowKind::Changed => Kind::Changed,
        RowKind::EditedHere => Kind::EditedHere,
        RowKind::Cleared => Kind::Cleared,
        RowKind::Same => Kind::Same,
        RowKind::Blocked => Kind::Blocked,
        RowKind::Unmapped => Kind::Unmapped,
        RowKind::Excluded => Kind::Excluded,
    }
}

fn row_kind(kind: Kind) -> RowKind {
    match kind {
        Kind::New => RowKind::New,
        Kind::Changed => RowKind::Changed,
        Kind::EditedHere => RowKind::EditedHere,
        Kind::Cleared => RowKind::Cleared,
        Kind::Same => RowKind::Same,
        Kind::Blocked => RowKind::Blocked,
        Kind::Unmapped => RowKind::Unmapped,
        Kind::Excluded => RowKind::Excluded,
    }
}

fn row_outcome(outcome: Outcome) -> RowOutcome {
    match outcome {
        Outcome::NotSent => RowOutcome::NotSent,
        Outcome::Written => RowOutcome::Written,
        Outcome::Rejected(_) => RowOutcome::Rejected,
        Outcome::Unknown => RowOutcome::Unknown,
    }
}

/// Why a row is not sent: the reason's code, if there is one.
fn why_not(run: &Run, index: u32, kind: EntryKind) -> Option<&'static str> {
    match kind {
        EntryKind::Blocked(reason) => Some(reason.code()),
        EntryKind::Unmapped(part) => Some(part.code()),
        EntryKind::Cleared(Some(kept)) => Some(kept.code()),
        _ => run.held_back.get(&index).map(|held_back| match held_back {
            HeldBack::ChangedSince => "changedSince",
        }),
    }
}

/// DHIS2's codes for the reason why a value is blocked: what an administrator can look up.
fn codes_of_reason(kind: EntryKind) -> Option<String> {
    match kind {
        EntryKind::Blocked(reason) | EntryKind::Cleared(Some(KeptBecause::Blocked(reason)))
            if !reason.server_codes().is_empty() =>
        {
            Some(reason.server_codes().join(" "))
        }
        _ => None,
    }
}

/// One entry with its names and what became of it.
pub(super) fn plan_row(run: &Run, index: u32, entry: &Entry<'_>) -> PlanRow {
    let name = |symbol| run.names.name(&run.symbols, symbol).to_owned();
    let outcome = run.outcome(index);
    let code = outcome
        .map(|(_, code)| code)
        .filter(|code| !code.is_empty());
    PlanRow {
        kind: row_kind(entry.kind.kind()),
        org_unit: name(entry.cell.org_unit),
        period: run.symbols.text(entry.cell.period).to_owned(),
        data_element: name(entry.cell.data_element),
        category_option_combo: name(entry.cell.category_option_combo),
        attribute_option_combo: name(entry.cell.attribute_option_combo),
        present: entry.present_value.map(str::to_owned),
        stored_by: run.symbols.text(entry.stored_by).to_owned(),
        last_updated: entry.last_updated.to_text(),
        value: entry.source_value.to_owned(),
        stored_as: (entry.value_to_send != entry.source_value)
            .then(|| entry.value_to_send.to_owned()),
        reason: why_not(run, index, entry.kind).map(str::to_owned),
        parts: run
            .plan
            .parts(index)
            .map(|found| parts::row_parts(run, found)),
        outcome: outcome.map(|(outcome, _)| row_outcome(outcome)),
        message: code.and_then(|code| run.messages.get(code).cloned()),
        code: code.map_or_else(|| codes_of_reason(entry.kind), |code| Some(code.to_owned())),
    }
}
