//! What happened after something was done, at the bottom of the window: "45 values written".
//! Good news goes away by itself; warnings and worse stay until they are closed.

use super::{Icon, IconKind};
use crate::text::t;
use leptos::prelude::*;
use std::time::Duration;

/// How long good news stays.
const SHOWN: Duration = Duration::from_secs(8);

/// How serious it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlertKind {
    /// It happened.
    Info,
    /// It worked.
    Success,
    /// It worked in part.
    Warning,
    /// It did not work.
    Critical,
}

/// A message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alert {
    /// How serious it is.
    pub kind: AlertKind,
    /// What happened, with its number.
    pub text: String,
}

/// Shows the alert, if there is one.
#[component]
pub fn AlertBar(
    /// The present message, both ways: it is taken away from here.
    alert: RwSignal<Option<Alert>>,
) -> impl IntoView {
    Effect::new(move |_| {
        let Some(shown) = alert.get() else { return };
        if matches!(shown.kind, AlertKind::Info | AlertKind::Success) {
            set_timeout(
                move || {
                    // The screen, and the message with it, may be gone by then.
                    if alert.try_get_untracked().flatten().as_ref() == Some(&shown) {
                        alert.set(None);
                    }
                },
                SHOWN,
            );
        }
    });
    // Both live regions are always there: a reader says only what changes in one that it knows.
    let shown =
        move |urgent: bool| {
            alert.get().filter(|alert| (alert.kind == AlertKind::Critical) == urgent).map(|shown| {
            let class = match shown.kind {
                AlertKind::Info => "alert",
                AlertKind::Success => "alert alert-success",
                AlertKind::Warning => "alert alert-warning",
                AlertKind::Critical => "alert alert-critical",
            };
            view! {
                <div class=class>
                    <span>{shown.text}</span>
                    <button type="button" class="alert-close" aria-label=t("widget.close")
                        on:click=move |_| alert.set(None)><Icon kind=IconKind::Cross/></button>
                </div>
            }
        })
        };
    view! {
        <div class="alerts">
            <div role="status">{move || shown(false)}</div>
            <div role="alert">{move || shown(true)}</div>
        </div>
    }
}
