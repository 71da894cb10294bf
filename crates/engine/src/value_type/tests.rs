//! Each type with texts that it takes, refuses and rewrites.

use super::*;

/// Each type with texts that it takes and texts that it refuses.
#[test]
fn what_each_type_takes() {
    let check = |kind: ValueType, good: &[&str], bad: &[&str]| {
        for text in good {
            assert!(kind.accepts(text), "{kind:?} takes {text}");
        }
        for text in bad {
            assert!(!kind.accepts(text), "{kind:?} refuses {text}");
        }
    };
    use ValueType::*;
    let no_integers = [
        "abc",
        "12.0",
        "1.5",
        "007",
        " 5 ",
        "1e3",
        "99999999999999999999",
        "-0",
        "+1",
        "",
        "-",
        "١",
    ];
    check(Integer, &["0", "5", "-5", "2147483647"], &no_integers);
    check(IntegerPositive, &["1"], &["0", "-1", "1.0"]);
    check(IntegerNegative, &["-1"], &["0", "1", "-0"]);
    check(IntegerZeroOrPositive, &["0", "12"], &["-1", "00"]);
    check(
        Number,
        &["0", "1.5", "-0.25", "117", "3.50"],
        &[
            "1,5", "1e3", "1E3", "NaN", ".5", "5.", "01", "Infinity", " 1",
        ],
    );
    check(Percentage, &["0", "100", "33.3"], &["101", "-1", "50%"]);
    check(UnitInterval, &["0", "1", "0.5"], &["1.1", "-0.1"]);
    check(
        Boolean,
        &["true", "false"],
        &["TRUE", "yes", "1", "0", "True"],
    );
    check(TrueOnly, &["true"], &["false", "TRUE", "1"]);
    check(
        Date,
        &["2023-12-31", "2024-02-29"],
        &[
            "31/12/2023",
            "2023-02-30",
            "2023-2-3",
            "2023-12-31T00:00",
            "20231231",
        ],
    );
    check(
        Datetime,
        &[
            "2026-01-31T10:30",
            "2026-01-31T10:30:00",
            "2026-01-31T10:30Z",
            "2026-01-31T10:30:00.000Z",
            "2026-01-31T10:30:00.000+0300",
            "2026-01-31T10:30:00.000-03:00",
        ],
        &[
            "2026-01-31",
            "2026-01-31T25:00",
            "2026-01-31 10:30",
            "2026-01-31T10:30:00.1",
            "2026-01-31T10:30.000",
            "2026-01-31T10:30:00+3",
            "2026-01-31T10:30:00ZZ",
            "2026-01-31T9:30",
        ],
    );
    check(
        Time,
        &["10:30", "9:30", "00:00"],
        &[
            "24:00", "10:60", "10", "10:3", "10:30:00", "010:30", ":30", "10:",
        ],
    );
    check(Letter, &["a", "É", "ع"], &["ab", "1", "Ⅳ", "𝐀", ""]);
    check(
        Username,
        &["amy1", "a.b-c@d"],
        &["amy", ".amy", "amy_", "a..bc", "amÿy", "amy b"],
    );
    check(
        Coordinate,
        &["[-1.5,12]"],
        &["1,2", "[181,0]", "[0,91]", "[a,b]"],
    );
    check(
        OrganisationUnit,
        &["ouFacA10001"],
        &["oufac", "1uFacA10001"],
    );
    check(
        Email,
        &["a@b.org", "a.b+c@d-e.co.ug"],
        &[
            "a@b",
            "@b.org",
            "a b@c.org",
            "a..b@c.org",
            "a@-b.org",
            "a@b.o1",
            "a@b@c.org",
        ],
    );
    check(
        Url,
        &[
            "https://dhis2.org",
            "http://10.0.0.1:8080/dhis/?a=b#c",
            "ftp://a.bc/d",
        ],
        &[
            "dhis2.org",
            "https://",
            "https://localhost/",
            "https://a.org:99999",
            "https://a.org//b",
            "https://a.org/é",
            "https://a.org/b c",
            "mailto:a@b.org",
        ],
    );
    check(
        PhoneNumber,
        &["+256 700 123456", "(0)41/12.34-56 ext 7", "------"],
        &["12", "call me", "0700123456a"],
    );
    check(Geojson, &["{}", "anything"], &[]);
    check(Reference, &["anything"], &[]);
    check(Text, &["anything", " "], &["a\0b"]);
    assert!(Text.accepts(&"é".repeat(MAX_VALUE_LENGTH)));
    assert!(!Text.accepts(&"é".repeat(MAX_VALUE_LENGTH + 1)));
    assert!(!Text.accepts(&"🙂".repeat(MAX_VALUE_LENGTH / 2 + 1)));
    assert!(!Number.accepts(&"1".repeat(250)) && Number.accepts(&"1".repeat(249)));
}

#[test]
fn zero_in_all_forms() {
    for text in ["0", "0.", "0.0", "0.000"] {
        assert!(is_zero(text), "{text}");
    }
    for text in ["", "00", "0.01", "10", "-0", "false"] {
        assert!(!is_zero(text), "{text}");
    }
}

#[test]
fn names_are_those_of_the_server() {
    let read = |text: &str| serde_json::from_str::<ValueType>(text).unwrap();
    assert_eq!(
        read("\"INTEGER_ZERO_OR_POSITIVE\""),
        ValueType::IntegerZeroOrPositive
    );
    assert_eq!(read("\"DATETIME\""), ValueType::Datetime);
    assert_eq!(read("\"GEOJSON\""), ValueType::Geojson);
    assert_eq!(read("\"SOMETHING_NEW\""), ValueType::Unknown);
}

#[test]
fn what_is_rewritten() {
    let check = |kind: ValueType, text: &str, stored: &str| {
        assert_eq!(kind.stored_form(text, false), stored, "{kind:?} {text:?}");
    };
    use ValueType::*;
    for yes in ["true", "TRUE", "True", "t", "T", "1", "yes", "Y"] {
        check(Boolean, yes, "true");
        check(TrueOnly, yes, "true");
    }
    for no in ["false", "FALSE", "f", "0", "no", "N"] {
        check(Boolean, no, "false");
        check(TrueOnly, no, no);
    }
    for other in ["", " true", "maybe", "2", "yess"] {
        check(Boolean, other, other);
    }
    for kind in [
        Integer,
        IntegerPositive,
        IntegerNegative,
        IntegerZeroOrPositive,
    ] {
        check(kind, "12.0", "12");
        check(kind, "-3.0", "-3");
        for other in ["12", "12.00", "1.5", " 12.0 ", "007"] {
            check(kind, other, other);
        }
    }
    for other in ["12.0", "3.50", " 5 "] {
        check(Number, other, other);
    }
    check(Text, " a b\t\n", "a b");
    check(LongText, "\u{a0}a", "\u{a0}a");
    check(Date, " 2026-01-31", " 2026-01-31");
    assert_eq!(Text.stored_form(" RED", true), " RED");
}
