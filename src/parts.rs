//! The parts of the wasm that are loaded only when they are first needed. The build cuts them
//! out at the functions marked `#[wasm_split(<part>)]` (docs/adr/0010); the first screen and the
//! session come at once, every other screen and what answers its questions when somebody goes
//! there. A part that cannot be loaded is a network failure that can be tried again.

use crate::pages::{Loaded, ProblemNotice, ScreenMissing, ScreenOnItsWay};
use futures_util::FutureExt;
use leptos::prelude::*;
use leptos::task::spawn_local;
use tributary_exchange::problem::{Problem, ProblemSide};
use wasm_split_helpers::SplitLoaderError;

/// A part could not be loaded.
#[derive(Clone, Copy, Debug)]
pub struct PartMissing;

impl From<SplitLoaderError> for PartMissing {
    fn from(_: SplitLoaderError) -> Self {
        // The loader has written the reason to the console.
        Self
    }
}

impl From<PartMissing> for Problem {
    fn from(_: PartMissing) -> Self {
        Problem::of(ProblemSide::Network, "partMissing")
    }
}

/// A screen that comes with a part: drawn at once when the part is there, else when it has
/// come. `load` fetches the part, `build` is its split function.
pub fn screen<Load, Build>(
    load: fn() -> Load,
    build: impl Fn() -> Build + Send + Sync + 'static,
) -> AnyView
where
    Load: Future<Output = Result<(), SplitLoaderError>> + 'static,
    Build: Future<Output = Result<AnyView, PartMissing>>,
{
    let is_there = load().now_or_never().is_some_and(|loaded| loaded.is_ok());
    if is_there {
        return built(&build);
    }
    let state = RwSignal::new(Loaded::Waiting);
    let fetch = move || {
        state.set(Loaded::Waiting);
        spawn_local(async move {
            // The screen may be gone when the part comes.
            state.try_set(match load().await {
                Ok(()) => Loaded::Ready(()),
                Err(_) => Loaded::Failed(PartMissing.into()),
            });
        });
    };
    fetch();
    (move || match state.get() {
        Loaded::Ready(()) => built(&build),
        Loaded::Waiting => view! { <ScreenOnItsWay/> }.into_any(),
        Loaded::Failed(problem) => {
            view! { <ScreenMissing problem again=move |()| fetch()/> }.into_any()
        }
    })
    .into_any()
}

/// The screen of a part that is there; its function then answers at once.
fn built<Build: Future<Output = Result<AnyView, PartMissing>>>(
    build: &impl Fn() -> Build,
) -> AnyView {
    match build().now_or_never() {
        Some(Ok(view)) => view,
        _ => view! { <ProblemNotice problem=PartMissing.into()/> }.into_any(),
    }
}
