//! A message that a screen leaves for the one that comes after it: "Exchange saved".

use crate::widgets::{Alert, AlertKind};
use leptos::prelude::*;
use std::cell::RefCell;

thread_local! {
    static CARRIED: RefCell<Option<Alert>> = const { RefCell::new(None) };
}

/// Leaves good news for the next screen that shows alerts.
pub fn carry_success(text: String) {
    CARRIED.set(Some(Alert {
        kind: AlertKind::Success,
        text,
    }));
}

/// The alert of a screen: at first what was left for it. It is set only after the live region
/// is there, or screen readers would not say it.
pub fn screen_alert() -> RwSignal<Option<Alert>> {
    let alert = RwSignal::new(None);
    Effect::new(move |_| {
        if let Some(carried) = CARRIED.take() {
            alert.set(Some(carried));
        }
    });
    alert
}
