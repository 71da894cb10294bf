//! Waiting: a circle while nobody knows how long, a bar with numbers as soon as somebody does.

use leptos::prelude::*;

/// How large the circle is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LoaderSize {
    /// Within a line.
    Small,
    /// For a part of the screen.
    #[default]
    Large,
}

/// A turning circle with words.
#[component]
pub fn Loader(
    /// What is waited for.
    #[prop(into)]
    label: String,
    /// How large.
    #[prop(optional)]
    size: LoaderSize,
) -> impl IntoView {
    let class = match size {
        LoaderSize::Small => "loader loader-small",
        LoaderSize::Large => "loader loader-large",
    };
    view! { <div class="loading" role="status"><span class=class aria-hidden="true"></span><span>{label}</span></div> }
}

/// A bar that fills up. Without a total it only says that work goes on.
#[component]
pub fn ProgressBar(
    /// What is being done.
    #[prop(into)]
    label: Signal<String>,
    /// How much is done.
    #[prop(into)]
    done: Signal<u64>,
    /// How much there is to do; 0 while that is not known.
    #[prop(into)]
    total: Signal<u64>,
    /// The numbers in words: "312 of 1,240 rows".
    #[prop(into)]
    numbers: Signal<String>,
) -> impl IntoView {
    let percent = move || match total.get() {
        0 => None,
        total => Some(done.get().min(total) * 100 / total),
    };
    view! {
        <div class="progress">
            <div class="progress-bar" role="progressbar" aria-valuemin="0" aria-valuemax="100"
                aria-label=move || label.get()
                aria-valuenow=move || percent().map(|percent| percent.to_string())
                aria-valuetext=move || numbers.get()>
                <div class="progress-done" class:progress-unknown=move || percent().is_none()
                    style:width=move || percent().map_or_else(|| "30%".to_owned(), |percent| format!("{percent}%"))></div>
            </div>
            <p class="row row-spread"><span>{move || label.get()}</span><span class="muted">{move || numbers.get()}</span></p>
        </div>
    }
}
