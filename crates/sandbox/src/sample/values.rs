//! Data values, a million of them in little memory: what repeats (uids, periods,
//! figures) is kept once and the rows only point to it, 24 bytes each.

use std::collections::HashMap;
use std::sync::Arc;

/// One data value as DHIS2's import takes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SampleValue<'a> {
    /// Uid of the data element.
    pub data_element: &'a str,
    /// Period in DHIS2's form, such as `202601`.
    pub period: &'a str,
    /// Uid of the org unit.
    pub org_unit: &'a str,
    /// Uid of the category option combo.
    pub category_option_combo: &'a str,
    /// Uid of the attribute option combo.
    pub attribute_option_combo: &'a str,
    /// The value as text.
    pub value: &'a str,
}

/// A value before it is written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Figure {
    /// A whole number.
    Whole(u32),
    /// A number of tenths, written with a decimal point when it needs one.
    Tenths(u32),
    /// Anything else.
    Text(Arc<str>),
}

impl Figure {
    /// The value as DHIS2 keeps it.
    pub fn text(&self) -> String {
        match self {
            Self::Whole(number) => number.to_string(),
            Self::Tenths(tenths) if tenths % 10 == 0 => (tenths / 10).to_string(),
            Self::Tenths(tenths) => format!("{}.{}", tenths / 10, tenths % 10),
            Self::Text(text) => text.to_string(),
        }
    }
}

/// A text of [`SampleValues`], by its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TextIndex(u32);

#[derive(Clone, Copy)]
struct Row {
    data_element: TextIndex,
    period: TextIndex,
    org_unit: TextIndex,
    category_option_combo: TextIndex,
    attribute_option_combo: TextIndex,
    value: TextIndex,
}

/// The cell that a value is written into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SampleCell {
    /// The data element's uid.
    pub data_element: TextIndex,
    /// The period.
    pub period: TextIndex,
    /// The org unit's uid.
    pub org_unit: TextIndex,
    /// The category option combo's uid.
    pub category_option_combo: TextIndex,
    /// The attribute option combo's uid.
    pub attribute_option_combo: TextIndex,
}

/// All data values of one server, in the order: facility, period, data set, element.
#[derive(Default)]
pub struct SampleValues {
    texts: Vec<Arc<str>>,
    known: HashMap<Arc<str>, TextIndex>,
    whole: Vec<Option<TextIndex>>,
    rows: Vec<Row>,
}

impl SampleValues {
    /// How many values there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Each value, always in the same order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = SampleValue<'_>> {
        self.rows.iter().map(|row| SampleValue {
            data_element: self.text(row.data_element),
            period: self.text(row.period),
            org_unit: self.text(row.org_unit),
            category_option_combo: self.text(row.category_option_combo),
            attribute_option_combo: self.text(row.attribute_option_combo),
            value: self.text(row.value),
        })
    }

    /// Keeps a text, once.
    pub fn keep(&mut self, text: &str) -> TextIndex {
        if let Some(index) = self.known.get(text) {
            return *index;
        }
        let shared: Arc<str> = text.into();
        let index = TextIndex(u32::try_from(self.texts.len()).unwrap_or(u32::MAX));
        self.texts.push(shared.clone());
        self.known.insert(shared, index);
        index
    }

    /// Adds a value.
    pub fn push(&mut self, cell: SampleCell, figure: &Figure) {
        let value = self.keep_figure(figure);
        let SampleCell {
            data_element,
            period,
            org_unit,
            category_option_combo,
            attribute_option_combo,
        } = cell;
        self.rows.push(Row {
            data_element,
            period,
            org_unit,
            category_option_combo,
            attribute_option_combo,
            value,
        });
    }

    /// The same values with each uid of `map` replaced; values and periods stay.
    pub fn renamed(&self, map: &HashMap<String, String>) -> Self {
        let mut result = Self::default();
        let mut uids: Vec<Option<TextIndex>> = vec![None; self.texts.len()];
        let mut plain: Vec<Option<TextIndex>> = vec![None; self.texts.len()];
        let mut rows = Vec::with_capacity(self.rows.len());
        for row in &self.rows {
            let mut uid = |index: TextIndex| {
                let place = index.0 as usize;
                *uids[place].get_or_insert_with(|| {
                    let old = self.text(index);
                    result.keep(map.get(old).map_or(old, String::as_str))
                })
            };
            let data_element = uid(row.data_element);
            let org_unit = uid(row.org_unit);
            let category_option_combo = uid(row.category_option_combo);
            let attribute_option_combo = uid(row.attribute_option_combo);
            let mut same = |index: TextIndex| {
                *plain[index.0 as usize].get_or_insert_with(|| result.keep(self.text(index)))
            };
            let (period, value) = (same(row.period), same(row.value));
            rows.push(Row {
                data_element,
                period,
                org_unit,
                category_option_combo,
                attribute_option_combo,
                value,
            });
        }
        result.rows = rows;
        result
    }

    fn text(&self, index: TextIndex) -> &str {
        &self.texts[index.0 as usize]
    }

    /// Whole numbers are by far the most frequent: they are looked up by number.
    fn keep_figure(&mut self, figure: &Figure) -> TextIndex {
        let Figure::Whole(number) = figure else {
            return self.keep(&figure.text());
        };
        let place = *number as usize;
        if place < 100_000 {
            if place >= self.whole.len() {
                self.whole.resize(place + 1, None);
            }
            if let Some(index) = self.whole[place] {
                return index;
            }
        }
        let index = self.keep(&figure.text());
        if let Some(slot) = self.whole.get_mut(place) {
            *slot = Some(index);
        }
        index
    }
}
