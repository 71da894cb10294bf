//! What differs between DHIS2 2.40, 2.41, 2.42 and 2.43: the one place.
//!
//! Every item says what differs, since which version, and which step of the recordings of
//! real servers (2.40.12, 2.41.9, 2.42.5.2, 2.43.1) shows it. Nothing else in Tributary
//! looks at a version number. What the code relies on or takes care to avoid stands here:
//! most readers take every shape that any version writes, and need no item. The same items
//! as a list, in words for administrators and for whoever holds a server against them:
//! [`items()`].

mod items;
pub use items::{Evidence, Item, Setting, items};

use crate::version::Version;

/// How the query of a request through a Route has to be encoded so that it arrives unharmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RouteQuery {
    /// The server decodes the query once and encodes it once again: send it encoded once,
    /// as to the server itself. Encoded twice it arrives broken. Values may not hold
    /// `+ & # % { }`.
    /// 2.40.11+, 2.41.7+; "run, space in value", "run, space encoded twice" of `routes`.
    Once,
    /// The server decodes the query once and passes it on as it then is: what is no legal
    /// character of a URI has to be encoded twice, else it is a 400.
    /// 2.42.4+, 2.43; "run, space in value", "run, space encoded twice",
    /// "run, ampersand encoded twice" of `routes`.
    Twice,
    /// The server decodes once and encodes twice: nothing that has to be encoded arrives,
    /// not even `[` (lists of fields travel in round brackets then, and filters by a list of
    /// ids are not sent). 2.40.0–2.40.10, 2.41.0–2.41.6, 2.42.0–2.42.3 (from the source of
    /// DHIS2's RouteService; no such server was recorded). Only letters, digits and
    /// `- _ . ~ , : ; *` may be sent.
    OnlySafeCharacters,
}

