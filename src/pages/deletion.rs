//! What every deletion on a screen does: asks once, shows that it runs, keeps its dialog open
//! with the problem when it fails, and tells the screen when the thing is gone.

use crate::ask::ask;
use leptos::prelude::*;
use leptos::task::spawn_local;
use tributary_exchange::problem::Problem;
use tributary_exchange::question::Question;

/// A deletion that a dialog offers.
#[derive(Clone, Copy)]
pub struct Deletion {
    /// It is being done.
    pub running: RwSignal<bool>,
    /// Why it was not done.
    pub problem: RwSignal<Option<Problem>>,
    /// Does it.
    pub delete: Callback<()>,
    /// Closes the dialog, unless it is being done.
    pub close: Callback<()>,
}

impl Deletion {
    /// The deletion that `question` asks for, offered by a dialog that is shown while `open`
    /// is true; `on_deleted` is told when the thing is gone.
    pub fn new<Q: Question<Answer = ()> + 'static>(
        open: RwSignal<bool>,
        on_deleted: Callback<()>,
        question: impl Fn() -> Q + Send + Sync + 'static,
    ) -> Self {
        let running = RwSignal::new(false);
        let problem = RwSignal::new(None::<Problem>);
        let delete = Callback::new(move |()| {
            let question = question();
            running.set(true);
            problem.set(None);
            spawn_local(async move {
                let answer = ask(&question).await;
                running.set(false);
                match answer {
                    Ok(()) => {
                        open.set(false);
                        on_deleted.try_run(());
                    }
                    Err(found) => problem.set(Some(found)),
                }
            });
        });
        let close = Callback::new(move |()| {
            if !running.get_untracked() {
                open.set(false);
            }
        });
        Self {
            running,
            problem,
            delete,
            close,
        }
    }
}
