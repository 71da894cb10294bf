//! Keeps what a person has typed from getting lost: whoever leaves a screen with unsaved
//! changes is asked first, inside the app by a dialog, at a reload by the browser itself.

use crate::browser::document;
use crate::route::{self, Route};
use crate::text::t;
use crate::widgets::{Button, ButtonKind, Dialog, unique_id};
use leptos::ev;
use leptos::prelude::*;

/// The guard of a screen; it lives as long as the screen.
#[component]
pub fn UnsavedChanges(
    /// Whether something would be lost now.
    #[prop(into)]
    unsaved: Signal<bool>,
    /// Screens that nothing is lost by going to, for example another part of the same mapping.
    #[prop(into, optional)]
    within: Option<Callback<Route, bool>>,
) -> impl IntoView {
    let wanted = RwSignal::new(None::<Route>);
    let hold = route::hold(move |next| {
        let is_free = within.is_some_and(|within| within.run(next.clone()));
        let asks = unsaved.try_get_untracked() == Some(true) && !is_free;
        if asks {
            wanted.set(Some(next.clone()));
        }
        asks
    });
    let listener = window_event_listener(ev::beforeunload, move |event| {
        if unsaved.try_get_untracked() == Some(true) {
            event.prevent_default();
            // Chrome before 119 asks only when a text is set; which one makes no difference.
            event.set_return_value("unsaved");
        }
    });
    on_cleanup(move || {
        route::release(hold);
        listener.remove();
    });
    let leave = move |()| {
        if let Some(next) = wanted.get_untracked() {
            route::release(hold);
            next.go();
        }
    };
    let stay_id = StoredValue::new(unique_id("unsaved"));
    Effect::new(move |_| {
        if wanted.get().is_some() {
            request_animation_frame(move || stay_id.with_value(|id| document::focus(id)));
        }
    });
    let stay = Callback::new(move |()| wanted.set(None));
    view! {
        <Dialog open=Signal::derive(move || wanted.get().is_some()) on_close=stay title=t("unsaved.title")
            actions=move || view! {
                <Button id=stay_id.get_value() on_press=stay>{t("unsaved.stay")}</Button>
                <Button kind=ButtonKind::Destructive on_press=leave>{t("unsaved.leave")}</Button>
            }>
            <p>{t("unsaved.text")}</p>
        </Dialog>
    }
}