/// The behaviour of one server, chosen by its version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Differences {
    /// The version that these rules were chosen for; `None` before it is known.
    pub version: Option<Version>,

    /// The most values that one write request may hold. 2.43 gets slower than linear from
    /// about 2 000 values on (10 000: four times the cost per value of 1 000) and is at its
    /// best with 500 to 1 500; up to 2.42 5 000 to 10 000 are better than 500. Measured on
    /// 2.42.5.2 and 2.43.1. The writer starts with this and adapts downwards.
    pub max_values_per_write: usize,

    /// The HTTP status of an import of which some values were refused and the rest saved: 409
    /// up to 2.42, 200 from 2.43 ("five good and two bad types" of `import-bad-requests`).
    /// The reader of answers goes by the answer, not by the status.
    pub partly_refused_status: u16,

    /// Values that data entry shows nowhere are stored without a word (an org unit that is
    /// not assigned or closed, an element of another set, a wrong combo, a period of another
    /// type): up to 2.42 ("org unit not assigned", "coc of another combo" … of
    /// `import-bad-values`). Whoever sends must check that beforehand.
    pub dark_data_is_taken: bool,

    /// A 0 for an element that keeps no zeros is dropped, and counted nowhere: up to 2.42
    /// ("zero not significant" of `import-bad-values`). 2.43 stores it.
    pub zeros_vanish: bool,

    /// Two values of one cell in a request refuse all of it (E8128): 2.43. Up to 2.42 the
    /// first one wins, counted once ("two equal cells, other value", "what two equal cells
    /// left" of `import-bad-requests`). So no cell is sent twice.
    pub equal_cells_refuse_request: bool,

    /// A whole number may be written with decimals (`12.0`, stored as `12`): 2.43
    /// ("integer 12.0" of `import-bad-values`).
    pub whole_numbers_take_decimals: bool,

    /// `yes` counts as a yes for BOOLEAN: 2.43 ("boolean yes" of `import-bad-values`).
    pub booleans_take_words: bool,

    /// A period that is none makes the whole request a 500: 2.43 ("period is no period" of
    /// `import-bad-values`); up to 2.42 it refuses its own value (E7611).
    pub bad_period_is_server_error: bool,

    /// Input periods are checked the wrong way round: the open one is refused (E8030), a
    /// closed one is taken. 2.43.0 and 2.43.1 ("input period open, clerk", "input period
    /// closed, clerk" of `zz-import-rules`); mended on DHIS2's branch after 2.43.1
    /// (DHIS2-21981).
    pub input_periods_inverted: bool,

    /// The closing day of an input period is still open: up to 2.42 (`DataInputPeriod` compares
    /// days). From 2.43 the first moment of that day ends it (`DefaultDataEntryService`).
    pub input_period_closing_day_open: bool,

    /// An org unit that was open, and an attribute option that held, for part of a period can
    /// be written for it: up to 2.42 (`DataValidator`, E2019, E2023, E2024, and E7638 of the
    /// import). From 2.43 an org unit has to be open on the first day of the period (E8031)
    /// and an option has to hold through all of it (E8032; `DefaultDataEntryService`).
    pub part_of_period_is_enough: bool,

    /// Superusers, too, write only for their own org units (E7617): up to 2.42
    /// (`DataValueSetImportValidator`). From 2.43 they may everywhere.
    pub superusers_need_org_units: bool,

    /// The right to write a data set's values is checked only where the body names the set:
    /// up to 2.42 ("data set without write access, not named, clerk" of `zz-import-rules`).
    pub write_access_needs_named_set: bool,

    /// A dry run that holds `completeDate` registers completeness for good: up to 2.42
    /// ("completeness after the dry run" of `import-options`). It is never sent.
    pub dry_run_registers_completeness: bool,

    /// Whether a write request must name its data set. 2.43: elements that stand in several
    /// sets are refused without (E8002; "element of two sets, set not named" of
    /// `import-bad-requests`). Earlier versions take it either way, but check the right to
    /// write data only where the set is named ("clerk, restricted set, set not named" of
    /// `zz-import-rules`). So [`crate::values::write_body`] names it always; this item says
    /// whether values of different sets could share a request at all.
    pub data_set_required_in_body: bool,

    /// `imported` is always 0 and all that was written counts as `updated`: 2.43
    /// ("three new" of `import-good`). New and changed cannot be told from the counters then.
    pub imported_always_zero: bool,

    /// Equal values are counted as `updated`: 2.43, which also writes them again. Up to 2.42
    /// they are `ignored`, in no conflict ("the same three again" of `import-good`); 2.40.0
    /// to 2.40.2 count them as updated without writing them (DHIS2's
    /// DefaultDataValueSetService; no such server was recorded).
    pub equal_values_count_as_updated: bool,

    /// A fault of a key (org unit not assigned, period of another type, wrong combo …)
    /// refuses all values of the request: 2.43 ("five good and one unassigned" of
    /// `import-bad-requests`). Up to 2.42 only unknown ids and bad values are refused, one
    /// by one.
    pub key_fault_refuses_whole_request: bool,

    /// A body that is not understood is answered with 200 "OK" and all counters 0: 2.43
    /// ("not json", "json array" of `import-bad-requests`; up to 2.42 a 409).
    pub unreadable_body_is_ok: bool,

    /// A read for org units outside the person's view is a 200 with an empty body: up to
    /// 2.42; a 409 with E2012 from 2.43 ("clerk, other region" of `export`).
    pub refused_read_is_empty: bool,

    /// A read that asks for CSV and is refused is a 500 with the web server's page, since DHIS2
    /// writes no error document in that form: seen on a real 2.42.5.2; the others negotiate by
    /// the path in the same way. As JSON it is a 409 with its reason.
    pub refused_csv_is_a_page: bool,

    /// What follows the last dot of an entry's address in the dataStore is taken for the ending
    /// of a file and cut off: `a.b` is stored, read and deleted as `a`. Seen on a real 2.42.5.2;
    /// all versions up to 2.43 have the same setting. So no key has a dot.
    pub store_key_ending_is_cut: bool,

    /// A read for an unknown data set or org unit is a 200 without values: 2.43; a 409
    /// before ("unknown data set", "unknown org unit" of `export`). Beside known ones an
    /// unknown org unit is left out by all versions ("unknown and known org unit"). So ids
    /// must be checked against the metadata before the read.
    pub unknown_ids_read_as_nothing: bool,

    /// JSON reads leave members that all values share (period, org unit, attribute option
    /// combo) out of the values and write them once at the top: 2.43 ("read one cell group"
    /// of `import-good`). The JSON reader takes both shapes.
    pub json_hoists_common_members: bool,

    /// How the query of a request through this server's Routes is encoded.
    pub route_query: RouteQuery,

    /// After how many milliseconds a *small* read through a Route is given up and sent
    /// again. 2.43.1: 2 to 20 of 100 calls hung until the Route's time-out and came back as
    /// an empty 504; 2.41.9 and 2.42.5.2 none of hundreds. Large reads keep the Route's 60 s.
    pub small_route_read_timeout_millis: Option<u32>,

    /// Whether a Route's address is held against `route.remote_servers_allowed` of
    /// dhis.conf: from 2.42 ("create, host not allowed" of `routes`: 409 on save; at run
    /// time an empty 503). Up to 2.41 an empty 503 means that the source was not reached.
    pub route_allow_list: bool,

    /// A Route follows a redirect of the source by itself, so that a log-in page arrives as
    /// the answer: up to 2.41; from 2.42 the redirect is handed on without its `Location`
    /// ("run after put without the secret" of `routes`).
    pub route_follows_redirects: bool,

    /// Whether a Route takes `responseTimeoutSeconds`: 2.40.10+, 2.41.6+, 2.42+ (DHIS2's
    /// Route.java). Servers before that ignore the member and wait 10 to 30 s.
    pub route_timeout_settable: bool,

    /// Whether `POST /api/auth/login` exists: from 2.41 ("login" of `system-and-session`);
    /// 2.40 has only the form of its log-in page.
    pub login_endpoint: bool,

    /// What `POST /api/apps` answers when the app is installed: 204 up to 2.41, 201 from
    /// 2.42 ("install" of `app-hosting`).
    pub app_install_status: u16,
}

