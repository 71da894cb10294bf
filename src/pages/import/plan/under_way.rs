//! Long work with its numbers: both sides being read, values being sent. The window's title
//! has the per cent, for those who look elsewhere meanwhile.

use crate::browser::document;
use crate::pages::PageTitle;
use crate::pages::import::state::{percent, to_send};
use crate::pages::import::{name_of, words, work};
use crate::text::{t, t_count, t_with, whole};
use crate::widgets::{Button, Notice, NoticeKind, ProgressBar};
use leptos::prelude::*;

#[component]
pub(super) fn Reading() -> impl IntoView {
    let progress = RwSignal::from(work::progress());
    let exchange = work::work().with_untracked(|work| work.asked.exchange.clone());
    let numbers = move || {
        progress.with(|progress| {
            let (source, here) = (
                whole(progress.source_values),
                whole(progress.present_values),
            );
            t_with(
                "import.readNumbers",
                &[("source", &source), ("here", &here)],
            )
        })
    };
    let done = Signal::derive(move || progress.with(|progress| percent(progress, 0)));
    view! {
        <div class="page page-narrow">
            <PageTitle title=t("import.readingTitle")/>
            <p class="page-lead">{name_of(&exchange)}</p>
            <Work title=t("import.readingTitle") done numbers=Signal::derive(numbers)/>
            <p>{t("import.readingSafe")}</p>
        </div>
    }
}

#[component]
pub(super) fn Sending() -> impl IntoView {
    let progress = RwSignal::from(work::progress());
    let (exchange, expected) = work::work().with_untracked(|work| {
        let expected = work
            .phase
            .plan()
            .map_or(0, |plan| to_send(plan, &work.confirmed));
        (work.asked.exchange.clone(), expected)
    });
    let numbers = move || {
        progress.with(|progress| {
            let parts = [
                t_with(
                    "import.sentNumbers",
                    &[("sent", &whole(progress.sent)), ("total", &whole(expected))],
                ),
                t_count("import.refusedNumber", progress.refused, &[]),
            ];
            parts.join(" · ")
        })
    };
    let done = Signal::derive(move || progress.with(|progress| percent(progress, expected)));
    view! {
        <div class="page page-narrow">
            <PageTitle title=t("import.sendingTitle")/>
            <p class="page-lead">{name_of(&exchange)}</p>
            <Work title=t("import.sendingTitle") done numbers=Signal::derive(numbers)/>
            <Notice kind=NoticeKind::Info title=t("import.sendingStay")>
                <p>{t("import.sendingStop")}</p>
            </Notice>
        </div>
    }
}

/// The bar, its numbers, and the button to stop.
#[component]
fn Work(title: String, done: Signal<u64>, numbers: Signal<String>) -> impl IntoView {
    let work = RwSignal::from(work::work());
    let progress = RwSignal::from(work::progress());
    let stopping = Signal::derive(move || work.with(|work| work.stopping));
    Effect::new(move |_| {
        let percent = whole(done.get());
        document::set_title(&t_with(
            "import.titlePercent",
            &[("percent", &percent), ("title", &title)],
        ));
    });
    let pausing = Signal::derive(move || work.with(|work| work.pausing));
    let paused = Memo::new(move |_| progress.with(|progress| progress.paused));
    let label = Signal::derive(move || {
        if stopping.get() {
            t("import.stopping")
        } else if paused.get() {
            t("import.paused")
        } else if pausing.get() {
            t("import.pausing")
        } else {
            progress.with(words::stage)
        }
    });
    let steps = move || progress.with(words::steps);
    view! {
        <div class="card stack" aria-busy="true">
            <ProgressBar label done total=Signal::stored(100) numbers/>
            <div class="row row-spread">
                <div class="row">
                    <Button on_press=move |()| work::pause(!pausing.get_untracked())>
                        {move || t(if pausing.get() { "import.resume" } else { "import.pause" })}
                    </Button>
                    <Button on_press=move |()| work::stop() loading=stopping>{t("import.stop")}</Button>
                </div>
                <span class="muted">{steps}</span>
            </div>
            <p class="visually-hidden" role="status">{move || paused.get().then(|| t("import.paused"))}</p>
        </div>
    }
}
