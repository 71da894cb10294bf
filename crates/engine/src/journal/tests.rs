//! What runs leave behind, and what follows from it for the next plan.

use super::*;

fn at(millis: i64) -> Moment {
    Moment::from_millis(millis)
}

/// Read in one part.
fn looked(latest: i64, left: Option<i64>, whole: bool, written: &[i64]) -> Looked {
    let latest = if latest == 0 {
        Moment::UNKNOWN
    } else {
        at(latest)
    };
    Looked {
        latest,
        latest_in_all: latest,
        planned: Moment::UNKNOWN,
        left: left.map(at),
        whole,
        written: written.iter().copied().map(at).collect(),
        by: "clerk".into(),
    }
}

fn describe(mark: Option<&Mark>) -> String {
    mark.map_or_else(
        || String::from("nothing"),
        |mark| {
            let millis = |moment: Moment| moment.millis().unwrap_or_default();
            let own = mark
                .own
                .iter()
                .map(|own| format!(" {}-{}", millis(own.from), millis(own.to)));
            format!("{}{}", millis(mark.until), own.collect::<String>())
        },
    )
}

#[test]
fn what_a_run_leaves_behind() {
    let mark = Mark {
        until: at(1_000),
        own: vec![],
    };
    let check = |earlier: Option<&Mark>, looked: &Looked, expected: &str| {
        let after = Mark::after(earlier, looked);
        assert_eq!(describe(after.as_ref()), expected, "{looked:?}");
    };
    check(None, &looked(0, None, true, &[]), "nothing");
    // An empty destination: all that comes after the plan and was not written is somebody's,
    // be it between the plan and the first write, or where nothing was written at all.
    check(None, &looked(0, None, true, &[500, 400]), "399 400-500");
    let planned = |millis: i64, written: &[i64]| Looked {
        planned: at(millis),
        ..looked(0, None, true, written)
    };
    check(None, &planned(200, &[500, 400]), "200 400-500");
    check(None, &planned(450, &[500, 400]), "399 400-500");
    check(None, &planned(200, &[]), "200");
    check(None, &looked(300, None, true, &[400]), "300 400-400");
    // What was stored while the plan was read was not seen by all of it.
    let in_parts = |latest: i64, in_all: i64, planned: i64, left: Option<i64>| Looked {
        planned: at(planned),
        latest_in_all: at(in_all),
        ..looked(latest, left, true, &[])
    };
    check(None, &in_parts(300, 300, 250, None), "300");
    // A part that could not be read may hold later ones that were there, too.
    check(None, &in_parts(300, 300, 350, None), "350");
    check(None, &in_parts(300, 100, 250, None), "250");
    check(None, &in_parts(300, 270, 250, None), "270");
    check(Some(&mark), &in_parts(1_500, 900, 1_200, None), "1200");
    check(Some(&mark), &in_parts(1_500, 900, 1_600, None), "1500");
    check(Some(&mark), &in_parts(1_500, 900, 800, None), "1000");
    check(
        Some(&mark),
        &in_parts(1_500, 900, 1_400, Some(1_200)),
        "1199",
    );
    check(
        Some(&mark),
        &in_parts(1_500, 900, 1_100, Some(1_200)),
        "1100",
    );
    // Two goes, an hour between them.
    check(
        None,
        &looked(300, None, true, &[3_600_500, 400]),
        "300 400-400 3600500-3600500",
    );
    check(Some(&mark), &looked(1_500, None, true, &[]), "1500");
    check(Some(&mark), &looked(800, None, true, &[]), "1000");
    // What is left as edited stays edited; so does what another district edited.
    check(Some(&mark), &looked(1_500, Some(1_200), true, &[]), "1199");
    check(
        Some(&mark),
        &looked(1_500, None, false, &[1_600]),
        "1000 1600-1600",
    );
    // The same once more, after an interruption.
    let own = Mark::after(Some(&mark), &looked(1_500, None, false, &[1_600]));
    check(
        own.as_ref(),
        &looked(1_500, None, false, &[1_600]),
        "1000 1600-1600",
    );
    check(own.as_ref(), &looked(1_700, None, true, &[]), "1700");
}

