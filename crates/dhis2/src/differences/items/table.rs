//! The items themselves, in the order in which an exchange meets them: the server, its
//! Routes, reading, writing, the app.

use super::{Evidence, Item, Setting};
use crate::differences::RouteQuery;

/// A step of the recordings.
const fn recorded(scenario: &'static str, step: &'static str) -> Evidence {
    Evidence::Recorded { scenario, step }
}

pub(super) static ITEMS: &[Item] = &[
    Item {
        name: "login_endpoint",
        what: "has a log-in by JSON, POST /api/auth/login",
        so: "The app works on the session that is there; only tests log in.",
        since: "2.41",
        evidence: &[recorded("system-and-session", "login")],
        value: |rules| Setting::Flag(rules.login_endpoint),
    },
    Item {
        name: "route_allow_list",
        what: "holds a Route's address against route.remote_servers_allowed of dhis.conf",
        so: "An address that is not allowed is told as such. Plain http must be named there.",
        since: "2.42",
        evidence: &[recorded("routes", "create, host not allowed")],
        value: |rules| Setting::Flag(rules.route_allow_list),
    },
    Item {
        name: "route_timeout_settable",
        what: "lets a Route wait for up to 60 s",
        so: "Routes are made with 60 s; older servers wait 10 to 30 s whatever is asked.",
        since: "2.40.10, 2.41.6, 2.42",
        evidence: &[
            recorded("routes", "create, timeout 300"),
            Evidence::Source("Route.responseTimeoutSeconds"),
        ],
        value: |rules| Setting::Flag(rules.route_timeout_settable),
    },
    Item {
        name: "route_query",
        what: "how often a query through a Route has to be encoded",
        so: "Queries are encoded so that they arrive unharmed; what cannot arrive is not sent.",
        since: "2.40.11, 2.41.7: once; 2.42.4: twice; earlier patches: safe characters only",
        evidence: &[
            recorded("routes", "run, space in value"),
            recorded("routes", "run, space encoded twice"),
            recorded("routes", "run, ampersand encoded twice"),
            Evidence::Source("RouteService, before 2.40.11, 2.41.7 and 2.42.4"),
        ],
        value: |rules| {
            Setting::Way(match rules.route_query {
                RouteQuery::Once => "once",
                RouteQuery::Twice => "twice",
                RouteQuery::OnlySafeCharacters => "safe characters only",
            })
        },
    },
    Item {
        name: "route_follows_redirects",
        what: "follows a redirect of the source by itself",
        so: "A log-in page in place of an answer is told as a refused log-in at the source.",
        since: "up to 2.41",
        evidence: &[recorded("routes", "run after put without the secret")],
        value: |rules| Setting::Flag(rules.route_follows_redirects),
    },
    Item {
        name: "small_route_read_timeout_millis",
        what: "after how many ms a small read through a Route is given up and sent again",
        so: "2 to 20 of 100 calls hang until the Route's time-out on 2.43.1; reads are repeated.",
        since: "2.43",
        evidence: &[Evidence::Measured(
            "2.43.1: 2 to 20 of 100 calls ended as an empty 504; 2.41.9: none of 180, 2.42.5.2: \
             none of 300",
        )],
        value: |rules| {
            rules
                .small_route_read_timeout_millis
                .map_or(Setting::None, |millis| Setting::Number(millis.into()))
        },
    },
    Item {
        name: "refused_read_is_empty",
        what: "answers a read of other people's org units with 200 and an empty body",
        so: "An answer without its first line is a failed read, never \"no values\".",
        since: "up to 2.42; 409 E2012 from 2.43",
        evidence: &[recorded("export", "clerk, other region")],
        value: |rules| Setting::Flag(rules.refused_read_is_empty),
    },
    Item {
        name: "refused_csv_is_a_page",
        what: "answers a refused read with the web server's page and 500, where CSV was asked for",
        so: "What a 500 refuses is asked once more as JSON, which says why.",
        since: "up to 2.43",
        evidence: &[
            Evidence::Measured(
                "2.42.5.2 (unknown data set, unknown org unit) and 2.43.1 (other facility), run \
                 from their sources",
            ),
            Evidence::Source("WebMvcConfig, content by the ending of the path; 2.40 to 2.43"),
        ],
        value: |rules| Setting::Flag(rules.refused_csv_is_a_page),
    },
    Item {
        name: "store_key_ending_is_cut",
        what: "cuts off what follows the last dot of a key in the dataStore",
        so: "No key has a dot.",
        since: "up to 2.43",
        evidence: &[
            Evidence::Measured("2.42.5.2 and 2.43.1, run from their sources: a.b is created as a"),
            Evidence::Source("setUseSuffixPatternMatch, 2.40 to 2.43; gone in 2.44"),
        ],
        value: |rules| Setting::Flag(rules.store_key_ending_is_cut),
    },
    Item {
        name: "unknown_ids_read_as_nothing",
        what: "answers a read of an unknown data set or org unit as if there were no values",
        so: "Ids come from the metadata that was just read, and what is gone is told.",
        since: "2.43; 409 before",
        evidence: &[
            recorded("export", "unknown data set"),
            recorded("export", "unknown org unit"),
        ],
        value: |rules| Setting::Flag(rules.unknown_ids_read_as_nothing),
    },
    Item {
        name: "json_hoists_common_members",
        what: "writes what all values of a JSON export share once at its top",
        so: "The reader takes both shapes.",
        since: "2.43",
        evidence: &[recorded("import-good", "read one cell group")],
        value: |rules| Setting::Flag(rules.json_hoists_common_members),
    },
    Item {
        name: "max_values_per_write",
        what: "values in one import request at most",
        so: "The size of a request is what the version is quickest with.",
        since: "2.43: fewer",
        evidence: &[Evidence::Measured(
            "2.43.1: 900 values a second in requests of 1 000, 251 in requests of 10 000; \
             2.42.5.2: 480 in requests of 500, 1 800 in requests of 10 000",
        )],
        value: |rules| Setting::Number(rules.max_values_per_write as u64),
    },
    Item {
        name: "data_set_required_in_body",
        what: "refuses values of elements that stand in several data sets, set not named",
        so: "Each request holds the values of one data set and names it.",
        since: "2.43",
        evidence: &[recorded(
            "import-bad-requests",
            "element of two sets, set not named",
        )],
        value: |rules| Setting::Flag(rules.data_set_required_in_body),
    },
    Item {
        name: "input_period_closing_day_open",
        what: "still takes values on the closing day of an input period",
        so: "A period is closed to an import on the day on which data entry closes it.",
        since: "up to 2.42",
        evidence: &[Evidence::Source(
            "DataInputPeriod.isDateWithinOpenCloseDates; DefaultDataEntryService from 2.43",
        )],
        value: |rules| Setting::Flag(rules.input_period_closing_day_open),
    },
    Item {
        name: "part_of_period_is_enough",
        what: "takes a period in which an org unit was open, or a project ran, for some days only",
        so: "Where the version asks for more, the values are blocked with the reason.",
        since: "up to 2.42; from 2.43 the org unit has to be open on the first day, the project \
                all the time",
        evidence: &[
            recorded("import-bad-values", "period before opening"),
            recorded("zz-import-rules", "dated option, before, clerk"),
            Evidence::Source(
                "DataValidator.validateOrganisationUnitPeriod; DefaultDataEntryService from 2.43",
            ),
        ],
        value: |rules| Setting::Flag(rules.part_of_period_is_enough),
    },
    Item {
        name: "superusers_need_org_units",
        what: "lets superusers, too, write only for their own org units",
        so: "Org units outside one's own are blocked with the reason.",
        since: "up to 2.42",
        evidence: &[Evidence::Source(
            "DataValueSetImportValidator.validateDataValueOrgUnitInUserHierarchy",
        )],
        value: |rules| Setting::Flag(rules.superusers_need_org_units),
    },
    Item {
        name: "write_access_needs_named_set",
        what: "checks the right to write a data set only where the request names the set",
        so: "The set is always named, and the right checked before sending.",
        since: "up to 2.42",
        evidence: &[recorded(
            "zz-import-rules",
            "data set without write access, not named, clerk",
        )],
        value: |rules| Setting::Flag(rules.write_access_needs_named_set),
    },
    Item {
        name: "dark_data_is_taken",
        what: "stores values that data entry shows nowhere: for facilities not assigned or \
               closed, wrong combos, periods of another type",
        so: "Such values are blocked with the reason and never sent.",
        since: "up to 2.42",
        evidence: &[
            recorded("import-bad-values", "org unit not assigned"),
            recorded("import-bad-values", "org unit closed"),
            recorded("import-bad-values", "period of another type"),
            recorded("import-bad-values", "element not in set"),
            recorded("import-bad-values", "coc of another combo"),
            recorded("import-bad-values", "aoc of another combo"),
        ],
        value: |rules| Setting::Flag(rules.dark_data_is_taken),
    },
    Item {
        name: "key_fault_refuses_whole_request",
        what: "refuses all values of a request for the key of one (facility, combo, period …)",
        so: "What is known to be bad is never sent; else the request is split until the bad \
             value is alone.",
        since: "2.43",
        evidence: &[recorded(
            "import-bad-requests",
            "five good and one unassigned",
        )],
        value: |rules| Setting::Flag(rules.key_fault_refuses_whole_request),
    },
    Item {
        name: "equal_cells_refuse_request",
        what: "refuses all values of a request in which a cell stands twice",
        so: "No cell is sent twice; values that meet in one cell are blocked.",
        since: "2.43; the first one wins before",
        evidence: &[recorded(
            "import-bad-requests",
            "two equal cells, other value",
        )],
        value: |rules| Setting::Flag(rules.equal_cells_refuse_request),
    },
    Item {
        name: "partly_refused_status",
        what: "HTTP status of an import of which some values were refused and the rest saved",
        so: "The answer decides, never the status.",
        since: "2.43: 200; 409 before",
        evidence: &[recorded(
            "import-bad-requests",
            "five good and two bad types",
        )],
        value: |rules| Setting::Number(rules.partly_refused_status.into()),
    },
    Item {
        name: "unreadable_body_is_ok",
        what: "answers 200 \"OK\" to an import that it could not read",
        so: "An answer whose counters are all 0 is a refused request.",
        since: "2.43",
        evidence: &[
            recorded("import-bad-requests", "not json"),
            recorded("import-bad-requests", "json array"),
        ],
        value: |rules| Setting::Flag(rules.unreadable_body_is_ok),
    },
    Item {
        name: "bad_period_is_server_error",
        what: "fails with a 500 on a period that is none",
        so: "Periods are checked before sending.",
        since: "2.43",
        evidence: &[recorded("import-bad-values", "period is no period")],
        value: |rules| Setting::Flag(rules.bad_period_is_server_error),
    },
    Item {
        name: "imported_always_zero",
        what: "counts new values as updated",
        so: "New and changed are told by what was read before, not by the counters.",
        since: "2.43",
        evidence: &[recorded("import-good", "three new")],
        value: |rules| Setting::Flag(rules.imported_always_zero),
    },
    Item {
        name: "equal_values_count_as_updated",
        what: "counts a value as updated that it has already (2.43 writes it again, with a new \
               date and author)",
        so: "Equal values are not sent.",
        since: "2.43, and 2.40.0 to 2.40.2; ignored by the others",
        evidence: &[
            recorded("import-good", "the same three again"),
            Evidence::Source("DefaultDataValueSetService, before 2.40.3"),
        ],
        value: |rules| Setting::Flag(rules.equal_values_count_as_updated),
    },
    Item {
        name: "zeros_vanish",
        what: "drops a 0 of an element that keeps no zeros, and counts it nowhere",
        so: "What is not counted is read back; such zeros are shown before sending.",
        since: "up to 2.42",
        evidence: &[recorded("import-bad-values", "zero not significant")],
        value: |rules| Setting::Flag(rules.zeros_vanish),
    },
    Item {
        name: "whole_numbers_take_decimals",
        what: "takes 12.0 for a whole number and stores 12",
        so: "Whole numbers are sent without decimals.",
        since: "2.43",
        evidence: &[recorded("import-bad-values", "integer 12.0")],
        value: |rules| Setting::Flag(rules.whole_numbers_take_decimals),
    },
    Item {
        name: "booleans_take_words",
        what: "takes yes for a yes/no value",
        so: "Yes and no are sent as true and false.",
        since: "2.43",
        evidence: &[recorded("import-bad-values", "boolean yes")],
        value: |rules| Setting::Flag(rules.booleans_take_words),
    },
    Item {
        name: "input_periods_inverted",
        what: "refuses values for an open input period and takes them for a closed one",
        so: "Input periods are checked before sending; what the server then refuses is told.",
        since: "2.43.0 and 2.43.1 only",
        evidence: &[
            recorded("zz-import-rules", "input period open, clerk"),
            recorded("zz-import-rules", "input period closed, clerk"),
            Evidence::Source("DHIS2-21981, mended on the branch of 2.43 after 2.43.1"),
        ],
        value: |rules| Setting::Flag(rules.input_periods_inverted),
    },
    Item {
        name: "dry_run_registers_completeness",
        what: "registers completeness for good on a dry run that holds a completeDate",
        so: "completeDate is never sent.",
        since: "up to 2.42",
        evidence: &[
            recorded("import-options", "dry run with completeDate"),
            recorded("import-options", "completeness after the dry run"),
        ],
        value: |rules| Setting::Flag(rules.dry_run_registers_completeness),
    },
    Item {
        name: "app_install_status",
        what: "HTTP status of an app's installation",
        so: "Both are a success.",
        since: "2.42: 201; 204 before",
        evidence: &[recorded("app-hosting", "install")],
        value: |rules| Setting::Number(rules.app_install_status.into()),
    },
];
