//! A failure as a person reads it: what happened and on which side, what to do, and the
//! server's own words for an administrator.

use crate::text::{has_text, t};
use crate::widgets::{Notice, NoticeKind};
use leptos::prelude::*;
use tributary_exchange::problem::{Problem, ProblemSide};

/// Shows a problem. The texts are `problem.<kind>.title` and `problem.<kind>.advice`; a kind
/// that has none is told by its side.
#[component]
pub fn ProblemNotice(
    /// What went wrong.
    problem: Problem,
) -> impl IntoView {
    let side = match problem.side {
        ProblemSide::Source => "source",
        ProblemSide::Mapping => "mapping",
        ProblemSide::Destination => "destination",
        ProblemSide::Network => "network",
        ProblemSide::App => "app",
    };
    let by_kind = format!("problem.{}.title", problem.kind);
    let title = if has_text(&by_kind) {
        t(&by_kind)
    } else {
        t(&format!("problem.side.{side}"))
    };
    let advice = format!("problem.{}.advice", problem.kind);
    let advice = if has_text(&advice) {
        t(&advice)
    } else {
        t("problem.advice")
    };
    view! {
        <Notice kind=NoticeKind::Error title=title announce=true>
            <p>{advice}</p>
            <details>
                <summary>{t("problem.details")}</summary>
                <code>{details(&problem, side)}</code>
            </details>
        </Notice>
    }
}

fn details(problem: &Problem, side: &str) -> String {
    let mut parts = vec![format!("{side}: {}", problem.kind)];
    parts.extend(problem.status.map(|status| format!("HTTP {status}")));
    parts.extend(
        [&problem.code, &problem.path, &problem.message]
            .into_iter()
            .flatten()
            .cloned(),
    );
    parts.join(" · ")
}
