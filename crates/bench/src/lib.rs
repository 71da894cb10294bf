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

/// Bytes of a piece: as many as browsers give at a time at most.
const PIECE: usize = 65_536;

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
            plan: Plan::new(),
        })
    }

    /// How many slices there are to read: for each period the org units by their uids, cut into
    /// pieces. The bodies given to [`Self::read_slice`] come in the same order.
    pub fn slices(&self) -> usize {
        self.slices.len()
    }

    /// Reads the bodies of both sides of a slice, compares them and adds to the plan.
    ///
    /// # Errors
    /// A message, when a body is not the CSV of data values or the slice does not add up.
    pub fn read_slice(
        &mut self,
        index: usize,
        source: &[u8],
        present: &[u8],
    ) -> Result<(), String> {
        let sides = self.read(source, present)?;
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

/// The steps of [`Comparison::read_slice`], one by one.
impl Comparison {
    /// Reads the bodies of both sides of a slice.
    ///
    /// # Errors
    /// A message, when a body is not the CSV of data values.
    pub fn read(&mut self, source: &[u8], present: &[u8]) -> Result<Sides, String> {
        Ok(Sides {
            source: table(source, &mut self.symbols)?,
            present: table(present, &mut self.symbols)?,
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

/// The values of a body, read in pieces as they come over a line.
fn table(body: &[u8], symbols: &mut Symbols) -> Result<ValueTable, String> {
    let mut values = ValueReader::default();
    let mut add = |row: Row<'_>| add(&mut values, symbols, &row);
    let mut reader = CsvReader::default();
    for piece in body.chunks(PIECE) {
        reader.push(piece, &mut add);
    }
    reader.finish(&mut add).map_err(|fault| fault.to_string())?;
    Ok(values.into_table())
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
