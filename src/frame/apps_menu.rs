//! The other apps of the server, read when the menu is opened.

use crate::browser::fetch::BrowserTransport;
use crate::browser::{boot, document};
use crate::text::t;
use crate::widgets::{Loader, LoaderSize, fold};
use leptos::prelude::*;
use serde::Deserialize;
use tributary_dhis2::{Method, Request, Transport};

/// `GET /api/apps/menu`: the apps that this person may use (in 2.40 to 2.43 alike).
#[derive(Deserialize)]
struct AppsAnswer {
    modules: Vec<AppEntry>,
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct AppEntry {
    name: String,
    #[serde(default)]
    display_name: String,
    #[serde(default)]
    default_action: String,
    #[serde(default)]
    icon: String,
}

#[component]
pub(super) fn AppsMenu() -> impl IntoView {
    let apps = LocalResource::new(read_apps);
    let (wanted, set_wanted) = signal(String::new());
    Effect::new(|_| document::focus("apps-search"));
    let list = move || {
        let Some(answer) = apps.get() else {
            return view! { <Loader label=t("frame.appsLoading") size=LoaderSize::Small/> }
                .into_any();
        };
        let Some(all) = answer else {
            return view! { <p role="alert">{t("frame.appsFailed")}</p> }.into_any();
        };
        let wanted = fold(&wanted.get());
        let tiles = all.iter().filter(|app| fold(app.shown_name()).contains(&wanted)).map(|app| {
            view! {
                <li>
                    <a href=app.address(&app.default_action) target="_top">
                        <img src=app.address(&app.icon) alt="" width="48" height="48" loading="lazy"/>
                        {app.shown_name().to_owned()}
                    </a>
                </li>
            }
        });
        let tiles = tiles.collect_view();
        if tiles.is_empty() {
            return view! { <p class="muted">{t("frame.appsNone")}</p> }.into_any();
        }
        view! { <ul>{tiles}</ul> }.into_any()
    };
    view! {
        <div class="header-menu apps-menu">
            <input id="apps-search" class="input input-dense" type="search" autocomplete="off"
                aria-label=t("frame.appsSearch") placeholder=t("frame.appsSearch")
                on:input=move |event| set_wanted.set(event_target_value(&event))/>
            {list}
        </div>
    }
}

async fn read_apps() -> Option<Vec<AppEntry>> {
    let request = Request {
        method: Method::Get,
        path: "api/apps/menu".to_owned(),
        headers: vec![("Accept".to_owned(), "application/json".to_owned())],
        body: None,
        timeout_millis: Some(30_000),
    };
    let answer = BrowserTransport::new().send(request).await.ok()?;
    let apps: AppsAnswer = serde_json::from_slice(&answer.body).ok()?;
    Some(apps.modules)
}

impl AppEntry {
    fn shown_name(&self) -> &str {
        if self.display_name.is_empty() {
            &self.name
        } else {
            &self.display_name
        }
    }

    /// Addresses come whole (installed apps) or as seen from a page one folder below the
    /// server (`../dhis-web-dashboard/index.html`).
    fn address(&self, given: &str) -> String {
        if given.contains("://") || given.starts_with('/') {
            return given.to_owned();
        }
        format!("{}{}", boot::boot().base, given.trim_start_matches("../"))
    }
}
