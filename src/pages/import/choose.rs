//! Choose what to bring in.

use super::access::MissingRights;
use super::{session, work};
use crate::ask::ask;
use crate::browser::storage;
use crate::pages::{PageTitle, ProblemNotice};
use crate::route::Route;
use crate::text::{t, t_count, t_with};
use crate::widgets::{
    Button, ButtonKind, EmptyState, IconKind, LinkButton, Notice, NoticeKind, Tag, TagKind,
};
use leptos::prelude::*;
use leptos::task::spawn_local;
use tributary_exchange::problem::Problem;
use tributary_exchange::questions::exchanges::{
    ExchangeSummary, ListExchanges, PeriodRule, Unfinished,
};

/// Under this name the browser remembers the exchange that was used last.
const LAST_USED: &str = "lastExchange";

/// Remembers that this exchange was used.
pub(super) fn remember_use(exchange: &str) {
    storage::remember(LAST_USED, exchange);
}

/// The exchanges, the one that was used last first.
fn in_order(mut exchanges: Vec<ExchangeSummary>, last_used: Option<&str>) -> Vec<ExchangeSummary> {
    // Stable: the others stay in the order of their names.
    exchanges.sort_by_key(|exchange| Some(exchange.id.as_str()) != last_used);
    exchanges
}

/// The start: what can be brought in.
#[component]
pub fn ChooseExchange() -> impl IntoView {
    let session = session();
    let rights = session.rights.clone();
    let may_configure = rights.configure;
    let may_use = rights.use_app;
    let exchanges = RwSignal::new(session.exchanges.clone());
    let problem = RwSignal::new(None::<Problem>);
    let load = move || {
        spawn_local(async move {
            // The screen may be gone when the answer comes.
            match ask(&ListExchanges {}).await {
                Ok(found) => {
                    problem.try_set(None);
                    exchanges.try_set(found);
                }
                Err(failed) => {
                    problem.try_set(Some(failed));
                }
            }
        });
    };
    if may_use {
        load();
    }
    let last_used = storage::remembered(LAST_USED);
    let cards = move || in_order(exchanges.get(), last_used.as_deref());
    view! {
        <div class="page">
            <PageTitle title=t("import.title")/>
            <p class="page-lead">{t("import.lead")}</p>
            <UnderWay/>
            <MissingRights rights/>
            {move || problem.get().map(|problem| view! {
                <div class="stack">
                    <ProblemNotice problem/>
                    <Button on_press=move |()| load()>{t("app.tryAgain")}</Button>
                </div>
            })}
            {move || {
                let cards = cards();
                if !cards.is_empty() {
                    let cards = cards.into_iter().map(|exchange| view! { <ExchangeCard exchange/> });
                    view! {
                        <h2>{t("import.chooseTitle")}</h2>
                        <ul class="cards">{cards.collect_view()}</ul>
                    }.into_any()
                } else if !may_use || problem.with(Option::is_some) {
                    ().into_any()
                } else {
                    view! { <NothingYet may_configure/> }.into_any()
                }
            }}
        </div>
    }
}

#[component]
fn ExchangeCard(exchange: ExchangeSummary) -> impl IntoView {
    let href = Route::ImportScope {
        exchange: exchange.id.clone(),
    }
    .href();
    let facts = [
        t_count("import.dataSetCount", u64::from(exchange.data_sets), &[]),
        rule_words(&exchange.period_rule),
    ];
    view! {
        <li class="import-card">
            <a class="import-card-link" href=href>
                <span class="import-card-name">{exchange.name}</span>
                <span>{t_with("import.from", &[("source", &exchange.connection_name)])}</span>
                <span class="muted">{facts.join(" · ")}</span>
                {exchange.unfinished.into_iter().map(|run| view! { <Tag kind=TagKind::Warning text=unfinished_words(&run)/> }).collect_view()}
            </a>
        </li>
    }
}

/// Whose import is not finished.
fn unfinished_words(run: &Unfinished) -> String {
    if run.is_own {
        t("import.unfinishedOwn")
    } else {
        t_with("import.unfinishedOther", &[("name", &run.name)])
    }
}

/// Which periods an exchange offers first.
fn rule_words(rule: &PeriodRule) -> String {
    match rule {
        PeriodRule::Last(count) => t_count("import.ruleLast", u64::from(*count), &[]),
        PeriodRule::ThisYear => t("import.ruleThisYear"),
        PeriodRule::Chosen => t("import.ruleChosen"),
    }
}

#[component]
fn NothingYet(may_configure: bool) -> impl IntoView {
    if may_configure {
        view! {
            <EmptyState icon=IconKind::Import title=t("import.noneTitle") text=t("import.noneConfigure")>
                <div class="row">
                    <LinkButton kind=ButtonKind::Primary href=Route::ConnectionNew.href()>{t("import.noneConnect")}</LinkButton>
                    <LinkButton href=Route::Exchanges.href()>{t("import.noneExchanges")}</LinkButton>
                </div>
            </EmptyState>
        }
        .into_any()
    } else {
        view! { <EmptyState icon=IconKind::Import title=t("import.noneTitle") text=t("import.noneAsk")/> }.into_any()
    }
}

/// Leads back to values that are on their way.
#[component]
pub(super) fn UnderWay() -> impl IntoView {
    move || {
        work::sending().map(|exchange| {
            let href = Route::ImportPlan { exchange }.href();
            view! {
                <Notice kind=NoticeKind::Info title=t("import.underWay")>
                    <p><a href=href>{t("import.underWayShow")}</a></p>
                </Notice>
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_used_one_comes_first() {
        let exchange = |id: &str| ExchangeSummary {
            id: id.into(),
            ..ExchangeSummary::default()
        };
        let order = |last| {
            let exchanges = in_order(vec![exchange("a"), exchange("b"), exchange("c")], last);
            exchanges
                .into_iter()
                .map(|exchange| exchange.id)
                .collect::<String>()
        };
        assert_eq!(order(Some("c")), "cab");
        assert_eq!(order(Some("gone")), "abc");
        assert_eq!(order(None), "abc");
    }
}
