//! Random imports: good and bad in any mix. Each value knows what is wrong with it,
//! so that the rules can be checked without asking the sandbox.

use serde_json::{Map, Value, json};

/// SplitMix64.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    pub fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())].clone()
    }

    /// True once in `n` times.
    pub fn once_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }
}

pub const DEFAULT: &str = "HllvX50cXC0";
/// Far enough ahead that nobody may enter it.
pub const FAR: &str = "202905";
pub const CLOSED: &str = "ouFacA10005";

/// Data elements of the seed: uid, value type, data sets, whether a zero is kept, and
/// the option combos that fit.
pub const ELEMENTS: [(&str, &str, &[&str], bool, &str); 9] = [
    ("deInteger01", "INTEGER", &["dsMonthly01"], false, DEFAULT),
    (
        "deIntZeroP1",
        "INTEGER_ZERO_OR_POSITIVE",
        &["dsMonthly01"],
        false,
        DEFAULT,
    ),
    ("deNumber001", "NUMBER", &["dsMonthly01"], false, DEFAULT),
    ("deBoolean01", "BOOLEAN", &["dsMonthly01"], false, DEFAULT),
    ("deText00001", "TEXT", &["dsMonthly01"], false, DEFAULT),
    ("deOptionSt1", "OPTION", &["dsMonthly01"], false, DEFAULT),
    (
        "deAgeSex001",
        "INTEGER_ZERO_OR_POSITIVE",
        &["dsMonthly01"],
        true,
        "cocAgeSex01",
    ),
    (
        "deQuarter01",
        "INTEGER_ZERO_OR_POSITIVE",
        &["dsQuarter01"],
        false,
        DEFAULT,
    ),
    (
        "deExpiry001",
        "INTEGER_ZERO_OR_POSITIVE",
        &["dsExpiry001"],
        false,
        DEFAULT,
    ),
];

/// What a value of an import is, and what is wrong with it.
#[derive(Clone, Debug, Default)]
pub struct Sent {
    pub element: String,
    pub period: String,
    pub org_unit: String,
    /// None: left out, which is the default combo.
    pub combo: Option<String>,
    pub value: Option<String>,
    /// The value does not fit its type.
    pub bad_value: bool,
    /// The value is no option of the option set.
    pub bad_option: bool,
}

impl Sent {
    pub fn json(&self) -> Value {
        let mut out = Map::new();
        let mut put = |name: &str, text: &Option<String>| {
            if let Some(text) = text {
                out.insert(name.into(), text.as_str().into());
            }
        };
        put("dataElement", &Some(self.element.clone()));
        put("period", &Some(self.period.clone()));
        put("orgUnit", &Some(self.org_unit.clone()));
        put("categoryOptionCombo", &self.combo);
        put("value", &self.value);
        Value::Object(out)
    }

    /// What tells two values of one cell.
    pub fn cell(&self) -> (String, String, String, String) {
        let combo = self.combo.clone().unwrap_or_else(|| DEFAULT.to_owned());
        (
            self.element.clone(),
            self.period.clone(),
            self.org_unit.clone(),
            combo,
        )
    }

    pub fn row(
        &self,
    ) -> Option<&'static (
        &'static str,
        &'static str,
        &'static [&'static str],
        bool,
        &'static str,
    )> {
        ELEMENTS.iter().find(|row| row.0 == self.element)
    }

    /// A zero that its data element does not keep.
    pub fn is_lost_zero(&self) -> bool {
        let numeric = |kind: &str| kind.starts_with("INTEGER") || kind == "NUMBER";
        self.row().is_some_and(|row| numeric(row.1) && !row.3)
            && self.value.as_deref().and_then(|v| v.parse::<f64>().ok()) == Some(0.0)
    }

    /// The value as it is kept.
    pub fn kept(&self) -> Option<String> {
        let value = self.value.clone()?;
        let is_boolean = self.row().is_some_and(|row| row.1 == "BOOLEAN");
        Some(match (is_boolean, value.to_ascii_lowercase().as_str()) {
            (true, "true" | "1" | "t") => "true".into(),
            (true, "false" | "0" | "f") => "false".into(),
            _ => value,
        })
    }
}

