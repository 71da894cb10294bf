//! Reading data values: the recorded bodies, both forms, and what is no body.
use crate::common::{VERSIONS, named};
use std::collections::BTreeSet;
use tributary_dhis2::values::{CsvFault, read_csv, read_json};

/// The cells of a body: the whole key and the value.
fn cells_of(
    read: impl FnOnce(&mut dyn FnMut(tributary_dhis2::values::Row<'_>)) -> usize,
) -> BTreeSet<[String; 6]> {
    let mut cells = BTreeSet::new();
    let rows = read(&mut |row| {
        let cell = [
            row.data_element,
            row.period,
            row.org_unit,
            row.category_option_combo,
            row.attribute_option_combo,
            row.value,
        ];
        cells.insert(cell.map(str::to_owned));
    });
    assert_eq!(rows, cells.len(), "a cell stands twice");
    cells
}

fn csv_cells(body: &[u8]) -> BTreeSet<[String; 6]> {
    cells_of(|each| read_csv(body, each).unwrap())
}

fn json_cells(body: &[u8]) -> BTreeSet<[String; 6]> {
    cells_of(|each| read_json(body, each).unwrap())
}

#[test]
fn csv_and_json_of_every_version_say_the_same() {
    for version in VERSIONS {
        let body = |name| named(version, "export", name).response.body;
        let csv = csv_cells(&body("csv"));
        assert_eq!(csv.len(), 9, "{version}");
        assert_eq!(csv, csv_cells(&body("csv, gzip compression")), "{version}");
        assert_eq!(
            csv,
            json_cells(&body("json, gzip compression")),
            "{version}"
        );
        let first = csv.first().unwrap();
        assert_eq!(
            (first[1].as_str(), first[2].as_str()),
            ("202601", "ouFacA10001")
        );

        let good = |name| named(version, "import-good", name).response.body;
        // Two org units, so 2.43 leaves only the period out of the values.
        let two = json_cells(&good("read two org units"));
        let units: BTreeSet<_> = two.iter().map(|cell| cell[2].as_str()).collect();
        assert_eq!(
            units,
            BTreeSet::from(["ouFacA10001", "ouFacA10002"]),
            "{version}"
        );
        let partners = json_cells(&good("read partner, all"));
        let combos: BTreeSet<_> = partners.iter().map(|cell| cell[4].as_str()).collect();
        assert_eq!(
            combos,
            BTreeSet::from(["cocPartner1", "cocPartner2"]),
            "{version}"
        );
    }
}

#[test]
fn nothing_there_is_not_nothing_answered() {
    for version in VERSIONS {
        let body = named(version, "export", "csv, nothing there").response.body;
        assert_eq!(read_csv(&body, |_| {}), Ok(0), "{version}");
        let body = named(version, "import-good", "nothing there").response.body;
        assert_eq!(read_json(&body, |_| {}).unwrap(), 0, "{version}");
    }
    assert_eq!(read_json(b"{}", |_| {}).unwrap(), 0);
    for version in &VERSIONS[..3] {
        let body = named(version, "export", "clerk, other region")
            .response
            .body;
        assert_eq!(read_csv(&body, |_| {}), Err(CsvFault::Empty), "{version}");
        assert!(read_json(&body, |_| {}).is_err(), "{version}");
    }
}

pub(crate) const HEADER: &str =
    "dataelement,period,orgunit,categoryoptioncombo,attributeoptioncombo,value";

#[test]
fn columns_are_found_by_name() {
    let body = "\u{feff}value,NEW,orgunit,period,dataelement,attributeoptioncombo,\
                categoryoptioncombo,comment\n\
                \"12, \"\"ok\"\"\",x,ou,202601,de,aoc,coc,\"two\nlines\"\n";
    let mut seen = Vec::new();
    let rows = read_csv(body.as_bytes(), |row| {
        seen.push((row.value.to_owned(), row.comment.to_owned()));
        assert_eq!(
            (row.data_element, row.period, row.org_unit),
            ("de", "202601", "ou")
        );
        assert_eq!(
            (row.category_option_combo, row.attribute_option_combo),
            ("coc", "aoc")
        );
    });
    assert_eq!(rows, Ok(1));
    assert_eq!(seen, [("12, \"ok\"".to_owned(), "two\nlines".to_owned())]);
}

#[test]
fn deleted_rows_are_told_in_both_forms() {
    let body = format!(
        "{HEADER},followup,deleted\n\
         de,202601,ou,coc,aoc,12,false,false\n\
         de,202602,ou,coc,aoc,13,true,true\n\
         de,202603,ou,coc,aoc,14,,\n"
    );
    let mut seen = Vec::new();
    let rows = read_csv(body.as_bytes(), |row| {
        seen.push((row.value.to_owned(), row.deleted));
    });
    assert_eq!(rows, Ok(3));
    let expected = [("12", false), ("13", true), ("14", false)];
    assert_eq!(
        seen,
        expected.map(|(value, deleted)| (value.to_owned(), deleted))
    );
    for version in VERSIONS {
        let name = "after delete, deleted included";
        let body = named(version, "import-options", name).response.body;
        let mut deleted = Vec::new();
        read_json(&body, |row| deleted.push(row.deleted)).unwrap();
        assert!(
            !deleted.is_empty() && deleted.iter().all(|deleted| *deleted),
            "{version}"
        );
    }
}

#[test]
fn csv_as_other_programs_write_it() {
    let row = "de,202601,ou,coc,aoc,12";
    for (body, values) in [
        // Lines that end as on Windows, and blank ones.
        (format!("{HEADER}\r\n{row}\r\n"), vec!["12"]),
        (format!("{HEADER}\n\n{row}\n\n"), vec!["12"]),
        // Everything quoted, the header too.
        (
            format!(
                "\"{}\"\n\"{}\"\n",
                HEADER.replace(',', "\",\""),
                row.replace(',', "\",\"")
            ),
            vec!["12"],
        ),
        // Names of columns in capitals, with blanks; a column twice: the first one counts.
        (
            format!(
                "{},value\n{row},99\n",
                HEADER.to_uppercase().replace(',', ", ")
            ),
            vec!["12"],
        ),
        // A value of many lines, longer than any buffer.
        (
            format!(
                "{HEADER}\n{}\"{}\"\n{row}\n",
                &row[..21],
                "x\n".repeat(4_000)
            ),
            vec!["x\n".repeat(4_000).leak(), "12"],
        ),
        // More columns than any version has.
        (
            format!("{HEADER}{}\n{row}{}\n", ",more".repeat(40), ",".repeat(40)),
            vec!["12"],
        ),
        // An empty value: a comment without one.
        (
            format!("{HEADER},comment\n{}, so\n", "de,202601,ou,coc,aoc,"),
            vec![""],
        ),
    ] {
        let mut seen = Vec::new();
        let rows = read_csv(body.as_bytes(), |row| seen.push(row.value.to_owned()));
        assert_eq!(rows, Ok(values.len()), "{body:.120}");
        assert_eq!(seen, values, "{body:.120}");
    }
}

/// Every body of data values in the recordings, whatever was asked: CSV and JSON are read to
/// the end, what is neither is refused.
#[test]
fn every_recorded_body_of_values_is_read() {
    for version in VERSIONS {
        let (mut csv, mut json) = (0, 0);
        for scenario in crate::common::scenarios(version) {
            for step in crate::common::steps(version, &scenario) {
                let path = step.request["path"].as_str().unwrap_or_default();
                let got = step.request["method"] == "GET" && step.response.status == 200;
                if !got || !path.contains("/dataValueSets") {
                    continue;
                }
                let told = format!("{version} {scenario} {:?}", step.name);
                let body = &step.response.body;
                let text = String::from_utf8_lossy(body);
                if text.starts_with("\"dataelement\"") || text.starts_with("dataelement,") {
                    read_csv(body, |row| assert!(!row.period.is_empty(), "{told}")).unwrap();
                    csv += 1;
                } else if text.starts_with('{') {
                    let rows = read_json(body, |row| assert!(!row.org_unit.is_empty(), "{told}"));
                    // ≤2.42 write null for an org unit that lacks the scheme's id.
                    let lacks_id = step.name == "export by attribute, one without";
                    assert_eq!(rows.is_err(), lacks_id, "{told}: {rows:?}");
                    json += 1;
                } else {
                    assert!(read_csv(body, |_| {}).is_err(), "{told}");
                    assert!(read_json(body, |_| {}).is_err(), "{told}");
                }
            }
        }
        assert!(csv > 3 && json > 20, "{version}: {csv} and {json}");
    }
}

#[test]
fn what_is_no_csv_of_values() {
    for (body, fault) in [
        (String::new(), CsvFault::Empty),
        (" \n".into(), CsvFault::Empty),
        (
            "<html><body>Log in</body></html>".into(),
            CsvFault::MissingColumn("dataelement"),
        ),
        (
            r#"{"httpStatus":"OK"}"#.into(),
            CsvFault::MissingColumn("dataelement"),
        ),
        (
            "dataelement,period\n".into(),
            CsvFault::MissingColumn("orgunit"),
        ),
        (HEADER.into(), CsvFault::CutOff(1)),
        (
            format!("{HEADER}\nde,202601,ou,coc,aoc,12\nde,2026"),
            CsvFault::CutOff(3),
        ),
        (
            format!("{HEADER}\nde,202601,ou,coc,aoc,1"),
            CsvFault::CutOff(2),
        ),
        (
            format!("{HEADER}\nde,202601,ou,coc,aoc,1,2\n"),
            CsvFault::CutOff(2),
        ),
        (
            format!("{HEADER}\nde,202601,ou,\"coc,aoc,12\n"),
            CsvFault::CutOff(2),
        ),
    ] {
        assert_eq!(read_csv(body.as_bytes(), |_| {}), Err(fault), "{body}");
    }
    let mut latin = format!("{HEADER}\nde,202601,ou,coc,aoc,").into_bytes();
    latin.extend(b"\xe9\n");
    assert_eq!(read_csv(&latin, |_| {}), Err(CsvFault::NotUtf8(2)));
}

#[test]
fn a_json_value_without_its_key_is_a_fault() {
    let value = r#"{"dataElement":"de","categoryOptionCombo":"c","value":"1"}"#;
    for (body, good) in [
        (format!(r#"{{"dataValues":[{value}]}}"#), false),
        (
            format!(
                r#"{{"period":"202601","orgUnit":"o","attributeOptionCombo":"a","dataValues":[{value}]}}"#
            ),
            true,
        ),
        (r#"{"dataValues":[{"value":"1"}]}"#.into(), false),
        (r#"{"dataValues":[]} x"#.into(), false),
        // A set of nothing, and documents that are none.
        (
            r#"{"dataSet":"d","period":"202601","orgUnit":"o","completeDate":null}"#.into(),
            true,
        ),
        (
            r#"{"dataSet":"d","dataElementIdScheme":"CODE"}"#.into(),
            true,
        ),
        (
            r#"{"httpStatus":"OK","httpStatusCode":200,"status":"OK"}"#.into(),
            false,
        ),
        (r#"{"dataSets":[]}"#.into(), false),
        (r#"{"dataValues":null}"#.into(), false),
        ("[]".into(), false),
    ] {
        assert_eq!(read_json(body.as_bytes(), |_| {}).is_ok(), good, "{body}");
    }
}
