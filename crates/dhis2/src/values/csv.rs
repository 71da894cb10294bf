//! Reading the CSV that `dataValueSets.csv` gives.
//!
//! Columns are found by the names in the first line, never by their place. A body without
//! that line is a failure, never "no values": a refused read is an empty 200 on 2.40–2.42,
//! while a read that finds nothing gives the header line alone ("csv, nothing there" of
//! `export`). A body that is cut off between two lines cannot be told from a whole one here:
//! the gzip form that is asked for can, by its end.
//!
//! Lines without quotes that lie whole in a piece are split where they are ([`super::lines`]);
//! the others go through csv-core, which copies them.

use super::Row;
use super::lines::{Fields, Line, Lines};
use csv_core::{ReadRecordResult, Reader};

/// Why a body is no list of values.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CsvFault {
    /// Nothing at all.
    #[error("the answer is empty")]
    Empty,
    /// The first line lacks a column that is needed: the body is something else.
    #[error("the first line has no column {0:?}")]
    MissingColumn(&'static str),
    /// Not UTF-8.
    #[error("record {0} is not UTF-8")]
    NotUtf8(usize),
    /// A record with fewer fields than the first line, or the body ends within a record:
    /// the answer was cut off.
    #[error("record {0} is cut off")]
    CutOff(usize),
}

/// What some programs put before UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The columns that a row is made of, in the order of their places in the array.
const COLUMNS: [(&str, bool); 10] = [
    ("dataelement", true),
    ("period", true),
    ("orgunit", true),
    ("categoryoptioncombo", true),
    ("attributeoptioncombo", true),
    ("value", true),
    ("comment", false),
    ("storedby", false),
    ("lastupdated", false),
    ("deleted", false),
];

