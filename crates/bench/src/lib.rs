//! What the app does between the two answers of a slice and its plan, callable from a script: the
//! bytes of both CSV bodies are read into tables, compared and kept, as `tributary-exchange` does
//! it in `service/import/read.rs`. No servers, no screen. `cargo xtask bench` builds it with the
//! app's own release profile and times it in a browser (`tests/bench`).

use serde::Deserialize;
use tributary_dhis2::values::{CsvReader, Row};
use tributary_engine::catalogue::{Catalogue, UserRights};
use tributary_engine::compare::compare_slice;
use tributary_engine::mapping::{CompiledMapping, Mapping};
use tributary_engine::period::parse_date;
use tributary_engine::plan::{Kind, Plan, SlicePlan};
use tributary_engine::preflight::SliceRules;
use tributary_engine::reading::{ValueReader, ValueText};
use tributary_engine::slice::{Slice, org_units_within, slices};
use tributary_engine::symbol::{Symbol, Symbols};
use tributary_engine::values::ValueTable;
use wasm_bindgen::prelude::wasm_bindgen;

/// What is known before the first value is read; `tests/bench/data.js` makes it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Setting {
    /// What goes where, in its stored form.
    mapping: Mapping,
    /// The destination's metadata.
    catalogue: Catalogue,
    /// Uids of the org units chosen in the destination's tree.
    org_units: Vec<String>,
    /// Ids of the periods, in the order in which they are read.
    periods: Vec<String>,
    /// Org units of a slice at most.
    org_units_per_slice: usize,
    /// Today, `2026-11-22`.
    today: String,
}

/// A run up to its plan, and the plan once all slices have been read.
#[wasm_bindgen]
pub struct Comparison {
    setting: Setting,
    compiled: CompiledMapping,
    slices: Vec<Slice>,
    symbols: Symbols,
    rights: UserRights,
    source: Body,
    present: Body,
    plan: Plan,
}

#[wasm_bindgen]
impl Comparison {
    /// Begins a run from the JSON of a setting.
    ///
    /// # Errors
    /// A message, when the JSON is not a setting.
    #[wasm_bindgen(constructor)]
    pub fn new(setting: &str) -> Result<Self, String> {
        let setting: Setting = serde_json::from_str(setting).map_err(|error| error.to_string())?;
        let mut symbols = Symbols::new();
        let compiled = CompiledMapping::new(&setting.mapping, &mut symbols);
        let periods: Vec<Symbol> = setting
            .periods
            .iter()
            .map(|period| symbols.intern(period))
            .collect();
        let chosen = org_units_within(&setting.catalogue, &setting.org_units, &mut symbols);
        let slices = slices(&compiled, &periods, &chosen, setting.org_units_per_slice);
        Ok(Self {
            setting,
            compiled,
            slices,
            symbols,
            // A superuser: the bench is about values, not about rights.
            rights: UserRights {
                superuser: true,
                ..UserRights::default()
            },
            source: Body::default(),
            present: Body::default(),
            plan: Plan::new(),
        })
    }

    /// How many slices there are to read: for each period the org units by their uids, cut into
    /// pieces. The bodies come in the same order.
    pub fn slices(&self) -> usize {
        self.slices.len()
    }

    /// Reads the next piece of the source's body of the slice that comes next.
    pub fn push_source(&mut self, piece: &[u8]) {
        self.source.push(&mut self.symbols, piece);
    }

    /// Reads the next piece of the destination's.
    pub fn push_present(&mut self, piece: &[u8]) {
        self.present.push(&mut self.symbols, piece);
    }

    /// Both bodies of a slice are over: compares them and adds to the plan.
    ///
    /// # Errors
    /// A message, when a body is not the CSV of data values or the slice does not add up.
    pub fn finish_slice(&mut self, index: usize) -> Result<(), String> {
        let sides = self.finish()?;
        let planned = self.compare(index, &sides)?;
        self.keep(planned)
    }

    /// What became of all source values, as JSON: `{"pulled": 200000, "new": 10000, …}`.
    ///
    /// # Errors
    /// A message, when the counts do not add up.
    pub fn counts(&self) -> Result<String, String> {
        let counts = self.plan.counts();
        counts.check().map_err(|error| error.to_string())?;
        let mut all = serde_json::Map::new();
        all.insert("pulled".to_owned(), counts.pulled.into());
        for kind in Kind::ALL {
            all.insert(kind.code().to_owned(), counts.of(kind).into());
        }
        Ok(serde_json::Value::Object(all).to_string())
    }
}

/// The steps of [`Comparison::finish_slice`], one by one.
impl Comparison {
    /// The values of both sides of a slice, as in the app complete before any of them counts.
    ///
    /// # Errors
    /// A message, when a body is not the CSV of data values.
    pub fn finish(&mut self) -> Result<Sides, String> {
        Ok(Sides {
            source: std::mem::take(&mut self.source).finish(&mut self.symbols)?,
            present: std::mem::take(&mut self.present).finish(&mut self.symbols)?,
        })
    }

    /// Compares the values of both sides of a slice.
    ///
    /// # Errors
    /// A message, when there is no such slice.
    pub fn compare(&mut self, index: usize, sides: &Sides) -> Result<SlicePlan, String> {
        let slice = self.slices.get(index).ok_or("no such slice")?;
        let today = parse_date(&self.setting.today).ok_or("today is no date")?;
        let rules = SliceRules::new(
            &self.setting.catalogue,
            &self.rights,
            today,
            slice,
            &mut self.symbols,
        );
        Ok(compare_slice(
            slice,
            &self.compiled,
            &rules,
            &self.symbols,
            &sides.source,
            &sides.present,
            None,
        ))
    }

    /// Adds the plan of a slice to that of the run.
    ///
    /// # Errors
    /// A message, when the slice does not add up.
    pub fn keep(&mut self, planned: SlicePlan) -> Result<(), String> {
        self.plan.push(planned).map_err(|error| error.to_string())
    }

    /// Bytes that the plan takes.
    pub fn plan_bytes(&self) -> usize {
        self.plan.heap_bytes()
    }
}

/// The values of both sides of a slice.
pub struct Sides {
    source: ValueTable,
    present: ValueTable,
}

/// A body that comes in pieces, and the values read of it so far.
#[derive(Default)]
struct Body {
    csv: CsvReader,
    values: ValueReader,
}

impl Body {
    fn push(&mut self, symbols: &mut Symbols, piece: &[u8]) {
        let mut add = |row: Row<'_>| add(&mut self.values, symbols, &row);
        self.csv.push(piece, &mut add);
    }

    fn finish(mut self, symbols: &mut Symbols) -> Result<ValueTable, String> {
        let mut add = |row: Row<'_>| add(&mut self.values, symbols, &row);
        let read = self.csv.finish(&mut add);
        read.map_err(|fault| fault.to_string())?;
        Ok(self.values.into_table())
    }
}

fn add(values: &mut ValueReader, symbols: &mut Symbols, row: &Row<'_>) {
    if row.deleted {
        return;
    }
    let value = ValueText {
        data_element: row.data_element,
        category_option_combo: row.category_option_combo,
        attribute_option_combo: row.attribute_option_combo,
        org_unit: row.org_unit,
        period: row.period,
        value: row.value,
        stored_by: row.stored_by,
        last_updated: row.last_updated,
        has_comment: !row.comment.is_empty(),
    };
    values.add(symbols, &value);
}
