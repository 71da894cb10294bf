//! What Tributary keeps in the dataStore namespace `tributary`: one key per object,
//! each value with `schema` (the form's version) and `revision` (raised by each save,
//! compared before each save: DHIS2 has no locking of its own). The forms here are
//! twins of what the rest of the code works with, so that a change of the code can not
//! change what is stored by accident; a snapshot test pins each.

pub mod connection;
pub mod exchange;
pub mod mapping;
pub mod run;
pub mod running;

/// The namespace that the manifest reserves.
pub const NAMESPACE: &str = "tributary";

/// The version of the stored forms that this build writes. A higher one in the store
/// comes from a newer build and is not touched.
pub const SCHEMA: u32 = 1;

// No key has a dot in it: up to 2.43 DHIS2 takes what follows the last dot of an address for the
// ending of a file and cuts it off, so that `connection.one` and `connection.two` would be the
// same entry, `connection` (seen on a real 2.42.5.2; the sandbox does it, too). Uids have no `-`.

/// Key of a connection.
pub fn connection_key(id: &str) -> String {
    format!("connection-{id}")
}

/// Key of an exchange.
pub fn exchange_key(id: &str) -> String {
    format!("exchange-{id}")
}

/// Key of what runs of an exchange saw of a data set of the destination.
pub fn run_key(exchange: &str, data_set: &str) -> String {
    format!("run-{exchange}-{data_set}")
}

/// Key of a run under way with an exchange; with an empty `id` what the keys of all of them
/// begin with. No `run-` before it, which the journals are listed by.
pub fn running_key(exchange: &str, id: &str) -> String {
    format!("running-{exchange}-{id}")
}

/// Key of one part of a connection's mapping. Parts with many entries continue in
/// numbered keys: `mapping-<id>-orgUnits`, `mapping-<id>-orgUnits-2` …
pub fn mapping_key(id: &str, part: &str, page: usize) -> String {
    if page == 0 {
        format!("mapping-{id}-{part}")
    } else {
        format!("mapping-{id}-{part}-{}", page + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_has_a_dot_which_dhis2_would_cut_off() {
        let keys = [
            connection_key("abcdefghijk"),
            exchange_key("abcdefghijk"),
            run_key("abcdefghijk", "bcdefghijkl"),
            running_key("abcdefghijk", "bcdefghijkl"),
            mapping_key("abcdefghijk", "orgUnits", 0),
            mapping_key("abcdefghijk", "orgUnits", 7),
        ];
        for key in keys {
            assert!(!key.contains('.'), "{key}");
        }
    }
}