#[test]
fn what_a_run_leaves_behind_that_was_cut_off() {
    let by = |from: i64, to: i64| Writes {
        from: at(from),
        to: at(to),
        by: "clerk".into(),
    };
    let mark = Mark {
        until: at(1_000),
        own: vec![by(1_200, 1_300)],
    };
    let check = |earlier: Option<&Mark>, planned: Moment, writes: &[Writes], expected: &str| {
        let with = Mark::with_writes(earlier, planned, writes.to_vec());
        assert_eq!(describe(with.as_ref()), expected, "{writes:?}");
    };
    let unknown = Moment::UNKNOWN;
    check(None, unknown, &[], "nothing");
    check(None, at(500), &[], "nothing");
    check(None, unknown, &[by(800, 900)], "799 800-900");
    // What was stored between the plan and the first write was in no plan.
    check(None, at(500), &[by(800, 900)], "500 800-900");
    check(None, at(850), &[by(800, 900)], "799 800-900");
    // An earlier mark stays where it is: nobody knows what the run looked at.
    check(Some(&mark), at(2_000), &[], "1000 1200-1300");
    check(
        Some(&mark),
        at(2_000),
        &[by(2_100, 2_200), by(700, 900), by(1_200, 1_300)],
        "1000 1200-1300 2100-2200",
    );
}

/// Seen until 1000, and a clerk's own writes after it.
fn seen_then_written() -> Mark {
    Mark {
        until: at(1_000),
        own: vec![Writes {
            from: at(2_000),
            to: at(2_100),
            by: "clerk".into(),
        }],
    }
}

#[test]
fn who_edited_what() {
    let mut symbols = Symbols::new();
    let mark = seen_then_written();
    let seen = Seen::new(&mark, &mut symbols);
    let mut check = |moment: Moment, by: &str, expected: bool| {
        let by = symbols.intern(by);
        assert_eq!(seen.is_edited(moment, by), expected, "{moment:?}");
    };
    check(at(999), "amy", false);
    check(at(1_000), "amy", false);
    check(at(1_001), "amy", true);
    check(at(1_001), "clerk", true);
    check(at(2_000), "clerk", false);
    check(at(2_100), "clerk", false);
    check(at(2_101), "clerk", true);
    check(at(2_050), "amy", true);
    check(Moment::UNKNOWN, "amy", false);
}

#[test]
fn what_a_run_brought() {
    let mut symbols = Symbols::new();
    let mark = seen_then_written();
    let [here, elsewhere] = ["ouFacA10001", "ouFacB10001"].map(|unit| symbols.intern(unit));
    let everywhere = Seen::new(&mark, &mut symbols);
    let seen = everywhere.clone().within([here].into_iter().collect());
    let mut check = |seen: &Seen, unit: Symbol, moment: Moment, by: &str, expected: bool| {
        let by = symbols.intern(by);
        assert_eq!(seen.is_brought(unit, moment, by), expected, "{moment:?}");
    };
    check(&everywhere, elsewhere, at(1_000), "amy", true);
    check(&seen, here, at(1_000), "amy", true);
    check(&seen, elsewhere, at(1_000), "amy", false);
    check(&seen, here, at(1_001), "amy", false);
    check(&seen, elsewhere, at(2_050), "clerk", true);
    check(&seen, elsewhere, at(2_050), "amy", false);
    check(&seen, here, Moment::UNKNOWN, "clerk", false);
}

#[test]
fn old_writes_make_room() {
    let mark = Mark {
        until: at(0),
        own: vec![],
    };
    let hours: Vec<i64> = (1..=300).map(|hour| hour * 3_600_000).collect();
    let after = Mark::after(Some(&mark), &looked(1, None, false, &hours)).unwrap();
    assert_eq!(after.own.len(), WRITES_KEPT);
    assert_eq!(after.own[0].from, at(101 * 3_600_000));
}
