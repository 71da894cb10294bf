//! Who is logged in, and the way out.

use super::FrameFacts;
use crate::browser::boot;
use crate::text::t;
use crate::widgets::{Icon, IconKind};
use leptos::prelude::*;

#[component]
pub(super) fn ProfileMenu(facts: Signal<FrameFacts>) -> impl IntoView {
    let boot = boot::boot();
    let base = boot.base;
    let entries = [
        (
            IconKind::Settings,
            "dhis-web-user-profile/index.html#/settings",
            t("frame.settings"),
        ),
        (
            IconKind::User,
            "dhis-web-user-profile/index.html#/account",
            t("frame.account"),
        ),
        (
            IconKind::LogOut,
            "dhis-web-commons-security/logout.action",
            t("frame.logOut"),
        ),
    ];
    let entries = entries.map(|(icon, path, label)| {
        view! { <li><a href=format!("{base}{path}") target="_top"><Icon kind=icon/>{label}</a></li> }
    });
    let versions = move || {
        let release = facts.get().server_release;
        if release.is_empty() {
            String::new()
        } else {
            format!("DHIS2 {release}")
        }
    };
    view! {
        <div class="header-menu profile-menu">
            <div class="profile-person">
                <p class="profile-name">{move || facts.get().user_name}</p>
                <p class="profile-detail">{move || facts.get().username}</p>
            </div>
            <ul>{entries.into_iter().collect_view()}</ul>
            <div class="profile-versions"><p>{versions}</p><p>{format!("Tributary {}", boot.version)}</p></div>
        </div>
    }
}
