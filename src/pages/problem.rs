//! A failure as a person reads it: what happened and on which side, what to do, and the
//! server's own words for an administrator.

use crate::text::{has_text, t, t_count, t_with};
use crate::widgets::{Notice, NoticeKind};
use leptos::prelude::*;
use tributary_exchange::problem::{Problem, ProblemSide};

/// Shows a problem. The texts are `problem.<kind>.title` and `problem.<kind>.advice`, with the
/// side between (`problem.<kind>.<side>.title`) where a kind means something else there. A kind
/// that has none is told by its side. `{message}` stands for the server's own words, or for the
/// name of what a problem of ours is about.
#[component]
pub fn ProblemNotice(
    /// What went wrong.
    problem: Problem,
) -> impl IntoView {
    let side = side_name(problem.side);
    let title = problem_title(&problem);
    let advice = words(&problem, "advice").unwrap_or_else(|| t("problem.advice"));
    let wait = problem
        .retry_after_seconds
        .map(|seconds| t_count("problem.retryAfter", u64::from(seconds), &[]));
    view! {
        <Notice kind=NoticeKind::Error title=title announce=true>
            <p class="notice-where">{t(&format!("problem.where.{side}"))}</p>
            <p>{advice}</p>
            {wait.map(|wait| view! { <p>{wait}</p> })}
            <details>
                <summary>{t("problem.details")}</summary>
                <code>{details(&problem, side)}</code>
            </details>
        </Notice>
    }
}

/// What happened, in one line.
pub fn problem_title(problem: &Problem) -> String {
    let side = side_name(problem.side);
    words(problem, "title").unwrap_or_else(|| t(&format!("problem.side.{side}")))
}

fn side_name(side: ProblemSide) -> &'static str {
    match side {
        ProblemSide::Source => "source",
        ProblemSide::Mapping => "mapping",
        ProblemSide::Destination => "destination",
        ProblemSide::Network => "network",
        ProblemSide::App => "app",
    }
}

/// The text of a problem's kind, that of its side before the general one.
fn words(problem: &Problem, part: &str) -> Option<String> {
    let side = side_name(problem.side);
    let kind = &problem.kind;
    let message = problem.message.as_deref().unwrap_or_default();
    [
        format!("problem.{kind}.{side}.{part}"),
        format!("problem.{kind}.{part}"),
    ]
    .iter()
    .find(|key| has_text(key))
    .map(|key| t_with(key, &[("message", message)]))
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
