//! The inputs of the form, and the exchange that they make up.

use super::state::{
    DELETE, Filled, KEEP, OVERWRITE, data_set_entries, rule_fields, tree_of, unseen,
};
use crate::text::t_with;
use crate::widgets::{Choice, Ticks, UnitTree};
use leptos::prelude::*;
use std::sync::Arc;
use tributary_exchange::questions::exchanges::{
    ConnectionOffer, ExchangeDraft, ExchangeForm, OrgUnitScope,
};

/// The scopes in the form.
pub(super) const ALL: &str = "all";
/// See [`ALL`].
pub(super) const BELOW: &str = "below";

/// The inputs, each both ways, and what they start from.
#[derive(Clone, Copy)]
pub(super) struct Inputs {
    pub(super) name: RwSignal<String>,
    pub(super) connection: RwSignal<String>,
    pub(super) data_sets: RwSignal<Vec<String>>,
    pub(super) rule: RwSignal<String>,
    pub(super) count: RwSignal<String>,
    pub(super) scope: RwSignal<String>,
    pub(super) edited: RwSignal<String>,
    pub(super) cleared: RwSignal<String>,
    pub(super) ticks: RwSignal<Ticks>,
    pub(super) tree: StoredValue<Arc<UnitTree>>,
    /// Org units of the stored scope that this person does not see.
    pub(super) unseen: StoredValue<Vec<String>>,
    stored: StoredValue<ExchangeDraft>,
    offers: StoredValue<Vec<ConnectionOffer>>,
    /// How the form was filled in when it came up.
    first: StoredValue<Filled>,
}

impl Inputs {
    /// The form of an exchange; for a new one with the only connection there is, if there is
    /// only one, and all its data sets.
    pub(super) fn new(form: ExchangeForm) -> Self {
        let ExchangeForm {
            exchange,
            connections,
            org_units,
            ..
        } = form;
        let is_new = exchange.id.is_empty();
        let only = connections
            .first()
            .filter(|_| is_new && connections.len() == 1);
        let connection = only.map_or_else(
            || exchange.connection.clone(),
            |only| only.connection.id.clone(),
        );
        let data_sets = only.map_or_else(|| exchange.data_sets.clone(), all_data_sets);
        let tree = tree_of(&org_units);
        let (scope, below) = match &exchange.scope {
            OrgUnitScope::AllMapped => (ALL, Vec::new()),
            OrgUnitScope::Below(units) => (BELOW, units.clone()),
        };
        let edited = if exchange.overwrite_edited {
            OVERWRITE
        } else {
            KEEP
        };
        let cleared = if exchange.delete_cleared {
            DELETE
        } else {
            KEEP
        };
        let (rule, count) = rule_fields(&exchange.period_rule);
        let inputs = Self {
            name: RwSignal::new(exchange.name.clone()),
            connection: RwSignal::new(connection),
            data_sets: RwSignal::new(data_sets),
            rule: RwSignal::new(rule.to_owned()),
            count: RwSignal::new(count),
            scope: RwSignal::new(scope.to_owned()),
            edited: RwSignal::new(edited.to_owned()),
            cleared: RwSignal::new(cleared.to_owned()),
            ticks: RwSignal::new(Ticks::of(&tree, &below)),
            unseen: StoredValue::new(unseen(&below, &tree)),
            tree: StoredValue::new(Arc::new(tree)),
            stored: StoredValue::new(exchange),
            offers: StoredValue::new(connections),
            first: StoredValue::new(Filled::default()),
        };
        inputs.first.set_value(untrack(|| inputs.filled()));
        inputs
    }

    /// What is filled in now.
    pub(super) fn filled(self) -> Filled {
        let below = (self.scope.get() == BELOW).then(|| {
            let mut units = self
                .tree
                .with_value(|tree| self.ticks.with(|ticks| ticks.ids(tree)));
            self.unseen
                .with_value(|unseen| units.extend(unseen.iter().cloned()));
            units
        });
        Filled {
            name: self.name.get(),
            connection: self.connection.get(),
            data_sets: self.data_sets.get(),
            rule: self.rule.get(),
            count: self.count.get(),
            below,
            edited: self.edited.get(),
            cleared: self.cleared.get(),
        }
    }

    /// Whether anything is filled in otherwise than when the form came up.
    pub(super) fn is_changed(self) -> bool {
        let now = self.filled();
        self.first.with_value(|first| *first != now)
    }

    /// The exchange to be stored; none while something is wrong.
    pub(super) fn draft(self) -> Option<ExchangeDraft> {
        let filled = untrack(|| self.filled());
        let period_rule = filled.period_rule()?;
        Some(ExchangeDraft {
            name: filled.name.trim().to_owned(),
            connection: filled.connection,
            data_sets: filled.data_sets,
            period_rule,
            scope: filled
                .below
                .map_or(OrgUnitScope::AllMapped, OrgUnitScope::Below),
            overwrite_edited: filled.edited == OVERWRITE,
            delete_cleared: filled.cleared == DELETE,
            ..self.stored.get_value()
        })
    }

    /// Another connection has other data sets: all of them are ticked then.
    pub(super) fn follow_connection(self) {
        Effect::new(move |before: Option<String>| {
            let connection = self.connection.get();
            if before.is_some_and(|before| before != connection) {
                let is_stored = self
                    .stored
                    .with_value(|stored| stored.connection == connection && !stored.id.is_empty());
                self.data_sets.set(if is_stored {
                    self.stored.with_value(|stored| stored.data_sets.clone())
                } else {
                    self.offer(&connection)
                        .as_ref()
                        .map(all_data_sets)
                        .unwrap_or_default()
                });
            }
            connection
        });
    }

    /// Whether there is any connection to choose.
    pub(super) fn has_connections(self) -> bool {
        self.offers.with_value(|offers| !offers.is_empty())
    }

    /// The connections as a list shows them.
    pub(super) fn connections(self) -> Vec<Choice> {
        self.offers.with_value(|offers| {
            let named = offers.iter().map(|offer| &offer.connection);
            named
                .map(|named| Choice::new(named.id.clone(), named.name.clone()))
                .collect()
        })
    }

    /// The data sets of the chosen connection as a list shows them.
    pub(super) fn data_set_choices(self) -> Vec<Choice> {
        let connection = self.connection.get();
        let stored = self.stored.with_value(|stored| {
            if stored.connection == connection {
                stored.data_sets.clone()
            } else {
                Vec::new()
            }
        });
        data_set_entries(self.offer(&connection).as_ref(), &stored)
            .into_iter()
            .map(|(id, name)| {
                let label =
                    name.unwrap_or_else(|| t_with("exchanges.form.unmapped", &[("id", &id)]));
                Choice::new(id, label)
            })
            .collect()
    }

    fn offer(self, connection: &str) -> Option<ConnectionOffer> {
        self.offers.with_value(|offers| {
            offers
                .iter()
                .find(|offer| offer.connection.id == connection)
                .cloned()
        })
    }
}

fn all_data_sets(offer: &ConnectionOffer) -> Vec<String> {
    offer.data_sets.iter().map(|set| set.id.clone()).collect()
}
