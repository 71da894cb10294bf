//! The notice that this DHIS2 is newer than the rules that the app knows. It can be hidden; the
//! browser remembers that for the server's version.

use crate::browser::storage;
use crate::text::{t, t_with};
use crate::widgets::{Button, Notice, NoticeKind};
use leptos::prelude::*;
use tributary_exchange::questions::session::Session;

/// Under this name the browser remembers the version for which the notice was hidden.
const HIDDEN_FOR: &str = "newerServerHidden";

/// The notice; nothing for a server whose version is known.
#[component]
pub fn NewerServer(session: Session) -> impl IntoView {
    let release = session.server_release;
    let is_hidden = storage::remembered(HIDDEN_FOR).as_deref() == Some(release.as_str());
    let is_shown = RwSignal::new(session.newer_than_known && !is_hidden);
    move || {
        is_shown.get().then(|| {
            let release = release.clone();
            let text = t_with("app.newerServer.text", &[("release", &release)]);
            let hide = move |()| {
                storage::remember(HIDDEN_FOR, &release);
                is_shown.set(false);
            };
            view! {
                <Notice kind=NoticeKind::Warning title=t("app.newerServer.title")>
                    <p>{text}</p>
                    <div class="row"><Button small=true on_press=hide>{t("app.newerServer.hide")}</Button></div>
                </Notice>
            }
        })
    }
}
