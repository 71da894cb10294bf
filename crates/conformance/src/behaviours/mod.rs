//! What Tributary relies on, one check each, in groups.
//!
//! A check works through the client as the app does and asks for what the *client* makes of
//! the server's answer. Each uses cells of its own, so that none depends on another.

mod app;
mod dates;
mod metadata;
mod reading;
mod refusals;
mod rights;
mod route_faults;
mod routes;
mod rules;
mod session;
mod store;
mod writing;

use crate::stage::Stage;
use crate::verdict::Checked;
use std::future::Future;
use std::pin::Pin;

/// A check under way.
pub type Checking<'a> = Pin<Box<dyn Future<Output = Checked> + 'a>>;

/// One behaviour.
pub struct Behaviour {
    /// What it belongs to: `session`, `metadata`, `reading` …
    pub group: &'static str,
    /// Its name within the group.
    pub name: &'static str,
    /// The behaviour in a sentence, for administrators.
    pub what: &'static str,
    /// The members of [`tributary_dhis2::Differences`] that it shows.
    pub differences: &'static [&'static str],
    /// Holds a server against it.
    pub check: for<'a> fn(&'a Stage) -> Checking<'a>,
}

impl Behaviour {
    /// Group and name.
    #[must_use]
    pub fn full_name(&self) -> String {
        format!("{}: {}", self.group, self.name)
    }
}

/// One behaviour of a group, its check written as a function of the stage.
macro_rules! behaviour {
    ($group:ident, $name:literal, $what:literal, [$($difference:literal),*], $check:path) => {
        $crate::behaviours::Behaviour {
            group: stringify!($group),
            name: $name,
            what: $what,
            differences: &[$($difference),*],
            check: |stage| Box::pin($check(stage)),
        }
    };
}
pub(crate) use behaviour;

/// All behaviours, in the order in which they are run.
pub fn all() -> impl Iterator<Item = &'static Behaviour> {
    [
        session::ALL,
        metadata::ALL,
        writing::ALL,
        refusals::ALL,
        rules::ALL,
        dates::ALL,
        rights::ALL,
        reading::ALL,
        routes::ALL,
        route_faults::ALL,
        store::ALL,
        app::ALL,
    ]
    .into_iter()
    .flatten()
}

#[cfg(test)]
mod tests {
    use super::all;
    use std::collections::BTreeSet;
    use tributary_dhis2::differences::items;

    #[test]
    fn every_difference_is_shown_by_a_behaviour() {
        let shown: BTreeSet<&str> = all().flat_map(|one| one.differences).copied().collect();
        let known: BTreeSet<&str> = items().iter().map(|item| item.name).collect();
        assert_eq!(shown, known);
    }

    #[test]
    fn no_two_have_one_name() {
        let names: BTreeSet<String> = all().map(super::Behaviour::full_name).collect();
        assert_eq!(names.len(), all().count());
    }
}
