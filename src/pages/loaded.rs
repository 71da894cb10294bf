//! A screen that is built of one answer: waiting, there, or failed with a way to try again.
//! An answer that a later question has overtaken is dropped.

use super::ProblemNotice;
use crate::ask::ask;
use crate::text::t;
use crate::widgets::{Button, Loader};
use leptos::prelude::*;
use leptos::task::spawn_local;
use tributary_exchange::problem::Problem;
use tributary_exchange::question::Question;

/// How far an answer is.
#[derive(Clone, Debug)]
pub enum Loaded<T> {
    /// It is asked for.
    Waiting,
    /// It is there.
    Ready(T),
    /// There is none.
    Failed(Problem),
}

/// An answer on its way, and how to ask again.
pub struct Loading<T: Send + Sync + 'static> {
    /// How far it is.
    pub state: RwSignal<Loaded<T>>,
    /// Asks again.
    pub again: Callback<()>,
}

impl<T: Send + Sync + 'static> Clone for Loading<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Loading<T> {}

/// Asks now; the screen shows the answer with [`shown`].
pub fn load<Q>(question: Q) -> Loading<Q::Answer>
where
    Q: Question + Clone + Send + Sync + 'static,
    Q::Answer: Clone + Send + Sync + 'static,
{
    let state = RwSignal::new(Loaded::Waiting);
    let version = StoredValue::new(0_u32);
    let again = Callback::new(move |()| {
        let question = question.clone();
        version.update_value(|version| *version += 1);
        let own = version.get_value();
        state.set(Loaded::Waiting);
        spawn_local(async move {
            let answer = ask(&question).await;
            if version.try_get_value() == Some(own) {
                state.set(match answer {
                    Ok(answer) => Loaded::Ready(answer),
                    Err(problem) => Loaded::Failed(problem),
                });
            }
        });
    });
    again.run(());
    Loading { state, again }
}

/// Draws an answer, or that it is waited for, or what went wrong.
pub fn shown<T: Clone + Send + Sync + 'static>(
    loading: Loading<T>,
    waiting: String,
    draw: impl Fn(T) -> AnyView + Send + Sync + 'static,
) -> impl IntoView {
    move || match loading.state.get() {
        Loaded::Waiting => view! { <Loader label=waiting.clone()/> }.into_any(),
        Loaded::Ready(answer) => draw(answer),
        Loaded::Failed(problem) => view! {
            <ProblemNotice problem/>
            <Button on_press=loading.again>{t("app.tryAgain")}</Button>
        }
        .into_any(),
    }
}
