//! Idempotence over value types: whatever a server makes of a value, importing it again
//! changes nothing. Servers are modelled here on their own, from DHIS2's source.

use proptest::prelude::*;
use tributary_engine::value_type::ValueType;

/// Texts in which spellings, signs and blanks meet.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "-?[0-9]{1,4}(\\.[0-9]{1,2})?",
        "-?0*[0-9]{1,3}(\\.0){0,2}",
        "[ \t]?[a-zA-Z]{1,3}[ \n]?",
        "(true|false|TRUE|False|tRUE|yes|NO|y|n|t|F|0|1)",
        " ?20[0-9]{2}-[01][0-9]-[0-3][0-9] ?",
        " ?\\[[0-9]{1,2}, ?[0-9]{1,2}\\] ?",
        "\\PC{0,6}",
    ]
}

fn kind() -> impl Strategy<Value = ValueType> {
    use ValueType::*;
    prop::sample::select(vec![
        Text,
        LongText,
        MultiText,
        Letter,
        PhoneNumber,
        Email,
        Boolean,
        TrueOnly,
        Date,
        Datetime,
        Time,
        Number,
        UnitInterval,
        Percentage,
        Integer,
        IntegerPositive,
        IntegerNegative,
        IntegerZeroOrPositive,
        TrackerAssociate,
        Username,
        Coordinate,
        OrganisationUnit,
        Reference,
        Age,
        Url,
        Geojson,
        Unknown,
    ])
}

fn is_boolean(kind: ValueType) -> bool {
    matches!(kind, ValueType::Boolean | ValueType::TrueOnly)
}

/// What 2.40–2.42 store of a value that they take: `normalizeBoolean`, then `trimToNull`.
fn stored_until_2_42(kind: ValueType, text: &str) -> String {
    let form = match text {
        "true" | "True" | "TRUE" | "t" | "T" | "1" if is_boolean(kind) => "true",
        "false" | "False" | "FALSE" | "f" | "F" | "0" if kind == ValueType::Boolean => "false",
        other => other,
    };
    form.trim_matches(|c: char| c <= ' ').to_owned()
}

/// What 2.43 stores: `normalizeValue` of `DefaultDataEntryService`.
fn stored_since_2_43(kind: ValueType, text: &str) -> String {
    let lower = text.to_lowercase();
    match lower.as_str() {
        "f" | "n" | "0" | "no" | "false" if is_boolean(kind) => return "false".into(),
        "t" | "y" | "1" | "yes" | "true" if is_boolean(kind) => return "true".into(),
        _ => {}
    }
    let whole = matches!(
        kind,
        ValueType::Integer
            | ValueType::IntegerPositive
            | ValueType::IntegerNegative
            | ValueType::IntegerZeroOrPositive
    );
    text.strip_suffix(".0")
        .filter(|_| whole)
        .unwrap_or(text)
        .to_owned()
}

proptest! {
    /// What is sent is stored as it was sent, on all versions.
    #[test]
    fn what_is_sent_is_kept(kind in kind(), text in text(), has_options in any::<bool>()) {
        let sent = kind.stored_form(&text, has_options);
        // Options are checked as they are sent, and codes have no blanks around them.
        let blank = |text: &str| text.trim() != text;
        if kind.accepts(sent) && !sent.is_empty() && !(has_options && blank(sent)) {
            prop_assert_eq!(kind.stored_form(sent, has_options), sent, "twice is once");
            prop_assert_eq!(stored_until_2_42(kind, sent), sent);
            prop_assert_eq!(stored_since_2_43(kind, sent), sent);
        }
    }

    /// A value that somebody else sent as it was, and a server stored in its own way, is the
    /// same as the source's on each run.
    #[test]
    fn what_a_server_rewrote_is_the_same(kind in kind(), text in text()) {
        let form = kind.stored_form(&text, false);
        if kind.accepts(form) {
            for stored in [stored_until_2_42(kind, &text), stored_since_2_43(kind, &text)] {
                prop_assert_eq!(kind.stored_form(&stored, false), form, "stored {:?}", stored);
            }
        }
    }
}
