//! A question or a short form above the page. The browser's own dialog keeps the focus inside,
//! makes the rest inert, closes on Escape and gives the focus back.

use super::unique_id;
use super::{Icon, IconKind};
use crate::text::t;
use leptos::html;
use leptos::prelude::*;

/// A dialog that is there while `open` is true.
#[component]
pub fn Dialog(
    /// Whether it is shown.
    #[prop(into)]
    open: Signal<bool>,
    /// Told when the person closes it (Escape, the cross, or a press outside).
    #[prop(into)]
    on_close: Callback<()>,
    /// Its name.
    #[prop(into)]
    title: String,
    /// What is in it; made when it opens.
    children: ChildrenFn,
    /// The buttons at its end; the least destructive first.
    #[prop(into)]
    actions: ViewFn,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    let title_id = unique_id("dialog");
    Effect::new(move |_| {
        let (Some(dialog), is_open) = (node.get(), open.get()) else {
            return;
        };
        if is_open && !dialog.open() {
            dialog.show_modal().ok();
        } else if !is_open && dialog.open() {
            dialog.close();
        }
    });
    let labelled_by = title_id.clone();
    view! {
        <dialog node_ref=node class="dialog" aria-labelledby=labelled_by
            on:cancel=move |event: leptos::ev::Event| {
                event.prevent_default();
                on_close.run(());
            }
            on:click=move |event| {
                // Only the scrim is the dialog itself; everything else is in the box.
                if event.target() == event.current_target() {
                    on_close.run(());
                }
            }>
            <div class="dialog-box">
                <div class="row row-spread">
                    <h2 id=title_id>{title}</h2>
                    <button type="button" class="icon-button" aria-label=t("widget.close")
                        on:click=move |_| on_close.run(())><Icon kind=IconKind::Cross/></button>
                </div>
                <div class="dialog-content stack">{move || open.get().then(|| children())}</div>
                <div class="dialog-actions">{move || open.get().then(|| actions.run())}</div>
            </div>
        </dialog>
    }
}
