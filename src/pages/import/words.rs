//! Words for what the engine says in codes: kinds, outcomes, reasons, refusals, stages. All of
//! them are in the catalogue; a code that has no words there (a newer server's) is shown as the
//! server put it.

use crate::text::{has_text, t, t_count, t_with, whole};
use crate::widgets::TagKind;
use tributary_exchange::problem::ProblemSide;
use tributary_exchange::question::{Progress, Stage};
use tributary_exchange::questions::import::{PlanRow, RowKind, RowOutcome, RowParts};

/// What is being done, or waited for.
pub fn stage(progress: &Progress) -> String {
    if let Some(waiting) = &progress.waiting {
        let key = match waiting.side {
            ProblemSide::Source => "progress.waiting.source",
            ProblemSide::Network => "progress.waiting.network",
            _ => "progress.waiting.destination",
        };
        let number = |count: u32| whole(count.into());
        return t_with(
            key,
            &[
                ("seconds", &number(waiting.seconds)),
                ("attempt", &number(waiting.attempt)),
                ("attempts", &number(waiting.attempts)),
            ],
        );
    }
    t(match progress.stage {
        Stage::SourceMetadata => "progress.sourceMetadata",
        Stage::DestinationMetadata => "progress.destinationMetadata",
        Stage::Reading => "progress.reading",
        Stage::Sending => "progress.sending",
    })
}

/// A server's stamp taken apart: `2026-11-22`, its year, month and day, and `10:32`.
pub fn moment_parts(stamp: &str) -> Option<(&str, (i32, u32, u32), &str)> {
    let (day, time) = stamp.split_once('T')?;
    let mut numbers = day.split('-');
    let year = numbers.next()?.parse().ok()?;
    let month = numbers.next()?.parse().ok()?;
    let of_month = numbers.next()?.parse().ok()?;
    Some((day, (year, month, of_month), time.get(..5)?))
}

/// "3 of 12", as soon as it is known.
pub fn steps(progress: &Progress) -> String {
    if progress.total == 0 {
        return String::new();
    }
    let (done, total) = (whole(progress.done.into()), whole(progress.total.into()));
    t_with("import.steps.of", &[("done", &done), ("total", &total)])
}

/// A kind of rows, and the colour that goes with it.
pub fn kind(kind: RowKind) -> (TagKind, String) {
    let colour = match kind {
        RowKind::New => TagKind::Positive,
        RowKind::Changed => TagKind::Neutral,
        RowKind::Same | RowKind::Excluded => TagKind::Default,
        RowKind::EditedHere | RowKind::Cleared | RowKind::Blocked | RowKind::Unmapped => {
            TagKind::Warning
        }
    };
    (colour, t(&format!("kind.{}", kind.name())))
}

/// What became of a row once sending began, and the colour that goes with it.
pub fn outcome(row: &PlanRow) -> Option<(TagKind, String)> {
    let colour = match row.outcome? {
        RowOutcome::Written => TagKind::Positive,
        RowOutcome::Rejected => TagKind::Negative,
        RowOutcome::Unknown => TagKind::Warning,
        RowOutcome::NotSent => TagKind::Default,
    };
    Some((colour, t(&format!("outcome.{}", row.outcome_name()?))))
}

/// Why a value is not sent, and who can put it right.
pub fn reason(code: &str) -> String {
    let key = format!("reason.{code}");
    if has_text(&key) {
        t(&key)
    } else {
        code.to_owned()
    }
}

/// Why the server refused a value: in our words where we know the code, else in its own.
pub fn refusal(code: &str, message: &str) -> String {
    let key = format!("refusal.{code}");
    if !code.is_empty() && has_text(&key) {
        t(&key)
    } else if message.is_empty() {
        t("import.refusalUnexplained")
    } else {
        message.to_owned()
    }
}

/// Why a row was not written, if there is a reason.
pub fn row_reason(row: &PlanRow) -> String {
    match (row.outcome, &row.reason, &row.code) {
        (Some(RowOutcome::Rejected), _, code) => {
            let code = code.as_deref().unwrap_or_default();
            let words = refusal(code, row.message.as_deref().unwrap_or_default());
            if code.is_empty() {
                words
            } else {
                format!("{words} ({code})")
            }
        }
        (Some(RowOutcome::Written), ..) => String::new(),
        (_, Some(code), _) => reason(code),
        _ => String::new(),
    }
}

/// "Sum, 2 of 3": what a row is made of, where several source cells go into it.
pub fn parts_mark(parts: &RowParts) -> String {
    let number = |count: u32| whole(u64::from(count));
    let names: [(&str, &str); 3] = [
        ("rule", &t(&format!("rule.{}", parts.rule))),
        ("present", &number(parts.present)),
        ("expected", &number(parts.expected)),
    ];
    t_with("import.partsMark", &names)
}

/// "312 values".
pub fn values(count: u64) -> String {
    t_count("import.valueCount", count, &[])
}