/// A whole import.
#[derive(Clone, Debug)]
pub struct Import {
    pub user: &'static str,
    pub data_set: Option<&'static str>,
    pub strategy: &'static str,
    pub dry_run: bool,
    pub values: Vec<Sent>,
}

impl Import {
    pub fn body(&self) -> Value {
        let values: Vec<Value> = self.values.iter().map(Sent::json).collect();
        match self.data_set {
            Some(set) => json!({"dataSet": set, "dataValues": values}),
            None => json!({ "dataValues": values }),
        }
    }

    pub fn target(&self) -> String {
        format!(
            "/api/dataValueSets?importStrategy={}&dryRun={}",
            self.strategy, self.dry_run
        )
    }
}

fn value(random: &mut Random, kind: &str) -> Sent {
    let (good, bad): (&[&str], &[&str]) = match kind {
        "INTEGER" => (&["5", "-3", "0", "77"], &["x", "1.5", "007", " 5 ", "1e3"]),
        "INTEGER_ZERO_OR_POSITIVE" => (&["0", "4", "12"], &["-1", "abc", "2.5"]),
        "NUMBER" => (&["1.5", "0", "3", "-2.25"], &["1,5", "ten", "1e3"]),
        "BOOLEAN" => (&["true", "false", "TRUE", "1"], &["maybe", "2"]),
        "OPTION" => (&["RED", "GREEN"], &["red", "Blue"]),
        _ => (&["a word", "O'Neill, \"x\"", "é\u{1F600}"], &[]),
    };
    let is_bad = !bad.is_empty() && random.once_in(6);
    let text = if is_bad {
        random.pick(bad)
    } else {
        random.pick(good)
    };
    Sent {
        value: (!random.once_in(25)).then(|| text.to_owned()),
        bad_value: is_bad && kind != "OPTION",
        bad_option: is_bad && kind == "OPTION",
        ..Sent::default()
    }
}

/// An import with faults at this rate: one value in so many has a wrong member.
pub fn import(random: &mut Random, fault_rate: usize) -> Import {
    let mut values: Vec<Sent> = Vec::new();
    let of_one_set = random.once_in(2);
    for _ in 0..=random.below(9) {
        if !values.is_empty() && random.once_in(15) {
            let again = random.pick(&values);
            values.push(again);
            continue;
        }
        let row = if of_one_set {
            random.pick(&ELEMENTS[..7])
        } else {
            random.pick(&ELEMENTS)
        };
        let mut sent = value(random, row.1);
        sent.element = row.0.to_owned();
        let own = if row.0 == "deQuarter01" {
            ["2026Q1", "2025Q4"]
        } else {
            ["202601", "202509"]
        };
        sent.period = random.pick(&own).to_owned();
        sent.org_unit = random
            .pick(&["ouFacA10001", "ouFacA10002", "ouFacA20001"])
            .to_owned();
        sent.combo = (row.4 != DEFAULT || random.once_in(2)).then(|| row.4.to_owned());
        if random.once_in(fault_rate) {
            match random.below(5) {
                0 => sent.element = "deNoSuchOne".to_owned(),
                1 => sent.period = random.pick(&["2026-13", FAR, "2026W5"]).to_owned(),
                2 => {
                    let units = ["ouNoSuchOne", "ouFacB10001", "ouCountry01", CLOSED];
                    sent.org_unit = random.pick(&units).to_owned();
                }
                3 => sent.combo = Some(random.pick(&["cocNoSuchOn", "cocAgeSex02"]).to_owned()),
                _ => sent.org_unit = "ouFacB10001".to_owned(),
            }
        }
        values.push(sent);
    }
    Import {
        user: random.pick(&["admin", "clerk"]),
        data_set: random.pick(&[None, Some("dsMonthly01")]),
        strategy: random.pick(&[
            "CREATE_AND_UPDATE",
            "CREATE_AND_UPDATE",
            "CREATE_AND_UPDATE",
            "CREATE",
            "UPDATE",
            "DELETE",
        ]),
        dry_run: random.once_in(5),
        values,
    }
}
