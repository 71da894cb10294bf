//! Where one is in a task of several screens. Each step is a screen with its own address.

use super::{Icon, IconKind};
use crate::text::t;
use leptos::prelude::*;

/// One step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its name.
    pub label: String,
    /// Its address, if one may go there now.
    pub href: Option<String>,
}

/// The steps, with those before the current one done.
#[component]
pub fn Stepper(
    /// What the task is.
    #[prop(into)]
    label: String,
    /// The steps in their order.
    steps: Vec<Step>,
    /// Which of them is shown, counted from 0.
    current: usize,
) -> impl IntoView {
    let steps = steps.into_iter().enumerate().map(|(index, step)| {
        let is_done = index < current;
        let is_current = index == current;
        let disc = if is_done {
            view! { <Icon kind=IconKind::Check/> }.into_any()
        } else {
            (index + 1).into_any()
        };
        let words = view! {
            <span class="step-disc" aria-hidden="true">{disc}</span>
            {is_done.then(|| view! { <span class="visually-hidden">{t("widget.stepDone")}" "</span> })}
            <span class="step-label">{step.label}</span>
        };
        let entry = match step.href {
            Some(href) if is_done => view! { <a href=href>{words}</a> }.into_any(),
            _ => view! { <span class="step-here">{words}</span> }.into_any(),
        };
        view! {
            <li class="step" class:step-done=is_done class:step-current=is_current
                aria-current=is_current.then_some("step")>{entry}</li>
        }
    });
    view! { <nav class="stepper" aria-label=label><ol>{steps.collect_view()}</ol></nav> }
}
