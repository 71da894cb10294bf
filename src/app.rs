//! The app as a whole: texts, session, the frame, and in it the screen that the address names.

use crate::ask::ask;
use crate::browser::{boot, document, timer};
use crate::frame::{Frame, FrameFacts};
use crate::pages::{self, NewerServer, ScreenMissing, ScreenOnItsWay};
use crate::route::current_route;
use crate::text;
use crate::widgets::{Notice, NoticeKind};
use leptos::prelude::*;
use leptos::task::spawn_local;
use tributary_exchange::problem::Problem;
use tributary_exchange::questions::session::{OpenSession, Session};

/// So long the first screen has the line for itself, before what is needed next is fetched.
const FIRST_SCREEN_MILLIS: u32 = 1_000;

/// How far the session is.
#[derive(Clone)]
enum Opening {
    Waiting,
    Open(Session),
    Failed(Problem),
}

/// Puts the app into the page.
pub fn start() {
    let facts = boot::boot();
    text::install(&facts.language, &facts.text);
    leptos::mount::mount_to_body(App);
}

/// Everything on the page.
#[component]
fn App() -> impl IntoView {
    let route = current_route();
    let session = RwSignal::new(Opening::Waiting);
    // Counts changes of language: all that is on the page is written anew.
    let (language, set_language) = signal(0_u32);
    let open = move || {
        session.set(Opening::Waiting);
        spawn_local(async move {
            let answer = match ask(&OpenSession {}).await {
                Ok(answer) => answer,
                Err(problem) => return session.set(Opening::Failed(problem)),
            };
            if text::change_language(&answer.ui_locale).await {
                set_language.update(|count| *count += 1);
            }
            session.set(Opening::Open(answer));
            // The line is first for what is on the screen.
            timer::sleep(FIRST_SCREEN_MILLIS).await;
            pages::fetch_next().await;
        });
    };
    open();
    let outdated = boot::boot().outdated;
    let facts = Signal::derive(move || match session.get() {
        Opening::Open(session) => FrameFacts::of(&session),
        Opening::Waiting | Opening::Failed(_) => FrameFacts::default(),
    });
    move || {
        language.get();
        let outdated = outdated.clone();
        view! {
            <Frame route=route facts=facts>
                {(!outdated.is_empty()).then(|| view! { <Notice kind=NoticeKind::Warning title=outdated.clone()/> })}
                {move || match session.get() {
                    Opening::Waiting => view! { <ScreenOnItsWay/> }.into_any(),
                    Opening::Open(session) => {
                        provide_context(session.clone());
                        view! {
                            <NewerServer session/>
                            {move || pages::page(&route.get())}
                        }
                            .into_any()
                    }
                    Opening::Failed(problem) => {
                        document::set_title("");
                        view! { <ScreenMissing problem again=move |()| open()/> }.into_any()
                    }
                }}
            </Frame>
        }
    }
}
