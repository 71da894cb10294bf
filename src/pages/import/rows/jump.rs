//! Going to a row: by its number, or by the beginning of an org unit's name, as somebody types.

use super::tools::PAUSE;
use crate::ask::ask;
use crate::browser::document;
use crate::browser::timer::Timer;
use crate::text::{t, t_with, whole};
use leptos::prelude::*;
use leptos::task::spawn_local;
use tributary_exchange::questions::browse::FindRow;
use tributary_exchange::questions::import::PlanRows;

/// What somebody wants to go to.
#[derive(Debug, PartialEq, Eq)]
enum Goal {
    /// A row by its place, from 0.
    Row(usize),
    /// An org unit by its name.
    OrgUnit(String),
}

/// Reads what was typed; nothing for nothing. `count` is how many rows there are: a number beyond
/// the last row means the last one.
fn goal(typed: &str, count: u32) -> Option<Goal> {
    let typed = typed.trim();
    if typed.is_empty() {
        return None;
    }
    let is_separator =
        |letter: char| letter.is_whitespace() || ",.’'\u{202f}\u{a0}".contains(letter);
    let digits: String = typed
        .chars()
        .filter(|letter| !is_separator(*letter))
        .collect();
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Goal::OrgUnit(typed.to_owned()));
    }
    let number: u32 = digits.parse().unwrap_or(u32::MAX);
    let row = number.clamp(1, count.max(1)) - 1;
    usize::try_from(row).ok().map(Goal::Row)
}

/// The id of the box with the table, which is brought into sight together with the row.
pub(super) const BOX_ID: &str = "import-rows-box";

/// The box to type in, and what came of it.
#[component]
pub(super) fn Jump(
    /// The rows that are looked at.
    question: Callback<(), PlanRows>,
    /// How many there are, once it is known.
    #[prop(into)]
    found: Signal<Option<u32>>,
    /// The row that was gone to.
    marked: RwSignal<Option<usize>>,
) -> impl IntoView {
    let typed = StoredValue::new(String::new());
    let is_unknown = RwSignal::new(false);
    let turn = StoredValue::new(0_u32);
    let timer = StoredValue::new_local(None::<Timer>);
    let show = move |row: Option<usize>| {
        marked.set(row);
        if row.is_some() {
            document::reveal(BOX_ID);
        }
    };
    let go = move || {
        timer.set_value(None);
        turn.update_value(|turn| *turn = turn.wrapping_add(1));
        let mine = turn.get_value();
        is_unknown.set(false);
        let count = found.get_untracked().unwrap_or(0);
        match typed.with_value(|typed| goal(typed, count)) {
            None => show(None),
            Some(Goal::Row(row)) => show((count > 0).then_some(row)),
            Some(Goal::OrgUnit(text)) => spawn_local(async move {
                let rows = question.run(());
                let Ok(row) = ask(&FindRow { rows, text }).await else {
                    return;
                };
                // More was typed meanwhile, or the table is gone.
                if turn.try_get_value() == Some(mine) {
                    show(row.and_then(|row| usize::try_from(row).ok()));
                    is_unknown.set(row.is_none());
                }
            }),
        }
    };
    let type_in = move |text: String| {
        typed.set_value(text);
        let then = move || {
            if !timer.is_disposed() {
                go();
            }
        };
        timer.set_value(Some(Timer::after(PAUSE, then)));
    };
    let said = move || match (marked.get(), found.get()) {
        _ if is_unknown.get() => t("import.jumpUnknown"),
        (Some(row), Some(count)) => {
            let row = whole(u64::try_from(row + 1).unwrap_or(u64::MAX));
            let count = whole(u64::from(count));
            t_with("import.jumpedTo", &[("row", &row), ("count", &count)])
        }
        _ => String::new(),
    };
    view! {
        <div class="import-jump">
            <label class="field-label" for="import-jump">{t("import.jump")}</label>
            <input id="import-jump" class="input input-dense" type="text" autocomplete="off"
                on:input=move |event| type_in(event_target_value(&event))
                on:keydown=move |event| {
                    if event.key() == "Enter" {
                        event.prevent_default();
                        go();
                    }
                }/>
            <span class="muted" role="status">{said}</span>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_rows_and_words_are_org_units() {
        let check = |typed: &str, expected| assert_eq!(goal(typed, 1000), expected, "{typed}");
        check("", None);
        check("  ", None);
        check("1", Some(Goal::Row(0)));
        check(" 500 ", Some(Goal::Row(499)));
        check("1,000", Some(Goal::Row(999)));
        check("1\u{202f}000", Some(Goal::Row(999)));
        check("0", Some(Goal::Row(0)));
        check("999999999999", Some(Goal::Row(999)));
        check("Kétou", Some(Goal::OrgUnit("Kétou".to_owned())));
        check("4 Chemins", Some(Goal::OrgUnit("4 Chemins".to_owned())));
        assert_eq!(goal("7", 0), Some(Goal::Row(0)));
    }
}
