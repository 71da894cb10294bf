//! A message that belongs to the page and stays as long as it is true.

use super::{Icon, IconKind};
use leptos::prelude::*;

/// How serious it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeKind {
    /// Good to know.
    Info,
    /// May lead to trouble.
    Warning,
    /// Something does not work.
    Error,
    /// All is well.
    Valid,
}

/// A notice box.
#[component]
pub fn Notice(
    /// How serious it is.
    kind: NoticeKind,
    /// The message.
    #[prop(into)]
    title: String,
    /// It came up after the page was there: screen readers say it at once.
    #[prop(optional)]
    announce: bool,
    /// More about it.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let (class, icon) = match kind {
        NoticeKind::Info => ("notice notice-info", IconKind::Info),
        NoticeKind::Warning => ("notice notice-warning", IconKind::Warning),
        NoticeKind::Error => ("notice notice-error", IconKind::Error),
        NoticeKind::Valid => ("notice notice-valid", IconKind::Valid),
    };
    view! {
        <div class=class role=announce.then_some("alert")>
            <Icon kind=icon/>
            <div class="notice-body">
                <p class="notice-title">{title}</p>
                {children.map(|children| children())}
            </div>
        </div>
    }
}
