//! DHIS2's header bar, for pages that DHIS2's global shell is not around (2.40, 2.41, and later
//! ones where it is switched off). Apps must have it (App Hub guidelines).

use super::FrameFacts;
use super::apps_menu::AppsMenu;
use super::profile_menu::ProfileMenu;
use crate::browser::{boot, document};
use crate::text::t;
use crate::widgets::{Icon, IconKind};
use leptos::ev::{FocusEvent, KeyboardEvent};
use leptos::prelude::*;

/// Which menu is open.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Menu {
    None,
    Apps,
    Profile,
}

#[component]
pub(super) fn HeaderBar(facts: Signal<FrameFacts>) -> impl IntoView {
    let menu = RwSignal::new(Menu::None);
    let title = move || {
        let server = facts.get().server_name;
        if server.is_empty() {
            t("app.title")
        } else {
            format!("{server} - {}", t("app.title"))
        }
    };
    let initials = move || initials(&facts.get().user_name);
    let toggle = move |which: Menu| {
        menu.update(|open| *open = if *open == which { Menu::None } else { which });
    };
    let on_key = move |event: KeyboardEvent| {
        if event.key() == "Escape" && menu.get() != Menu::None {
            document::focus(if menu.get() == Menu::Apps {
                "header-apps"
            } else {
                "header-profile"
            });
            menu.set(Menu::None);
        }
    };
    // Leaving the bar with the keyboard closes what is open in it; the new focus is known only
    // after this event, so it is looked at in the next turn.
    let on_leave = move |_: FocusEvent| {
        set_timeout(
            move || {
                if !document::holds_focus("header-bar") {
                    menu.set(Menu::None);
                }
            },
            std::time::Duration::from_millis(0),
        );
    };
    view! {
        <header id="header-bar" class="header-bar" tabindex="-1" on:keydown=on_key on:focusout=on_leave>
            <a class="header-logo" href=boot::boot().base target="_top" aria-label=t("frame.home")>
                <Icon kind=IconKind::Home/>
            </a>
            <div class="header-title">{title}</div>
            <button id="header-apps" type="button" class="header-button" aria-label=t("frame.apps")
                aria-expanded=move || (menu.get() == Menu::Apps).to_string()
                on:click=move |_| toggle(Menu::Apps)>
                <Icon kind=IconKind::Apps/>
            </button>
            <button id="header-profile" type="button" class="header-button"
                aria-expanded=move || (menu.get() == Menu::Profile).to_string()
                on:click=move |_| toggle(Menu::Profile)>
                <span class="header-avatar" aria-hidden="true">{initials}</span>
                <span class="visually-hidden">{t("frame.profile")}</span>
            </button>
            {move || match menu.get() {
                Menu::None => ().into_any(),
                Menu::Apps => view! { <AppsMenu/> }.into_any(),
                Menu::Profile => view! { <ProfileMenu facts/> }.into_any(),
            }}
        </header>
    }
}

/// The first letters of the first and the last word of a name.
fn initials(name: &str) -> String {
    let mut words = name.split_whitespace();
    let first = words.next().and_then(|word| word.chars().next());
    let last = words.next_back().and_then(|word| word.chars().next());
    first
        .into_iter()
        .chain(last)
        .flat_map(char::to_uppercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn initials_are_of_first_and_last_name() {
        assert_eq!(initials("Amina Aïcha Traoré"), "AT");
        assert_eq!(initials("éric"), "É");
        assert_eq!(initials(" "), "");
    }
}
