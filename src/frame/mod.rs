//! What stands around every screen: header bar where DHIS2 draws none, side navigation,
//! skip link, and the place of the screen.

mod apps_menu;
mod header_bar;
mod profile_menu;
mod sidebar;

use crate::browser::document;
use crate::route::Route;
use crate::text::t;
use header_bar::HeaderBar;
use leptos::prelude::*;
use sidebar::Sidebar;
use tributary_exchange::questions::session::Session;

/// What the frame shows of the session; empty until it is open.
#[derive(Clone, Default, PartialEq)]
pub struct FrameFacts {
    /// Name of the person.
    pub user_name: String,
    /// Log-in name.
    pub username: String,
    /// Name of the server.
    pub server_name: String,
    /// Release of the server.
    pub server_release: String,
    /// Whether the sections for those who configure are shown.
    pub configures: bool,
}

impl FrameFacts {
    /// The frame's part of an open session.
    pub fn of(session: &Session) -> Self {
        Self {
            user_name: session.user_name.clone(),
            username: session.username.clone(),
            server_name: session.server_name.clone(),
            server_release: session.server_release.clone(),
            configures: session.rights.configure,
        }
    }
}

/// The frame with a screen in it.
#[component]
pub fn Frame(
    /// The screen that is shown.
    route: ReadSignal<Route>,
    /// See [`FrameFacts`].
    facts: Signal<FrameFacts>,
    /// The screen.
    children: Children,
) -> impl IntoView {
    let has_own_bar = document::is_top_window();
    view! {
        <a class="skip-link" href="#main" on:click=move |event| {
            // The address behind the # names the screen; the link must not change it.
            event.prevent_default();
            document::focus("main");
        }>{t("frame.skip")}</a>
        // DHIS2's global shell hides `div.app-shell-adapter > div > header` in its frame: a
        // second safety beside our own look at the window.
        <div class="app-shell-adapter">
            {has_own_bar.then(|| view! { <div><HeaderBar facts/></div> })}
            <div class="app-shell-app">
                <Sidebar route facts/>
                <main id="main" class="content" tabindex="-1">{children()}</main>
            </div>
        </div>
    }
}