impl Differences {
    /// The rules for a version. A version newer than the newest known one is taken to behave
    /// like that one; [`Version::newer_than_known`] says so.
    #[must_use]
    pub fn of(version: Version) -> Self {
        let since_41 = version.major >= 41;
        let since_42 = version.major >= 42;
        let since_43 = version.major >= 43;
        Self {
            version: Some(version),
            max_values_per_write: if since_43 { 1_000 } else { 5_000 },
            partly_refused_status: if since_43 { 200 } else { 409 },
            dark_data_is_taken: !since_43,
            zeros_vanish: !since_43,
            equal_cells_refuse_request: since_43,
            whole_numbers_take_decimals: since_43,
            booleans_take_words: since_43,
            bad_period_is_server_error: since_43,
            input_periods_inverted: version.major == 43 && version.patch <= 1,
            input_period_closing_day_open: !since_43,
            part_of_period_is_enough: !since_43,
            superusers_need_org_units: !since_43,
            write_access_needs_named_set: !since_43,
            dry_run_registers_completeness: !since_43,
            data_set_required_in_body: since_43,
            imported_always_zero: since_43,
            equal_values_count_as_updated: since_43 || (version.major == 40 && version.patch <= 2),
            key_fault_refuses_whole_request: since_43,
            unreadable_body_is_ok: since_43,
            refused_read_is_empty: !since_43,
            refused_csv_is_a_page: true,
            store_key_ending_is_cut: true,
            unknown_ids_read_as_nothing: since_43,
            json_hoists_common_members: since_43,
            route_query: route_query(version),
            small_route_read_timeout_millis: since_43.then_some(10_000),
            route_allow_list: since_42,
            route_follows_redirects: !since_42,
            route_timeout_settable: match version.major {
                40 => version.patch >= 10,
                41 => version.patch >= 6,
                _ => true,
            },
            login_endpoint: since_41,
            app_install_status: if since_42 { 201 } else { 204 },
        }
    }

    /// The careful rules that hold for every version, for the one request that asks for it.
    #[must_use]
    pub fn before_known() -> Self {
        Self {
            version: None,
            route_query: RouteQuery::OnlySafeCharacters,
            max_values_per_write: 1_000,
            refused_read_is_empty: true,
            small_route_read_timeout_millis: Some(10_000),
            ..Self::of(Version::new(crate::version::NEWEST, 0, 0))
        }
    }
}

/// Which way of encoding a Route's query a version needs.
fn route_query(version: Version) -> RouteQuery {
    match (version.major, version.patch) {
        (40, 0..=10) | (41, 0..=6) | (42, 0..=3) => RouteQuery::OnlySafeCharacters,
        (40 | 41, _) => RouteQuery::Once,
        _ => RouteQuery::Twice,
    }
}