/// Reads a whole body and hands each value to `each`; gives back how many there were.
///
/// # Errors
/// [`CsvFault`]. Rows before the fault have been handed over: throw them away.
pub fn read_csv(bytes: &[u8], mut each: impl FnMut(Row<'_>)) -> Result<usize, CsvFault> {
    let mut reader = CsvReader::default();
    reader.push(bytes, &mut each);
    reader.finish(&mut each)
}

/// Reads a body that comes in pieces, wherever they were cut, and holds none of it but the
/// record that is not yet whole.
#[derive(Default)]
pub struct CsvReader {
    records: Records,
    /// Where the columns stand and how many there are; none before the first line was read.
    columns: Option<Columns>,
    rows: usize,
    /// What made the rest useless.
    fault: Option<CsvFault>,
}

#[derive(Clone, Copy)]
struct Columns {
    places: [Option<usize>; COLUMNS.len()],
    count: usize,
}

impl CsvReader {
    // What is called for each value is not a type parameter, so that the loops are compiled
    // here, for speed, and once.

    /// Takes the next piece and hands each value that is whole now to `each`. After a fault,
    /// which [`CsvReader::finish`] tells, pieces are taken and thrown away.
    pub fn push(&mut self, piece: &[u8], each: &mut dyn FnMut(Row<'_>)) {
        if self.fault.is_none()
            && let Err(fault) = self.read(piece, false, each)
        {
            self.fault = Some(fault);
        }
    }

    /// The body is over: gives back how many values there were.
    ///
    /// # Errors
    /// [`CsvFault`]. Rows before the fault have been handed over: throw them away.
    pub fn finish(mut self, each: &mut dyn FnMut(Row<'_>)) -> Result<usize, CsvFault> {
        if let Some(fault) = self.fault {
            return Err(fault);
        }
        self.read(&[], true, each)?;
        if self.columns.is_none() {
            return Err(CsvFault::Empty);
        }
        // DHIS2 ends every record with a line end; without one the last record may be cut.
        if self.records.last_byte != Some(b'\n') {
            return Err(CsvFault::CutOff(self.records.number));
        }
        Ok(self.rows)
    }

    fn read(
        &mut self,
        piece: &[u8],
        at_end: bool,
        each: &mut dyn FnMut(Row<'_>),
    ) -> Result<(), CsvFault> {
        let mut rest = self.records.begin(piece);
        if rest.is_empty() && !self.records.is_inside {
            return Ok(());
        }
        loop {
            if !self.records.is_inside {
                let whole = whole_lines(rest);
                rest = &rest[whole.len()..];
                self.read_lines(whole, each)?;
            }
            if !self.read_record(&mut rest, at_end, each)? {
                return Ok(());
            }
        }
    }

    /// Reads whole lines. The last of them may end within a quoted field.
    fn read_lines(&mut self, whole: &str, each: &mut dyn FnMut(Row<'_>)) -> Result<(), CsvFault> {
        let mut lines = Lines::new(whole.as_bytes());
        let mut fields = Fields::default();
        while let Some(line) = lines.next(&mut fields) {
            match (line, &self.columns) {
                (Line::Fields, Some(columns)) => {
                    self.records.number += 1;
                    if fields.count() != columns.count {
                        return Err(CsvFault::CutOff(self.records.number));
                    }
                    each(columns.row_of_line(whole, &fields));
                    self.rows += 1;
                }
                (Line::Fields, None) => {
                    self.records.number += 1;
                    let names = (0..fields.count()).map(|index| {
                        let name = whole.get(fields.span(index));
                        name.unwrap_or_default()
                    });
                    self.columns = Some(Columns::new(names)?);
                }
                (Line::NeedsCare(begin), _) => {
                    let mut rest = whole.as_bytes().get(begin..).unwrap_or_default();
                    if !self.read_record(&mut rest, false, each)? {
                        return Ok(());
                    }
                    lines.go_to(whole.len() - rest.len());
                }
            }
        }
        Ok(())
    }

    /// Reads on to the end of a record; false when more has to come first, and at the end.
    fn read_record(
        &mut self,
        rest: &mut &[u8],
        at_end: bool,
        each: &mut dyn FnMut(Row<'_>),
    ) -> Result<bool, CsvFault> {
        let Some(fields) = self.records.next(rest, at_end)? else {
            return Ok(false);
        };
        let Some(columns) = self.columns else {
            let names: Result<Vec<&str>, CsvFault> =
                (0..fields).map(|index| self.records.field(index)).collect();
            self.columns = Some(Columns::new(names?.into_iter())?);
            return Ok(true);
        };
        if fields != columns.count {
            return Err(CsvFault::CutOff(self.records.number));
        }
        each(self.records.row(&columns)?);
        self.rows += 1;
        Ok(true)
    }
}

/// As much of a piece as is whole lines of UTF-8.
fn whole_lines(piece: &[u8]) -> &str {
    let text = match std::str::from_utf8(piece) {
        Ok(text) => text,
        Err(fault) => {
            let valid = piece.get(..fault.valid_up_to()).unwrap_or_default();
            std::str::from_utf8(valid).unwrap_or_default()
        }
    };
    let end = text.rfind('\n').map_or(0, |last| last + 1);
    text.get(..end).unwrap_or_default()
}

impl Columns {
    /// Finds the columns in the names of the first line.
    fn new<'t>(names: impl Iterator<Item = &'t str>) -> Result<Self, CsvFault> {
        let mut places = [None; COLUMNS.len()];
        let mut count = 0;
        for name in names {
            let name = name.trim().to_ascii_lowercase();
            if let Some(column) = COLUMNS.iter().position(|(known, _)| *known == name) {
                places[column].get_or_insert(count);
            }
            count += 1;
        }
        for (place, (name, needed)) in places.iter().zip(COLUMNS) {
            if needed && place.is_none() {
                return Err(CsvFault::MissingColumn(name));
            }
        }
        Ok(Self { places, count })
    }

    /// The row of a line.
    fn row_of_line<'t>(&self, text: &'t str, fields: &Fields) -> Row<'t> {
        let span = |column: usize| match self.places[column] {
            Some(index) => fields.span(index),
            None => 0..0,
        };
        let field = |column: usize| {
            let span = span(column);
            if span.is_empty() {
                return "";
            }
            text.get(span).unwrap_or_default()
        };
        Row {
            data_element: field(0),
            period: field(1),
            org_unit: field(2),
            category_option_combo: field(3),
            attribute_option_combo: field(4),
            value: field(5),
            comment: field(6),
            stored_by: field(7),
            last_updated: field(8),
            deleted: text.as_bytes().get(span(9)) == Some(b"true"),
        }
    }
}

/// Record after record, in buffers that are used again.
#[derive(Default)]
struct Records {
    /// None before the first record that needs it, which most bodies lack.
    reader: Option<Reader>,
    /// The record that is being read, and where its fields end.
    text: Vec<u8>,
    ends: Vec<usize>,
    text_used: usize,
    ends_used: usize,
    /// The number of the record read last, from 1 for the header.
    number: usize,
    /// Bytes of a byte order mark that may have begun (at the body's very beginning).
    mark: usize,
    /// Something other than blanks has come.
    begun: bool,
    /// A record has begun, or the blanks before one, and its end has not come yet.
    is_inside: bool,
    last_byte: Option<u8>,
}

impl Records {
    /// A piece without the byte order mark and the blanks before the first line.
    fn begin<'p>(&mut self, piece: &'p [u8]) -> &'p [u8] {
        if let Some(last) = piece.last() {
            self.last_byte = Some(*last);
        }
        let mut rest = piece;
        while let (false, Some((first, after))) = (self.begun, rest.split_first()) {
            if BYTE_ORDER_MARK.get(self.mark) == Some(first) {
                self.mark += 1;
            } else if !first.is_ascii_whitespace() {
                self.begun = true;
                break;
            }
            rest = after;
        }
        rest
    }

    /// Reads on to the end of a record and gives back how many fields it has; `None` when
    /// more has to come first, and at the end.
    fn next(&mut self, rest: &mut &[u8], at_end: bool) -> Result<Option<usize>, CsvFault> {
        loop {
            if rest.is_empty() && !at_end {
                return Ok(None);
            }
            let reader = self.reader.get_or_insert_with(Reader::new);
            let (result, read, written, ended) = reader.read_record(
                rest,
                &mut self.text[self.text_used..],
                &mut self.ends[self.ends_used..],
            );
            *rest = rest.get(read..).unwrap_or_default();
            self.is_inside = true;
            self.text_used += written;
            self.ends_used += ended;
            match result {
                ReadRecordResult::OutputFull => self.text.resize(self.text.len() * 2 + 512, 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2 + 16, 0),
                // An empty input tells the reader that the body is over.
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::Record => {
                    self.number += 1;
                    self.text_used = 0;
                    self.is_inside = false;
                    return Ok(Some(std::mem::take(&mut self.ends_used)));
                }
                ReadRecordResult::End => return Ok(None),
            }
        }
    }

    fn row(&self, columns: &Columns) -> Result<Row<'_>, CsvFault> {
        let text = |column: usize| match columns.places.get(column).copied().flatten() {
            Some(index) => self.field(index),
            None => Ok(""),
        };
        Ok(Row {
            data_element: text(0)?,
            period: text(1)?,
            org_unit: text(2)?,
            category_option_combo: text(3)?,
            attribute_option_combo: text(4)?,
            value: text(5)?,
            comment: text(6)?,
            stored_by: text(7)?,
            last_updated: text(8)?,
            deleted: text(9)? == "true",
        })
    }

    fn field(&self, index: usize) -> Result<&str, CsvFault> {
        let start = match index.checked_sub(1) {
            Some(before) => self.ends.get(before).copied().unwrap_or(0),
            None => 0,
        };
        let end = self.ends.get(index).copied().unwrap_or(start);
        let bytes = self.text.get(start..end).unwrap_or_default();
        std::str::from_utf8(bytes).map_err(|_| CsvFault::NotUtf8(self.number))
    }
}
