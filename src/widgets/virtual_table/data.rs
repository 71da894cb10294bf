//! What a table of any length shows: its columns, and rows that are asked for in parts.

use crate::widgets::tag::TagKind;
use leptos::prelude::*;
use std::future::Future;
use std::ops::Range;
use std::pin::Pin;
use std::sync::Arc;

/// A column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Column {
    /// Its head.
    pub title: String,
    /// Its width in the style sheet's terms (`20%`, `120px`); empty shares what is left.
    pub width: String,
    /// It holds numbers, which stand at the line's end.
    pub is_number: bool,
    /// Its head can be pressed to sort by it.
    pub is_sortable: bool,
}

/// The column that rows are sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sorted {
    /// Its place, from 0.
    pub column: usize,
    /// The greatest first.
    pub descending: bool,
}

impl Column {
    /// A column of text.
    pub fn text(title: impl Into<String>, width: &str) -> Self {
        Self {
            title: title.into(),
            width: width.to_owned(),
            is_number: false,
            is_sortable: false,
        }
    }

    /// A column of numbers.
    pub fn number(title: impl Into<String>, width: &str) -> Self {
        Self {
            is_number: true,
            ..Self::text(title, width)
        }
    }

    /// The same, to be sorted by.
    #[must_use]
    pub fn sortable(self) -> Self {
        Self {
            is_sortable: true,
            ..self
        }
    }
}

/// What stands where a row and a column meet.
#[derive(Clone)]
pub enum Cell {
    /// Words or a number, already as the language writes them.
    Text(String),
    /// The same with something less important behind it.
    Pair(String, String),
    /// A state.
    Tag(TagKind, String),
    /// Anything else: buttons, inputs.
    View(ViewFn),
}

/// A row: one cell per column; the first one names the row.
#[derive(Clone)]
pub struct Row {
    /// The cells.
    pub cells: Vec<Cell>,
}

/// Rows that were asked for.
#[derive(Clone, Default)]
pub struct Rows {
    /// How many there are in all.
    pub total: usize,
    /// Those of the range, or fewer at the end.
    pub rows: Vec<Row>,
}

type Answer = Pin<Box<dyn Future<Output = Option<Rows>>>>;

/// Where rows come from.
#[derive(Clone)]
pub struct RowSource(pub(super) Arc<dyn Fn(Range<usize>) -> Answer + Send + Sync>);

impl RowSource {
    /// A source that is asked for a range of rows; `None` when they cannot be had (the source
    /// itself tells the person why).
    pub fn new<F>(ask: impl Fn(Range<usize>) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Option<Rows>> + 'static,
    {
        Self(Arc::new(move |range| Box::pin(ask(range))))
    }

    /// A source of rows that are all there.
    pub fn of(rows: Vec<Row>) -> Self {
        let rows = Arc::new(rows);
        Self::new(move |range| {
            let total = rows.len();
            let part = rows
                .get(range.start.min(total)..range.end.min(total))
                .unwrap_or_default()
                .to_vec();
            async move { Some(Rows { total, rows: part }) }
        })
    }
}
